// A memtable's range tombstones: kept by the tree beside the memtable policy, which knows nothing
// of them.
//
// Readers look at an immutable state: a few fragmented lists, the larger ones first. A new range
// tombstone becomes a list of its own, and lists of like size are merged, as in a binary counter
// (Bentley and Saxe, "Decomposable searching problems", 1980): so a memtable of n range tombstones
// does n log n work in all, and a lookup asks at most log n lists.
//
// One writer at a time. newest_covering() from any thread, without a lock, while the caller keeps
// what add() gave back from going (the tree gives it to its epochs); all() from any thread, by a
// lock. Cost without range tombstones: one load.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/os/sync.hpp"
#include "framework/table/range_tombstones.hpp"

namespace lsm {

class MemtableRanges {
  public:
    using List = std::shared_ptr<const RangeTombstones>;
    using Lists = std::vector<List>;

    /// Adds [first, last). Returns the state before, which readers may still be looking at.
    std::shared_ptr<const void> add(std::string_view first, std::string_view last,
                                    Sequence sequence) {
        auto next = state_ ? std::make_shared<State>(*state_) : std::make_shared<State>();
        std::vector<RangeTombstone> merged{{first, last, sequence}};
        std::vector<List> used;  // keeps what `merged` views
        uint64_t weight = 1;
        while (!next->weights.empty() && next->weights.back() <= weight) {
            used.push_back(std::move(next->lists.back()));
            used.back()->append_to(merged);
            weight += next->weights.back();
            next->lists.pop_back();
            next->weights.pop_back();
        }
        next->lists.push_back(
            std::make_shared<const RangeTombstones>(RangeTombstones::fragment(merged)));
        next->weights.push_back(weight);
        const std::lock_guard lock(mutex_);
        std::shared_ptr<const State> before = std::exchange(state_, std::move(next));
        now_.store(state_.get(), std::memory_order_release);
        return before;
    }

    bool empty() const { return now_.load(std::memory_order_acquire) == nullptr; }

    /// The highest sequence number of at most `at` that covers the key; 0 when there is none.
    Sequence newest_covering(std::string_view key, Sequence at) const {
        const State* state = now_.load(std::memory_order_acquire);
        if (state == nullptr) return 0;
        Sequence newest = 0;
        for (const List& list : state->lists)
            newest = std::max(newest, list->newest_covering(key, at));
        return newest;
    }

    /// What there is now, for as long as the caller wants it.
    Lists all() const {
        const std::lock_guard lock(mutex_);
        return state_ ? state_->lists : Lists();
    }

  private:
    struct State {
        Lists lists;
        std::vector<uint64_t> weights;  // range tombstones that each list was made of
    };

    mutable Mutex mutex_;
    std::shared_ptr<const State> state_;
    std::atomic<const State*> now_{nullptr};
};

}  // namespace lsm
