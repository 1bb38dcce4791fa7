// Keys of a fixed size from key identifiers, and back. An identifier is the key's rank in the order
// of insertion; the codec turns it into a number, and the number into lower-case hexadecimal
// digits, so that keys sort as their numbers do and can be read:
//   hashed      number = mix(identifier), all digits that the key has room for (16 at most):
//   neighbours in insertion are
//               scattered over the key range;
//   sequential  number = 2 * identifier in 8 digits: keys ascend in the order of insertion;
//   shuffled    number = 2 * permuted(identifier) in 8 digits: the same keys, in random order
//   within each phase's share.
//   time_series the series in 4 digits and 2 * its turn in 8 more: identifiers go around the
//   series, and keys ascend within each.
// With order sequential, a phase's share may also arrive nearly in order (displaced_order.hpp).
// The key of a section begins with two digits more, its number, so that sections are ranges of
// their own; numbers here do not include it. What is left of the key is filled with '0'. Every
// identifier also has a missing twin, a key that is never inserted and lies in the same range:
// hashed from the upper half of the identifiers, else number + 1.
//
// Identifiers have 31 bits. All maps are one-to-one, so keys can be decoded; a key that no
// identifier makes decodes to nothing. Encoding costs some 10 ns. Thread-safe once the segments are
// added.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/hash.hpp"

namespace lsm::workloads {

inline constexpr uint64_t kMaxIdentifier = (uint64_t{1} << 31) - 1;

/// A one-to-one map of the numbers below `count` onto themselves, seeded.
class Permutation {
  public:
    Permutation(uint64_t count, uint64_t seed);
    uint64_t forward(uint64_t index) const;
    uint64_t backward(uint64_t index) const;

  private:
    uint64_t round(uint64_t half, int number) const {
        return mix64(half ^ seed_ ^ (static_cast<uint64_t>(number) << 56)) & half_mask_;
    }
    uint64_t once(uint64_t index) const;
    uint64_t once_back(uint64_t index) const;

    uint64_t count_;
    uint64_t seed_;
    unsigned half_bits_;
    uint64_t half_mask_;
};

class KeyCodec {
  public:
    /// `key_bytes` >= 8; `hashed`, or else sequential with the segments that are added shuffled.
    KeyCodec(uint64_t key_bytes, bool hashed, uint64_t seed);

    /// The next `count` identifiers after those of earlier segments are shuffled among themselves.
    /// Before they are used.
    void add_shuffled_segment(uint64_t first, uint64_t count);
    /// The next identifiers stand at these places of theirs instead; the map is its own inverse.
    void add_displaced_segment(uint64_t first, std::vector<uint32_t> places);
    /// Keys of so many series, of which each has at most so many keys; not hashed.
    void use_series(uint64_t series, uint64_t most_keys);
    /// Keys begin with this section's digits, section < 256.
    void use_section(uint64_t section);

    /// Bytes that keys need at least.
    uint64_t least_key_bytes() const { return section_digits_ + (hashed_ ? 8 : digits_); }
    uint64_t series() const { return series_; }
    /// The smallest number of the series' keys.
    uint64_t first_of_series(uint64_t series) const { return series << turn_bits_; }
    uint64_t section() const { return section_; }
    bool has_section() const { return section_digits_ > 0; }

    /// A number among the keys of all sections, which orders as these do: the section above 56 bits
    /// for the number. Without sections, the number itself.
    uint64_t whole(uint64_t number) const {
        return section_digits_ > 0 ? section_ << kWholeBits | number : number;
    }
    /// Whether that is one of this section's.
    bool has_whole(uint64_t whole) const {
        return section_digits_ == 0 || whole >> kWholeBits == section_;
    }
    uint64_t number_of_whole(uint64_t whole) const {
        return section_digits_ > 0 ? whole & kWholeMask : whole;
    }
    static constexpr unsigned kWholeBits = 56;
    static constexpr uint64_t kWholeMask = (uint64_t{1} << kWholeBits) - 1;

    uint64_t key_bytes() const { return key_bytes_; }
    /// No key has a larger number.
    uint64_t largest_number() const { return mask_; }

    /// The key's number: keys compare as their numbers.
    uint64_t number(uint64_t identifier) const;
    uint64_t missing_number(uint64_t identifier) const;

    /// Writes the key of a number into `key`, whose size it sets.
    void encode(uint64_t number, std::string& key) const;

    struct Decoded {
        uint64_t identifier;
        bool missing;  // the missing twin of it
    };
    std::optional<Decoded> decode(std::string_view key) const;
    Decoded decode_number(uint64_t number) const;

  private:
    struct Segment {
        uint64_t first;
        uint64_t count;
        Permutation permutation;       // where places is empty
        std::vector<uint32_t> places;  // its own inverse
        uint64_t forward(uint64_t index) const {
            return places.empty() ? permutation.forward(index) : places[index];
        }
        uint64_t backward(uint64_t index) const {
            return places.empty() ? permutation.backward(index) : places[index];
        }
    };
    void add_segment(uint64_t first, uint64_t count, std::vector<uint32_t> places);
    void use_digits(unsigned digits);
    const Segment* segment_of(uint64_t identifier) const;
    uint64_t mix(uint64_t word) const;
    uint64_t unmix(uint64_t word) const;

    uint64_t key_bytes_;
    bool hashed_;
    unsigned digits_;
    unsigned bits_;
    uint64_t mask_;
    uint64_t salt_;
    uint64_t seed_;
    unsigned section_digits_ = 0;
    uint64_t section_ = 0;
    uint64_t series_ = 0;     // 0: no series
    unsigned turn_bits_ = 0;  // of a number that count the turn
    std::vector<Segment> segments_;
};

}  // namespace lsm::workloads
