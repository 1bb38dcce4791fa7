// The write path of Tree: taking turns, group commit, room, rotation. Part of tree.hpp.
//
// Writers queue; the first is the leader and commits for all that stand behind it, up to a
// megabyte: one log record per batch, one sync for all. Only the leader touches the log and
// inserts, so both need no lock of their own.
#pragma once

#include "framework/base/bug_museum.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

inline constexpr uint64_t kGroupBytes = 1 << 20;
inline constexpr uint64_t kSlowDownNanoseconds = 1'000'000;
/// A memtable below this size is not held to it: structures take memory in pieces.
inline constexpr uint64_t kLeastMemtableMemory = 512 * 1024;

LSM_TREE_TEMPLATE
Sequence LSM_TREE::put(std::string_view key, std::string_view value) {
    WriteBatch batch;
    batch.put(key, value);
    return write(batch);
}

LSM_TREE_TEMPLATE
Sequence LSM_TREE::put(std::string_view key, std::string_view value, uint64_t ttl) {
    WriteBatch batch;
    batch.put(key, value, ttl);
    return write(batch);
}

LSM_TREE_TEMPLATE
Sequence LSM_TREE::remove(std::string_view key) {
    WriteBatch batch;
    batch.remove(key);
    return write(batch);
}

LSM_TREE_TEMPLATE
Sequence LSM_TREE::remove_range(std::string_view first, std::string_view last) {
    WriteBatch batch;
    batch.remove_range(first, last);
    return write(batch);
}

LSM_TREE_TEMPLATE
Sequence LSM_TREE::write(const WriteBatch& batch) {
    if (batch.empty()) return 0;
    Writer self;
    self.batch = &batch;
    commit_in_turn(self);
    return self.last;
}

LSM_TREE_TEMPLATE
void LSM_TREE::commit_in_turn(Writer& self) {
    Lock lock(mutex_);
    take_turn(lock, self);
    if (!self.done) {
        size_t writers = 1;
        std::exception_ptr error;
        bool rotated = false;
        try {
            wait_for_room(lock);
            if (self.reads != nullptr) self.conflict = changed_since(*self.reads, lock);
            if (!self.conflict) {
                const std::vector<Writer*> group = take_group();
                writers = group.size();
                commit(group, lock);
            }
        } catch (...) {
            error = std::current_exception();
        }
        // The group is acknowledged whatever becomes of the rotation: that failure is the next
        // writer's.
        if (!error && flush_is_due()) rotated = rotate(lock);
        if (rotated) drain_inline(lock);
        end_turn(lock, writers, error);
    }
    if (self.error) std::rethrow_exception(self.error);
}

/// Returns when the writer leads, or is done because another leader wrote for it.
LSM_TREE_TEMPLATE
void LSM_TREE::take_turn(Lock& lock, Writer& writer) {
    writers_.push_back(&writer);
    writer.turn.wait(lock, [&] { return writer.done || writers_.front() == &writer; });
}

/// For the first ones of the queue: the caller, and those that it wrote for.
LSM_TREE_TEMPLATE
void LSM_TREE::end_turn(Lock&, size_t writers, std::exception_ptr error) {
    for (; writers > 0; --writers) {
        Writer* writer = writers_.front();
        writers_.pop_front();
        writer->error = error;
        if (bug(Bug::group_followers_told_ok)) error = nullptr;
        writer->done = true;
        writer->turn.notify_one();
    }
    if (bug(Bug::next_leader_not_woken)) return;
    if (!writers_.empty()) writers_.front()->turn.notify_one();
}

/// An action that is no write, but does what only one caller at a time may do.
LSM_TREE_TEMPLATE
template <class Action>
void LSM_TREE::in_turn(Lock& lock, Action action) {
    Writer self;
    take_turn(lock, self);
    try {
        action();
    } catch (...) {
        end_turn(lock);
        throw;
    }
    end_turn(lock);
}

