// Which entries and range tombstones of a merge come out: the tree's rule (framework/tree/
// version_rule.hpp) over numbers, for readers of the present alone. An entry goes when a newer
// range tombstone covers it; what has expired becomes a tombstone; a tombstone of either sort goes
// when nothing older may be left outside of the merge.
//
// Entries are asked for in ascending order. One thread. Some ns an entry; a merge that has nothing
// of the kind needs no rule.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "framework/simulate/key_entry.hpp"
#include "framework/simulate/key_ranges.hpp"
#include "framework/simulate/lifetimes.hpp"

namespace lsm::simulate {

/// Key ranges outside of a merge where older data may be.
class OlderData {
  public:
    struct Span {
        uint64_t first;
        uint64_t last;  // inclusive
    };
    explicit OlderData(std::vector<Span> spans);
    /// A flush's: what is older is everywhere.
    static OlderData everywhere() { return OlderData({{0, UINT64_MAX}}); }

    /// For ascending numbers.
    bool may_hold(uint64_t number) {
        while (at_ < spans_.size() && spans_[at_].last < number) ++at_;
        return at_ < spans_.size() && spans_[at_].first <= number;
    }
    bool may_touch(const KeyRange& range) const;

  private:
    std::vector<Span> spans_;  // ascending, not overlapping
    size_t at_ = 0;
};

class KeyRule {
  public:
    /// `ranges`: all range tombstones of the merge, in any order. What expires by `now` has
    /// expired. `lifetimes` outlives the rule.
    KeyRule(OlderData older, const std::vector<KeyRange>& ranges, const Lifetimes& lifetimes,
            uint64_t key_bytes, uint64_t now);

    /// Moves the entries that come out to the front; returns how many. Adds to `expired` the
    /// values that became tombstones.
    size_t keep(KeyEntry* entries, size_t count, uint64_t& expired);
    /// The range tombstones that come out.
    const KeyRanges& ranges() const { return kept_; }

    /// Tombstones that went because nothing older is left.
    struct Dropped {
        uint64_t count = 0;
        uint64_t sum = 0;  // of their sequence numbers
        Sequence oldest = UINT64_MAX;

        void add(uint32_t write) {
            count += 1;
            sum += write;
            oldest = std::min<Sequence>(oldest, write);
        }
    };
    const Dropped& dropped() const { return dropped_; }

  private:
    bool is_covered(const KeyEntry& entry) {
        while (at_ < covering_.size() && covering_[at_].end <= entry.number) ++at_;
        return at_ < covering_.size() && covering_[at_].first <= entry.number &&
               covering_[at_].write > entry.write;
    }

    OlderData older_;
    KeyRanges covering_;
    size_t at_ = 0;  // none before it covers what is to come
    KeyRanges kept_;
    const Lifetimes& lifetimes_;
    const uint64_t key_bytes_;
    const uint64_t now_;
    Dropped dropped_;
};

}  // namespace lsm::simulate
