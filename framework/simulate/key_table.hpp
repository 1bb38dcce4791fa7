// A table of the simulator: its entries by key, and what a lookup in it is reckoned to cost.
#pragma once

#include <algorithm>
#include <cstdint>

#include "framework/base/hash.hpp"
#include "framework/simulate/key_entry.hpp"
#include "framework/simulate/key_ranges.hpp"

namespace lsm::simulate {

struct KeyTable {
    EntryArray entries;     // by number
    KeyRanges ranges;       // of range tombstones
    uint64_t smallest = 0;  // of both
    uint64_t largest = 0;   // inclusive
    uint64_t id = 0;
    uint64_t largest_bytes = 0;  // of one entry
    uint64_t block_entries = 1;  // in a data block
    uint64_t data_blocks = 1;
    uint64_t data_bytes = 0;  // of these, as stored
    uint64_t filter_bits = 0;
    uint64_t false_positives = 0;  // of lookups of keys that it lacks, in units of 2^-32
    uint64_t reads = 0;            // lookups that came to it, when a policy wants to know

    /// Of the first entry that is not smaller.
    size_t place_of(uint64_t number) const {
        if (entries.size() == 0) return 0;
        const KeyEntry* at = entries.begin();
        size_t count = entries.size();
        while (count > 1) {
            const size_t half = count / 2;
            at += at[half - 1].number < number ? half : 0;
            count -= half;
        }
        return static_cast<size_t>(at - entries.begin()) + (at->number < number ? 1 : 0);
    }

    uint64_t block_of(size_t place) const { return place / block_entries; }

    /// Whether the filter of this table says maybe for that key, which the table lacks: drawn once
    /// for each table and key, as of a real filter.
    bool is_false_positive(uint64_t number, uint64_t seed) const {
        const uint64_t draw = mix64(number ^ mix64(id ^ mix64(seed)));
        return (draw >> 32) < false_positives;
    }
};

}  // namespace lsm::simulate