LSM_TREE_TEMPLATE
auto LSM_TREE::take_group() -> std::vector<Writer*> {
    std::vector<Writer*> group;
    uint64_t bytes = 0;
    for (Writer* writer : writers_) {
        if (writer->batch == nullptr) break;
        // A transaction is checked against all that was written before it, so it leads its group.
        if (!group.empty() && writer->reads != nullptr && !bug(Bug::transaction_rides_unchecked))
            break;
        if (!group.empty() && bytes + writer->batch->bytes() > kGroupBytes) break;
        bytes += writer->batch->bytes();
        group.push_back(writer);
    }
    return group;
}

LSM_TREE_TEMPLATE
void LSM_TREE::commit(const std::vector<Writer*>& group, Lock& lock) {
    const std::shared_ptr<Slot> slot = view_owner_->active;
    const Sequence first = sequence_ + 1;
    EngineCounters written;
    Sequence last = 0;
    const LogEnd before = log_ ? log_->end() : LogEnd{};
    lock.unlock();
    try {
        last = log_and_insert(group, first, *slot, written);
    } catch (...) {
        lock.lock();
        // Whatever the log has of the group is not to be: the next log says where this one ends.
        if (log_) log_end_ = before;
        note_failure(std::current_exception());
        throw_if_short();
        throw;
    }
    lock.lock();
    ticks_of_last_write_ = last - sequence_;
    sequence_ = last;
    visible_.store(last, std::memory_order_release);
    counters_.user_bytes += written.user_bytes;
    counters_.puts += written.puts;
    counters_.deletes += written.deletes;
    if (written.deletes > 0) lifetime_.note_delete(slot->first_delete_tick());
}

/// The memtable is full, or a tombstone has to become final. Under mutex_.
LSM_TREE_TEMPLATE
bool LSM_TREE::flush_is_due() const {
    if (view_owner_->active->logical_bytes() >= options_.memtable_size) return true;
    return lifetime_.flush_tick() != UINT64_MAX && tick() >= lifetime_.flush_tick();
}

/// Returns the last sequence number. Nothing is in the memtable when it throws.
LSM_TREE_TEMPLATE
uint64_t LSM_TREE::log_and_insert(const std::vector<Writer*>& group, Sequence first, Slot& slot,
                                  EngineCounters& written) {
    std::vector<Entry> entries;
    std::deque<std::string> timed;  // values behind their times
    Sequence next = first;
    for (Writer* writer : group) {
        const size_t begin = entries.size();
        writer->batch->for_each(
            [&](std::string_view key, std::string_view value, Kind kind, uint64_t ttl) {
                if (kind == Kind::expiring) {
                    const uint64_t now = tick_of(next);
                    std::string& bytes = timed.emplace_back(kExpiryBytes, '\0');
                    const uint64_t most = bug(Bug::expiry_overflows) ? ttl : UINT64_MAX - now;
                    put_expiry(bytes.data(), now + std::min(ttl, most));
                    value = bytes.append(value);
                }
                entries.push_back(Entry::make(key, value, next++, kind));
            });
        writer->last = next - 1;
        const auto batch = std::span<const Entry>(entries).subspan(begin);
        if (log_ && bug(Bug::batch_split_in_log)) {
            for (const Entry& entry : batch)
                log_->append(encode_log_batch(entry.sequence, {&entry, 1}));
        } else if (log_) {
            log_->append(encode_log_batch(first + begin, batch));
        }
    }
    if (log_ && options_.sync == SyncMode::power) {
        swallowing(Bug::sync_error_swallowed,
                   [&] { retrying(Bug::failed_sync_retried, [&] { log_->sync(); }); });
    }
    for (const Entry& entry : entries) {
        if (auto replaced = slot.insert(entry)) epochs_.retire(std::move(replaced));
        if (bug(Bug::half_batch_visible)) visible_.store(entry.sequence, std::memory_order_release);
        written.user_bytes += logical_bytes(entry);
        (is_delete(entry) ? written.deletes : written.puts) += 1;
        if (is_delete(entry)) slot.note_delete(tick_of(entry.sequence));
    }
    return next - 1;
}

/// Runs on level 1 beyond what the layout allows.
LSM_TREE_TEMPLATE
uint64_t LSM_TREE::runs_too_many() const {
    const uint64_t runs = state_.shape.level(1).runs.size();
    const uint64_t allowed = compaction_.runs_allowed(state_.shape, 1);
    return runs > allowed ? runs - allowed : 0;
}

