// Which entries and range tombstones of a merge come out: the tree's rule, never the strategy's.
//
// Entries arrive in the tree's order, so of one key the newest first. What hides a version is the
// next newer version of its key, or the oldest range tombstone over it that is newer than it,
// whichever is older. A version is needed when nothing hides it, or when some snapshot is at least
// as new as it and older than what hides it. A tombstone that is needed only by readers of the
// present may go when no older version of its key can lie outside the merge. Range tombstones go by
// the same rule, fragment by fragment. A value whose time is over is
// a tombstone.
//
// Cost: O(log snapshots) an entry, plus the question about older data for a tombstone; range
// tombstones are walked beside the entries. One thread.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/bug_museum.hpp"
#include "framework/base/entry.hpp"
#include "framework/table/range_tombstones.hpp"

namespace lsm {

/// Is there a snapshot that sees `sequence` and not what hides it? Snapshots ascend.
inline bool snapshot_between(const std::vector<Sequence>& snapshots, Sequence sequence,
                             Sequence hider) {
    const auto first = std::lower_bound(snapshots.begin(), snapshots.end(), sequence);
    return first != snapshots.end() && *first < hider;
}

/// Tombstones that went because nothing older is left: when deletes became final.
struct FinalTombstones {
    uint64_t count = 0;
    uint64_t sum = 0;  // of their sequence numbers, modulo 2^64
    Sequence oldest = kMaxSequence;

    void add(Sequence sequence) {
        count += 1;
        sum += sequence;
        oldest = std::min(oldest, sequence);
    }
};

template <class OlderDataMayExist>  // bool(std::string_view key)
class VersionRule {
  public:
    /// `snapshots`: sequence numbers of the snapshots that live, ascending. `ranges`: all range
    /// tombstones of the merge; must outlive the rule; null for none.
    /// `now`: values that expire by then have expired. `finals` gets the tombstones that go for
    /// good; null for no interest.
    VersionRule(std::vector<Sequence> snapshots, OlderDataMayExist older_data_may_exist,
                const RangeTombstones* ranges = nullptr, uint64_t now = 0,
                FinalTombstones* finals = nullptr)
        : snapshots_(std::move(snapshots)),
          older_data_may_exist_(std::move(older_data_may_exist)),
          ranges_(ranges != nullptr && !ranges->empty() ? ranges : nullptr),
          now_(now),
          finals_(finals) {}

    bool keeps(const Entry& entry) {
        const bool same_key = has_key_ && entry.prefix == prefix_ && entry.key == key_;
        Sequence hider = same_key ? newer_ : kNothing;
        if (ranges_ != nullptr) hider = std::min(hider, range_over(entry));
        if (bug(Bug::range_delete_drops_snapshot_key) && ranges_ != nullptr &&
            range_over(entry) != kNothing)
            return false;
        if (!same_key) {
            key_.assign(entry.key);
            prefix_ = entry.prefix;
            has_key_ = true;
        }
        newer_ = entry.sequence;
        if (hider != kNothing && !snapshot_between(snapshots_, entry.sequence, hider)) return false;
        expired_ = is_expired(entry, now_);
        if (entry.kind != Kind::tombstone && !expired_) return true;
        const bool seen_by_all = snapshots_.empty() || entry.sequence <= snapshots_.front() ||
                                 bug(Bug::tombstone_dropped_over_snapshot);
        if (bug(Bug::expired_value_uncovers_older) && expired_) return false;
        if (!seen_by_all || older_data_may_exist_(entry.key)) return true;
        if (finals_ != nullptr && !expired_) finals_->add(entry.sequence);
        return false;
    }
    /// Whether the entry that was kept last is to become a tombstone.
    bool last_was_expired() const { return expired_; }

  private:
    static constexpr Sequence kNothing = kMaxSequence + 1;

    /// The oldest range tombstone over the entry that is newer than it.
    Sequence range_over(const Entry& entry) {
        const auto& fragments = ranges_->fragments();
        while (fragment_ < fragments.size() && fragments[fragment_].last <= entry.key) ++fragment_;
        if (fragment_ == fragments.size() || fragments[fragment_].first > entry.key)
            return kNothing;
        const auto& sequences = fragments[fragment_].sequences;
        const auto end = std::partition_point(sequences.begin(), sequences.end(),
                                              [&](Sequence one) { return one > entry.sequence; });
        return end == sequences.begin() ? kNothing : *(end - 1);
    }

    std::vector<Sequence> snapshots_;
    OlderDataMayExist older_data_may_exist_;
    const RangeTombstones* ranges_;
    uint64_t now_;
    FinalTombstones* finals_;
    bool expired_ = false;
    size_t fragment_ = 0;  // none before it covers what is to come
    std::string key_;
    uint64_t prefix_ = 0;
    Sequence newer_ = kNothing;
    bool has_key_ = false;
};

/// The range tombstones that come out of a merge. `older_data_may_exist(first, last)`: whether data
/// outside of it may be covered that is older.
template <class OlderDataMayExist>
std::vector<RangeFragment> kept_ranges(const RangeTombstones& ranges,
                                       const std::vector<Sequence>& snapshots,
                                       OlderDataMayExist older_data_may_exist,
                                       FinalTombstones* finals = nullptr) {
    std::vector<RangeFragment> kept;
    for (const RangeFragment& fragment : ranges.fragments()) {
        std::vector<Sequence> needed;
        for (const Sequence sequence : fragment.sequences) {
            if (needed.empty() || snapshot_between(snapshots, sequence, needed.back()))
                needed.push_back(sequence);
        }
        const bool seen_by_all = snapshots.empty() || needed.back() <= snapshots.front();
        if (seen_by_all && !older_data_may_exist(fragment.first, fragment.last)) {
            if (finals != nullptr) finals->add(needed.back());
            needed.pop_back();
        }
        if (needed.empty()) continue;
        RangeFragment next{fragment.first, fragment.last, std::move(needed)};
        if (!kept.empty() && kept.back().last == next.first &&
            kept.back().sequences == next.sequences) {
            kept.back().last = std::move(next.last);
        } else {
            kept.push_back(std::move(next));
        }
    }
    return kept;
}

}  // namespace lsm
