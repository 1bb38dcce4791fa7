// Which entries of a merge come out: the tree's rule, never the strategy's.
//
// Entries arrive in the tree's order, so of one key the newest first. A version is needed when it
// is the newest, or when some snapshot is at least as new as it and older than the next newer
// version. A tombstone that is needed only by readers of the present may go when no older version
// of its key can lie outside the merge.
//
// Cost: O(log snapshots) an entry, plus the question about older data for a tombstone. One thread.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/entry.hpp"

namespace lsm {

template <class OlderDataMayExist>  // bool(std::string_view key)
class VersionRule {
  public:
    /// `snapshots`: sequence numbers of the snapshots that live, ascending.
    VersionRule(std::vector<Sequence> snapshots, OlderDataMayExist older_data_may_exist)
        : snapshots_(std::move(snapshots)),
          older_data_may_exist_(std::move(older_data_may_exist)) {}

    bool keeps(const Entry& entry) {
        const bool same_key = has_key_ && entry.prefix == prefix_ && entry.key == key_;
        if (same_key && !snapshot_between(entry.sequence, newer_)) return false;
        if (!same_key) {
            key_.assign(entry.key);
            prefix_ = entry.prefix;
            has_key_ = true;
        }
        newer_ = entry.sequence;
        if (entry.kind == Kind::value) return true;
        const bool seen_by_all = snapshots_.empty() || entry.sequence <= snapshots_.front();
        return !seen_by_all || older_data_may_exist_(entry.key);
    }

  private:
    /// Is there a snapshot that sees `sequence` and not the newer version?
    bool snapshot_between(Sequence sequence, Sequence newer) const {
        const auto first = std::lower_bound(snapshots_.begin(), snapshots_.end(), sequence);
        return first != snapshots_.end() && *first < newer;
    }

    std::vector<Sequence> snapshots_;
    OlderDataMayExist older_data_may_exist_;
    std::string key_;
    uint64_t prefix_ = 0;
    Sequence newer_ = 0;
    bool has_key_ = false;
};

}  // namespace lsm