/// As many memtables wait as may, or all of them use more memory than so many should: a memtable is
/// full by the bytes of its entries, and small entries cost more than their bytes.
LSM_TREE_TEMPLATE
bool LSM_TREE::memtables_are_full() const {
    const uint64_t most = std::max<uint64_t>(1, options_.max_waiting_memtables);
    if (view_owner_->waiting.empty()) return false;
    if (view_owner_->waiting.size() >= most) return true;
    uint64_t used = view_owner_->active->bytes_used();
    for (const auto& slot : view_owner_->waiting) used += slot->bytes_used();
    return used >= (1 + most) * std::max(options_.memtable_size, kLeastMemtableMemory);
}

LSM_TREE_TEMPLATE
void LSM_TREE::wait_for_room(Lock& lock) {
    mend(lock);
    if (executor_->runs_inline()) return;
    const uint64_t before = options_.clock != nullptr ? options_.clock->nanoseconds() : 0;
    bool waited = false;
    const char* stopped_by = nullptr;
    for (;;) {
        mend(lock);
        const bool memtables = memtables_are_full();
        const bool runs = runs_too_many() >= options_.stop_runs && running_ > 0;
        if (!memtables && !runs) break;
        waited = true;
        stopped_by = memtables ? "as many memtables as may wait for their flush"
                               : "level 1 holds too many runs for more";
        changed_.wait(lock);
    }
    if (!waited && running_ > 0 && runs_too_many() >= options_.slow_down_runs) {
        waited = true;
        changed_.wait_for(lock, kSlowDownNanoseconds);
    }
    if (!waited || options_.clock == nullptr) return;
    const uint64_t took = options_.clock->nanoseconds() - before;
    counters_.stall_nanoseconds += took;
    if (stopped_by != nullptr) tell_of_stall(lock, stopped_by, took);
}

/// Writers that were stopped, and not just slowed down, are an event.
LSM_TREE_TEMPLATE
void LSM_TREE::tell_of_stall(Lock& lock, const char* reason, uint64_t nanoseconds) {
    if (!options_.on_event) return;
    EngineEvent event;
    event.type = EngineEvent::Type::stall;
    event.operations = sequence_;
    event.reason = reason;
    event.nanoseconds = nanoseconds;
    lock.unlock();
    {
        const std::lock_guard edits(manifest_mutex_);  // events are told one at a time
        options_.on_event(event);
    }
    lock.lock();
    throw_if_failed();
}

/// Makes the active memtable a waiting one and queues its flush; the caller has the turn. False
/// when that failed: the next call is told of it.
LSM_TREE_TEMPLATE
bool LSM_TREE::rotate(Lock& lock) {
    try {
        const uint64_t number = state_.next_file++;
        if (options_.sync != SyncMode::none) begin_log(lock, number);
        auto view = std::make_shared<View>(*view_owner_);
        view->waiting.insert(view->waiting.begin(), view->active);
        view->active = std::make_shared<Slot>(options_.memtable, number, tick());
        set_view(std::move(view));
        retire_views(lock);
        lifetime_.note_flush();
        submit(JobKind::flush, [this] { flush_waiting(); });
        return true;
    } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        note_failure(std::current_exception());
        return false;
    }
}

LSM_TREE_TEMPLATE
void LSM_TREE::flush() {
    Lock lock(mutex_);
    std::shared_ptr<Slot> last;
    in_turn(lock, [&] {
        mend(lock);
        if (!view_owner_->active->empty() && rotate(lock)) drain_inline(lock);
        // Those that writers fill from now on are no concern of this call.
        if (!view_owner_->waiting.empty()) last = view_owner_->waiting.front();
    });
    changed_.wait(lock, [&] {
        const auto& waiting = view_owner_->waiting;
        return failure_ || shortage_ ||
               std::find(waiting.begin(), waiting.end(), last) == waiting.end();
    });
    throw_if_failed();
    throw_if_short();
}

}  // namespace lsm
