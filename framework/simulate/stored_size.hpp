// How many bytes a simulated table would take in a file: the format policy itself writes a sample
// of the table's entries, and what it takes beyond the logical bytes is scaled up to the table; the
// filter policy builds a filter of that many keys, or a smaller one that lacks whole steps of them.
//
// A table of up to 512 entries is its own sample, so its size is right to the byte; of larger ones
// 256 neighbours are, without the times of those that expire, which are known for the table.
// Where the sample ends, and the index of large tables, make it some hundredths of a percent
// wrong. Values are zeros: right for codec none only.
//
// One thread. Costs some 50 ns per entry of the sample.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "framework/policy/filter.hpp"
#include "framework/policy/format.hpp"
#include "framework/policy/tree_shape.hpp"
#include "framework/simulate/key_entry.hpp"
#include "framework/table/properties.hpp"
#include "framework/table/range_tombstones.hpp"

namespace lsm::simulate {

class StoredSize {
  public:
    struct Settings {
        std::string format_name;
        std::string filter_name;
        uint64_t block_size = 4096;
    };
    /// Neighbouring entries of a table, or all; and how numbers become keys.
    struct Sample {
        std::span<const KeyEntry> entries;
        const std::function<void(uint64_t number, std::string& key)>& name;
        uint64_t expiring = 0;        // values of the whole table that have a time
        RangeTombstones ranges = {};  // all of the table's
    };

    StoredSize(const AnyFormat& format, const AnyFilter& filter, Settings settings)
        : format_(format), filter_(filter), settings_(std::move(settings)) {}

    struct Sizes {
        uint64_t stored_bytes = 0;  // of the whole file
        uint64_t data_bytes = 0;    // of its data blocks
        uint64_t data_blocks = 0;
    };
    /// Of a table that is what `shape` says, but for its stored bytes, which are not known yet.
    Sizes of(const Sample& sample, const TableShape& shape);
    /// How many entries of a table of that many to give as its sample.
    static uint64_t sample_entries(uint64_t entries);

    /// Of a filter over that many keys; 0: none.
    uint64_t filter_bits(uint64_t keys, double bits_per_key);

  private:
    struct Weighed {
        uint64_t entries = 0;
        uint64_t logical_bytes = 0;
        uint64_t data_bytes = 0;
        uint64_t data_blocks = 0;
        uint64_t other_bytes = 0;  // index and whatever else comes at the end
    };
    Weighed weigh(const Sample& sample, bool whole);
    uint64_t small_filter_bits(uint64_t keys, double bits_per_key);
    uint64_t frame_bytes(const TableShape& shape, const Sizes& sizes,
                         const RangeTombstones& ranges) const;

    const AnyFormat& format_;
    const AnyFilter& filter_;
    const Settings settings_;
    std::string zeros_;
    std::string key_bytes_;                                    // of the sample's keys
    std::map<std::pair<double, uint64_t>, uint64_t> filters_;  // bits, by bits per key and keys
    std::vector<uint64_t> hashes_;
};

}  // namespace lsm::simulate
