// All range tombstones that a cursor has to heed: those of memtables and of runs, as they were when
// it was made. Views; the cursor's pin keeps them.
//
// One thread. Cost of a question: a binary search or two for each memtable list and each run that
// has range tombstones; nothing where there are none.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/table/range_tombstones.hpp"

namespace lsm {

class RangeView {
  public:
    /// Lists that do not overlap, by key, none of them empty: those of a run's tables.
    void add(std::vector<const RangeTombstones*> run) {
        if (!run.empty()) runs_.push_back(std::move(run));
    }

    /// Whether a reader at `at` finds the version `sequence` of the key deleted.
    bool covers(std::string_view key, Sequence sequence, Sequence at) const {
        for (const auto& run : runs_) {
            const auto list = std::partition_point(
                run.begin(), run.end(),
                [&](const RangeTombstones* one) { return one->last() <= key; });
            if (list != run.end() && (*list)->newest_covering(key, at) > sequence) return true;
        }
        return false;
    }

  private:
    std::vector<std::vector<const RangeTombstones*>> runs_;
};

}  // namespace lsm
