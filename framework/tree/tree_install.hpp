// How an edit of Tree takes effect. Part of tree.hpp.
//
// In this order: its tables are synced, the folder is synced, the manifest record is synced; then
// readers see it, and only then are old files let go. Edits are serialised by manifest_mutex_.
#pragma once

#include "framework/base/bug_museum.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

/// Makes the edit durable, then visible. Called without mutex_. When it throws nobody knows whether
/// the edit is durable: old and new files stay where they are, and those that the manifest does not
/// name go once a new one is in force, by the next open at the latest.
LSM_TREE_TEMPLATE
void LSM_TREE::install(const TreeEdit& edit, const std::vector<std::shared_ptr<File>>& made,
                       EditExtras extras) {
    const std::lock_guard edits(manifest_mutex_);
    Lock lock(mutex_);
    const uint64_t newest_log = old_logs_.empty() ? 0 : old_logs_.back();
    lock.unlock();
    if (!made.empty() && !bug(Bug::table_name_not_durable)) files_.sync_folder(options_.folder);
    lock.lock();
    if (!made.empty()) named_log_ = std::max(named_log_, newest_log);
    ManifestRecord record = record_of_state();
    record.edit = edit;
    if (extras.flushed != nullptr) {
        record.first_log = log_after(*extras.flushed);
        record.last_sequence = std::max(state_.last_sequence, extras.flushed->last_sequence());
    }
    try {
        if (manifest_->needs_new_file()) {
            TreeState after = state_;
            after.next_file = state_.next_file++;
            apply_edit(after.shape, edit);
            after.shape.tick = record.tick;
            after.first_log = record.first_log;
            after.last_sequence = record.last_sequence;
            after.named_log = record.named_log;
            lock.unlock();
            manifest_->begin(after);
            remove_orphans();
        } else {
            lock.unlock();
            if (extras.flushed != nullptr && bug(Bug::log_removed_before_manifest))
                remove_old_logs(record.first_log);
            manifest_->append(record);
        }
        lock.lock();
    } catch (const DiskFullError&) {
        lock.lock();
        for (const auto& file : made) {
            orphans_.push_back(table_path(options_.folder, file->id));
            stored_bytes_ -= std::min(stored_bytes_, file->table().stored_bytes());
        }
        throw;
    }
    take_effect(edit, record, made, extras);
    publish(std::make_shared<VersionType>(state_.shape, tables_), extras.flushed);
    retire_views(lock);
    lock.unlock();
    if (extras.flushed != nullptr) remove_old_logs(record.first_log);
    if (!options_.on_event) return;
    try {
        options_.on_event(extras.event);
    } catch (...) {
        lock.lock();
        fail(std::current_exception());
    }
}

/// The state that readers, the strategy and the counters see from now on. Under mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::take_effect(const TreeEdit& edit, const ManifestRecord& record,
                           const std::vector<std::shared_ptr<File>>& made, EditExtras& extras) {
    if (extras.event.type == EngineEvent::Type::drop) {
        for (const TableId id : edit.removed)
            dropped_ = std::max(dropped_, state_.shape.find_table(id)->newest_sequence);
    }
    apply_edit(state_.shape, edit);
    state_.first_log = record.first_log;
    state_.last_sequence = record.last_sequence;
    extras.event.operations = sequence_;
    for (const auto& file : made) tables_[file->id] = file;
    std::set<TableId> kept;  // moved, not gone
    for (const auto& added : edit.added) kept.insert(added.table.id);
    for (const TableId id : edit.removed) {
        if (kept.count(id) != 0) continue;
        const auto found = tables_.find(id);
        stored_bytes_ -= found->second->table().stored_bytes();
        found->second->mark_obsolete();
        tables_.erase(found);
    }
    count_event(extras.event);
}

/// The log that is the first one needed once this memtable is in tables: that of the next newer
/// one.
LSM_TREE_TEMPLATE
uint64_t LSM_TREE::log_after(const Slot& flushed) const {
    const auto& waiting = view_owner_->waiting;
    if (bug(Bug::flush_claims_unflushed_logs)) return view_owner_->active->log();
    for (size_t i = waiting.size(); i-- > 0;) {
        if (waiting[i].get() == &flushed)
            return i > 0 ? waiting[i - 1]->log() : view_owner_->active->log();
    }
    return state_.first_log;
}

LSM_TREE_TEMPLATE
ManifestRecord LSM_TREE::record_of_state() const {
    ManifestRecord record;
    record.next_file = state_.next_file;
    record.next_run = state_.next_run;
    record.last_sequence = state_.last_sequence;
    record.first_log = state_.first_log;
    record.sealed_log = state_.sealed_log;
    record.sealed_length = state_.sealed_length;
    record.named_log = options_.sync == SyncMode::none ? 0 : named_log_;
    record.tick = tick();
    return record;
}

LSM_TREE_TEMPLATE
void LSM_TREE::count_event(const EngineEvent& event) {
    switch (event.type) {
        case EngineEvent::Type::flush:
            counters_.flushes += 1;
            break;
        case EngineEvent::Type::compaction:
            counters_.compactions += 1;
            break;
        case EngineEvent::Type::move:
            counters_.moves += 1;
            break;
        case EngineEvent::Type::drop:
            counters_.drops += 1;
            counters_.dropped_entries += event.entries_dropped;
            break;
        case EngineEvent::Type::stall:
            break;
    }
    if (event.type == EngineEvent::Type::compaction) {
        counters_.largest_compaction_bytes =
            std::max(counters_.largest_compaction_bytes, event.bytes_read + event.bytes_written);
    }
}

LSM_TREE_TEMPLATE
void LSM_TREE::publish(std::shared_ptr<const VersionType> version, const Slot* flushed) {
    auto view = std::make_shared<View>(*view_owner_);
    view->version = std::move(version);
    std::erase_if(view->waiting, [&](const auto& slot) { return slot.get() == flushed; });
    set_view(std::move(view));
}

LSM_TREE_TEMPLATE
void LSM_TREE::set_view(std::shared_ptr<const View> view) {
    retired_.reserve(retired_.size() + 1);  // once readers see the new one there is no way back
    std::shared_ptr<const View> old = std::move(view_owner_);
    view_owner_ = std::move(view);
    view_.store(view_owner_.get(), std::memory_order_release);
    if (old) retired_.push_back(std::move(old));
}

/// Lets go of views that were replaced, once no lookup is in them; that may delete files, so it is
/// done without the lock.
LSM_TREE_TEMPLATE
void LSM_TREE::retire_views(Lock& lock) {
    std::vector<std::shared_ptr<const View>> retired;
    retired.swap(retired_);
    lock.unlock();
    while (!retired.empty()) {
        if (bug(Bug::memtable_freed_while_read)) {
            retired.back().reset();
        } else {
            epochs_.retire(std::move(retired.back()));
        }
        retired.pop_back();
    }
    lock.lock();
}

LSM_TREE_TEMPLATE
void LSM_TREE::remove_old_logs(uint64_t first_needed) {
    std::vector<uint64_t> old;
    {
        const Lock lock(mutex_);
        while (!old_logs_.empty() && old_logs_.front() < first_needed) {
            old.push_back(old_logs_.front());
            old_logs_.pop_front();
        }
    }
    for (const uint64_t number : old) remove_file(log_path(options_.folder, number));
}

}  // namespace lsm
