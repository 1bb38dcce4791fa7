// A memtable in its place: with its log, its range tombstones, what it holds in logical bytes, and
// the lock for structures whose readers can not run beside the writer.
//
// One writer at a time (the tree's commit leader). find() and cursor() from any thread at any time;
// cursors of a locked memtable seek anew for each batch.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "framework/os/sync.hpp"
#include "framework/policy/memtable.hpp"
#include "framework/tree/memtable_ranges.hpp"

namespace lsm {

template <Memtable M>
class MemtableSlot {
  public:
    MemtableSlot(const typename M::Options& options, uint64_t log, uint64_t first_tick)
        : memtable_(options), log_(log), first_tick_(first_tick) {}

    /// Of any kind. What it gives back is for the epochs of readers (null mostly).
    std::shared_ptr<const void> insert(const Entry& entry) {
        last_sequence_ = entry.sequence;
        logical_bytes_.fetch_add(lsm::logical_bytes(entry), std::memory_order_relaxed);
        if (entry.kind == Kind::range_tombstone)
            return ranges_.add(entry.key, entry.value, entry.sequence);
        if (memtable_.readers_beside_writer) {
            memtable_.insert(entry);
        } else {
            const std::lock_guard lock(mutex_);
            memtable_.insert(entry);
        }
        entries_.fetch_add(1, std::memory_order_relaxed);
        return nullptr;
    }

    /// The newest version of the key; a range tombstone over it that is newer is found as a
    /// tombstone.
    bool find(std::string_view key, Sequence at, Entry& found) const {
        const bool any = find_entry(key, at, found);
        const Sequence covering = ranges_.newest_covering(key, at);
        if (covering == 0 || (any && found.sequence > covering)) return any;
        found = Entry::make(key, {}, covering, Kind::tombstone);
        return true;
    }

    std::unique_ptr<Cursor> cursor() const {
        if (memtable_.readers_beside_writer) return memtable_cursor(memtable_);
        const std::lock_guard lock(mutex_);
        return std::make_unique<LockedCursor>(mutex_, memtable_cursor(memtable_));
    }

    uint64_t log() const { return log_; }
    uint64_t first_tick() const { return first_tick_; }  // no entry is older
    /// Of a key or a range. Writer's thread, or once it is full; UINT64_MAX without one.
    uint64_t first_delete_tick() const { return first_delete_tick_; }
    void note_delete(uint64_t tick) { first_delete_tick_ = std::min(first_delete_tick_, tick); }
    uint64_t logical_bytes() const { return logical_bytes_.load(std::memory_order_relaxed); }
    /// Of the memtable proper.
    uint64_t entries() const { return entries_.load(std::memory_order_relaxed); }
    const MemtableRanges& ranges() const { return ranges_; }
    bool empty() const { return entries() == 0 && ranges_.empty(); }
    uint64_t bytes_used() const {
        if (memtable_.readers_beside_writer) return memtable_.bytes_used();
        const std::lock_guard lock(mutex_);
        return memtable_.bytes_used();
    }
    Sequence last_sequence() const {
        return last_sequence_;
    }  // writer's thread, or once it is full

  private:
    bool find_entry(std::string_view key, Sequence at, Entry& found) const {
        if (memtable_.readers_beside_writer) return memtable_.find(key, at, found);
        const std::lock_guard lock(mutex_);
        return memtable_.find(key, at, found);
    }

    /// Takes the lock for each batch, and finds its place again since the structure may have
    /// changed in between.
    class LockedCursor final : public Cursor {
      public:
        LockedCursor(Mutex& mutex, std::unique_ptr<Cursor> cursor)
            : mutex_(mutex), cursor_(std::move(cursor)) {}

        void seek_first() override { place_ = Place::first; }
        void seek_last() override { place_ = Place::last; }
        void seek(std::string_view key, Sequence sequence) override {
            stand(key, sequence, Place::before);
        }

        bool next(EntryBatch& batch) override {
            const std::lock_guard lock(mutex_);
            find_place();
            if (place_ == Place::behind) skip_one();
            const bool any = cursor_->next(batch);
            if (any)
                stand(batch[batch.count - 1].key, batch[batch.count - 1].sequence, Place::behind);
            return any;
        }

        bool previous(EntryBatch& batch) override {
            const std::lock_guard lock(mutex_);
            find_place();
            if (place_ == Place::behind) skip_one();
            const bool any = cursor_->previous(batch);
            if (any)
                stand(batch[batch.count - 1].key, batch[batch.count - 1].sequence, Place::before);
            return any;
        }

      private:
        enum class Place { first, last, before, behind };  // of the entry (key_, sequence_)

        void stand(std::string_view key, Sequence sequence, Place place) {
            key_.assign(key);
            sequence_ = sequence;
            place_ = place;
        }
        void find_place() {
            switch (place_) {
                case Place::first:
                    cursor_->seek_first();
                    break;
                case Place::last:
                    cursor_->seek_last();
                    break;
                case Place::before:
                    cursor_->seek(key_, sequence_);
                    break;
                case Place::behind:
                    break;
            }
        }
        /// Behind (key, sequence) is in front of (key, sequence - 1): sequences of a key descend.
        void skip_one() {
            if (sequence_ > 0) {
                cursor_->seek(key_, sequence_ - 1);
            } else {
                cursor_->seek(key_ + '\0', kMaxSequence);
            }
        }

        Mutex& mutex_;
        std::unique_ptr<Cursor> cursor_;
        Place place_ = Place::first;
        std::string key_;
        Sequence sequence_ = 0;
    };

    M memtable_;
    MemtableRanges ranges_;
    mutable Mutex mutex_;
    const uint64_t log_;
    const uint64_t first_tick_;
    uint64_t first_delete_tick_ = UINT64_MAX;
    std::atomic<uint64_t> logical_bytes_{0};
    std::atomic<uint64_t> entries_{0};
    Sequence last_sequence_ = 0;
};

}  // namespace lsm
