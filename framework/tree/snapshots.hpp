// Snapshots: the tree as it was at one sequence number, for as long as the handle lives. Old
// versions that a snapshot can see survive compaction, so a forgotten snapshot costs space. Handles
// may be used and dropped on any thread, also after the tree is closed.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "framework/base/entry.hpp"
#include "framework/os/sync.hpp"

namespace lsm {

/// The sequence numbers that live snapshots hold.
class SnapshotList {
  public:
    void add(Sequence sequence) {
        const std::lock_guard lock(mutex_);
        live_.insert(sequence);
    }
    void remove(Sequence sequence) {
        const std::lock_guard lock(mutex_);
        live_.erase(live_.find(sequence));
    }
    /// Distinct, ascending.
    std::vector<Sequence> sequences() const {
        const std::lock_guard lock(mutex_);
        std::vector<Sequence> result;
        for (const Sequence sequence : live_) {
            if (result.empty() || result.back() != sequence) result.push_back(sequence);
        }
        return result;
    }

  private:
    mutable Mutex mutex_;
    std::multiset<Sequence> live_;
};

class Snapshot {
  public:
    Snapshot(std::shared_ptr<SnapshotList> list, Sequence sequence)
        : list_(std::move(list)), sequence_(sequence) {
        list_->add(sequence_);
    }
    Snapshot(Snapshot&&) = default;
    Snapshot& operator=(Snapshot&& other) noexcept {
        if (this != &other) {
            if (list_) list_->remove(sequence_);
            list_ = std::move(other.list_);
            sequence_ = other.sequence_;
        }
        return *this;
    }
    ~Snapshot() {
        if (list_) list_->remove(sequence_);
    }
    Sequence sequence() const { return sequence_; }
    /// Whether it was taken there; never for one that was moved from.
    bool is_of(const SnapshotList& list) const { return list_.get() == &list; }

  private:
    std::shared_ptr<SnapshotList> list_;
    Sequence sequence_;
};

}  // namespace lsm
