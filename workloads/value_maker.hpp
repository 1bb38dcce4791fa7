// Values that can be checked: a function of the key's identifier and the number of the write, so
// that any answer of a store can be compared byte for byte without keeping what was written.
//
// A value is an 8-byte stamp (identifier and version, 4 bytes each, little-endian) and a piece of a
// buffer of random bytes, cut at a place that the two decide; a value of less than 8 bytes is cut
// off within the stamp, version first. The buffer repeats itself every 100 bytes to the extent that
// `compressibility` asks for, as db_bench's does. Filling costs one copy.
//
// Immutable once made; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/hash.hpp"
#include "workloads/draw_table.hpp"
#include "workloads/phase.hpp"

namespace lsm::workloads {

class ValueMaker {
  public:
    /// From the value options of a phase that has inherited them.
    ValueMaker(const Phase& phase, uint64_t seed);

    uint64_t size(uint64_t identifier, uint32_t version) const {
        return fixed_ ? smallest_ : drawn_size(mixed(identifier, version));
    }
    void fill(uint64_t identifier, uint32_t version, std::string& value) const {
        fill_size(identifier, version, size(identifier, version), value);
    }
    bool matches(uint64_t identifier, uint32_t version, std::string_view value) const {
        return matches_size(identifier, version, size(identifier, version), value);
    }
    /// The same for a size that somebody else decides, up to the largest of the phase.
    void fill_size(uint64_t identifier, uint32_t version, uint64_t bytes, std::string& value) const;
    bool matches_size(uint64_t identifier, uint32_t version, uint64_t bytes,
                      std::string_view value) const;
    /// The size of all values; nothing when they differ.
    std::optional<uint64_t> fixed_size() const {
        return fixed_ ? std::optional(smallest_) : std::nullopt;
    }

    /// What a value's stamp says, for messages; nothing for one of less than 8 bytes.
    struct Stamp {
        uint32_t identifier;
        uint32_t version;
    };
    static std::optional<Stamp> stamp_of(std::string_view value);

  private:
    uint64_t mixed(uint64_t identifier, uint32_t version) const {
        return mix64(((identifier << 32) | version) ^ seed_);
    }
    uint64_t drawn_size(uint64_t mixed_word) const;
    const char* piece(uint64_t mixed_word) const {
        return buffer_.data() + (mixed_word & kOffsetMask);
    }

    static constexpr uint64_t kOffsetMask = (uint64_t{1} << 20) - 1;

    uint64_t seed_;
    bool fixed_;
    uint64_t smallest_ = 0;
    uint64_t largest_ = 0;
    std::vector<uint64_t> sizes_;    // to choose from, where there is a list
    std::vector<uint64_t> weights_;  // cumulative
    std::optional<CountTable> counts_;
    std::string buffer_;
};

}  // namespace lsm::workloads
