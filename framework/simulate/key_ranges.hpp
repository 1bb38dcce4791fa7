// Range tombstones of the simulator: "all keys from this number to below that one that were written
// before this write are deleted", as framework/table/range_tombstones.hpp has them over bytes. The
// simulator has no snapshots, so of several over a key only the newest matters, and what is kept is
// ranges that do not overlap, each with one write.
//
// One thread. newest_covering is O(log ranges); making them O(n log n) where they do not overlap,
// and O(n * overlap) where they do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "framework/base/fragments.hpp"

namespace lsm::simulate {

struct KeyRange {
    uint64_t first = 0;
    uint64_t end = 0;    // exclusive; first < end
    uint32_t write = 0;  // its sequence number
};

/// Ascending, not overlapping.
using KeyRanges = std::vector<KeyRange>;

/// The newest write over the key; 0 when there is none.
inline uint32_t newest_covering(const KeyRanges& ranges, uint64_t number) {
    const auto range = std::partition_point(ranges.begin(), ranges.end(),
                                            [&](const KeyRange& one) { return one.end <= number; });
    return range != ranges.end() && range->first <= number ? range->write : 0;
}

/// Cuts what overlaps, joins neighbours under the same writes, and keeps of each piece the newest
/// write, unless `drops(piece)` takes the piece away. Neighbours that are left with the same write
/// are joined again. Pieces, order and questions are those of the tree (kept_ranges in
/// framework/tree/version_rule.hpp).
template <class Drops>
KeyRanges cut_ranges(const std::vector<KeyRange>& ranges, Drops drops) {
    KeyRanges kept;
    const auto keep = [&](const KeyRange& piece) {
        if (drops(piece)) return;
        if (!kept.empty() && kept.back().end == piece.first && kept.back().write == piece.write) {
            kept.back().end = piece.end;
        } else {
            kept.push_back(piece);
        }
    };
    std::vector<NumberedRange<uint64_t>> numbered;
    numbered.reserve(ranges.size());
    for (const KeyRange& one : ranges) numbered.push_back({one.first, one.end, one.write});
    cut_into_fragments(std::move(numbered),
                       [&](uint64_t first, uint64_t end, const std::vector<uint64_t>& writes) {
                           keep({first, end, static_cast<uint32_t>(writes.front())});
                       });
    return kept;
}

inline KeyRanges cut_ranges(const std::vector<KeyRange>& ranges) {
    return cut_ranges(ranges, [](const KeyRange&) { return false; });
}

/// A memtable's: lists of doubling sizes, so that n range tombstones are n log n work in all and a
/// lookup asks at most log n lists, as framework/tree/memtable_ranges.hpp has them.
class GrowingRanges {
  public:
    void add(const KeyRange& range) {
        std::vector<KeyRange> merged{range};
        uint64_t weight = 1;
        for (; !lists_.empty() && lists_.back().weight <= weight; lists_.pop_back()) {
            const KeyRanges& list = lists_.back().ranges;
            merged.insert(merged.end(), list.begin(), list.end());
            weight += lists_.back().weight;
        }
        lists_.push_back({cut_ranges(merged), weight});
    }
    bool empty() const { return lists_.empty(); }
    uint32_t newest_covering(uint64_t number) const {
        uint32_t newest = 0;
        for (const List& list : lists_)
            newest = std::max(newest, simulate::newest_covering(list.ranges, number));
        return newest;
    }
    KeyRanges all() const {
        std::vector<KeyRange> merged;
        for (const List& list : lists_)
            merged.insert(merged.end(), list.ranges.begin(), list.ranges.end());
        return cut_ranges(merged);
    }
    void clear() { lists_.clear(); }

  private:
    struct List {
        KeyRanges ranges;
        uint64_t weight;  // range tombstones that it was made of
    };
    std::vector<List> lists_;
};

}  // namespace lsm::simulate
