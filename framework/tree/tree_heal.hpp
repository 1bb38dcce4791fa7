// A full disk, as Tree meets it, and what it does once there is room again. Part of tree.hpp.
//
// Nothing is lost by a full disk, so it is no failure for good: what found no room is tried anew by
// the next write (or flush, settle, compact, close), in this order: waiting memtables are flushed,
// a new manifest is begun if a record of the old one found no room, and so is a new log behind the
// last write that was acknowledged. Until all of it has gone through, writes are refused with
// DiskFullError. A compaction that finds no room is put off until the next flush, and refuses
// nothing. adr/0018 says why so.
#pragma once

#include "framework/base/bug_museum.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

/// What a writer is told, and what is to be done.
DiskFullError disk_full(const std::string& folder, const std::string& cause);

/// A full disk is waited out; any other failure is for good. Under mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::note_failure(std::exception_ptr error) {
    try {
        std::rethrow_exception(error);
    } catch (const DiskFullError& full) {
        shortage_ = true;
        set_words(shortage_text_, full.what());
        changed_.notify_all();
        return;
    } catch (...) {
    }
    fail(error);
}

LSM_TREE_TEMPLATE
void LSM_TREE::throw_if_short() const {
    if (shortage_) throw disk_full(options_.folder, shortage_text_);
}

/// A compaction that was asked for found no room.
LSM_TREE_TEMPLATE
void LSM_TREE::throw_if_put_off() const {
    if (!put_off_.empty()) {
        throw DiskFullError(ErrorKind::io, "the disk is full for a compaction: " + put_off_,
                            {options_.folder, {}, {}, {}}, "it is tried anew at the next flush");
    }
}

/// Tries anew what found no room; DiskFullError when there still is none. The caller has the turn.
LSM_TREE_TEMPLATE
void LSM_TREE::mend(Lock& lock) {
    throw_if_failed();
    if (!shortage_) return;
    changed_.wait(lock, [&] { return !flushing_; });
    shortage_ = false;
    lock.unlock();
    flush_waiting();
    lock.lock();
    changed_.wait(lock, [&] { return !flushing_; });
    throw_if_failed();
    throw_if_short();
    try {
        lock.unlock();
        renew_manifest();
        lock.lock();
        if (log_end_) begin_log(lock, state_.next_file++);
    } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        note_failure(std::current_exception());
    }
    throw_if_failed();
    throw_if_short();
    put_off_.clear();
    schedule_compactions(lock);
    drain_inline(lock);
}

/// Without a lock.
LSM_TREE_TEMPLATE
void LSM_TREE::renew_manifest() {
    const std::lock_guard edits(manifest_mutex_);
    if (!manifest_->needs_new_file()) return;
    Lock lock(mutex_);
    TreeState state = state_;
    state.next_file = state_.next_file++;
    const ManifestRecord now = record_of_state();
    state.shape.tick = now.tick;
    state.named_log = now.named_log;
    lock.unlock();
    manifest_->begin(state);
    remove_orphans();
}

/// The log that goes on behind the one that is there; the caller has the turn. On a full disk the
/// old one takes nothing more either.
LSM_TREE_TEMPLATE
void LSM_TREE::begin_log(Lock& lock, uint64_t number) {
    if (!log_end_) log_end_ = log_->end();
    // A crash must not keep the name of a log and lose that of one before it; the folder's last
    // sync mostly covers it.
    const bool named = named_log_ >= log_end_->number;
    lock.unlock();
    // One whose first write was refused has nothing durable, not even its header; what comes behind
    // it would be behind a hole.
    if (log_ && options_.sync == SyncMode::power && !log_end_->synced) {
        log_->sync();
        log_end_->synced = true;
    }
    if (const auto old = std::move(log_)) old->close();
    if (!named) files_.sync_folder(options_.folder);
    log_ = make_log(number, *log_end_);
    if (options_.sync == SyncMode::power && !bug(Bug::log_name_not_durable))
        files_.sync_folder(options_.folder);
    lock.lock();
    log_end_.reset();
    old_logs_.push_back(number);
    if (options_.sync == SyncMode::power) tell_manifest_of_log(lock, number);
}

/// So that nobody can take the log away unseen once something is acknowledged from it. A manifest
/// that is due for a new file will say so there.
LSM_TREE_TEMPLATE
void LSM_TREE::tell_manifest_of_log(Lock& lock, uint64_t number) {
    lock.unlock();
    const std::lock_guard edits(manifest_mutex_);
    lock.lock();
    named_log_ = number;
    if (manifest_->needs_new_file()) return;
    const ManifestRecord record = record_of_state();
    lock.unlock();
    manifest_->append(record);
    lock.lock();
}

/// Leaves nothing behind on a full disk.
LSM_TREE_TEMPLATE
std::unique_ptr<LogWriter> LSM_TREE::make_log(uint64_t number, const LogEnd& previous) {
    const std::string path = log_path(options_.folder, number);
    try {
        return std::make_unique<LogWriter>(files_, path, number, previous, options_.log_reserve);
    } catch (const DiskFullError&) {
        remove_file(path);
        throw;
    }
}

/// One that nobody needs: when that fails, the next open does it.
LSM_TREE_TEMPLATE
void LSM_TREE::remove_file(const std::string& path) noexcept {
    try {
        if (files_.exists(path)) files_.remove(path);
    } catch (const std::exception& error) {
        warnings_.add("a file that is not needed stays", error);
    }
}

/// Files that the manifest in force does not name. Under manifest_mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::remove_orphans() {
    for (const std::string& path : orphans_) remove_file(path);
    orphans_.clear();
}

}  // namespace lsm
