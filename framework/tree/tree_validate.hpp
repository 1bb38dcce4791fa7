// Whether what a transaction has read is still so. Part of tree.hpp.
//
// Asked by a writer that has the turn: nobody else can write, so what holds now holds until its
// batch is committed. The transaction's snapshot still lives, so every version, tombstones too,
// that is newer than it and was not hidden by a still newer one is there to be found.
#pragma once

#include "framework/base/bug_museum.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

/// A key that was read, or lies in a range that was, and has been written since; nothing when there
/// is none. Lets go of the lock while it looks.
LSM_TREE_TEMPLATE
std::optional<std::string> LSM_TREE::changed_since(const ReadSet& reads, Lock& lock) const {
    if (reads.empty() || sequence_ == reads.since) return {};
    if (dropped_ > reads.since) return reads.any();  // what was dropped is not known
    const std::shared_ptr<const View> view = view_owner_;
    const bool tables =
        state_.last_sequence > reads.since && !bug(Bug::conflict_check_sees_memtables_only);
    const Sequence now = sequence_;
    lock.unlock();
    try {
        auto changed = find_changed(reads, *view, now, tables);
        lock.lock();
        return changed;
    } catch (...) {
        lock.lock();
        throw;
    }
}

/// `tables`: something that was written since may be in one.
LSM_TREE_TEMPLATE
std::optional<std::string> LSM_TREE::find_changed(const ReadSet& reads, const View& view,
                                                  Sequence now, bool tables) const {
    ReadCost cost;
    for (const std::string& key : reads.keys) {
        PinnedEntry found;
        const bool any = tables ? find(view, key, now, found, cost)
                                : find_in_memtables(view, key, now, found.entry);
        if (any && found.entry.sequence > reads.since) return key;
    }
    std::vector<std::shared_ptr<Slot>> slots = view.waiting;
    slots.push_back(view.active);
    ReadCounts counts;
    for (const ReadSet::Range& range : reads.ranges) {
        for (const auto& slot : slots) {
            if (auto key = newer_in_range(*slot->cursor(), range, reads.since)) return key;
            for (const auto& list : slot->ranges().all()) {
                if (auto key = newer_in_range(*list, range, reads.since)) return key;
            }
        }
        if (!tables) continue;
        for (const auto& run : view.version->runs) {
            const ReadContext context{Cause::scan, static_cast<uint8_t>(std::min(run.level, 255)),
                                      true, &counts};
            if (auto key = newer_in_range(*run_cursor(run.tables, context), range, reads.since))
                return key;
            for (const auto& table : run.tables) {
                if (table->ranges == nullptr) continue;
                if (auto key = newer_in_range(*table->ranges, range, reads.since)) return key;
            }
        }
    }
    cost.scan_data_blocks = counts.data_blocks;
    cost.cache_hits += counts.cache_hits;
    cost.cache_misses += counts.cache_misses;
    read_statistics_.add(cost);
    return {};
}

LSM_TREE_TEMPLATE
std::optional<std::string> LSM_TREE::newer_in_range(Cursor& entries, const ReadSet::Range& range,
                                                    Sequence since) {
    EntryBatch batch;
    for (entries.seek(range.first, kMaxSequence); entries.next(batch);) {
        for (const Entry& entry : batch) {
            if (entry.key >= range.last) return {};
            if (entry.sequence > since) return std::string(entry.key);
        }
    }
    return {};
}

/// Of a range tombstone that reaches into the range: the first key of the range that it deletes.
LSM_TREE_TEMPLATE
std::optional<std::string> LSM_TREE::newer_in_range(const RangeTombstones& tombstones,
                                                    const ReadSet::Range& range, Sequence since) {
    for (const RangeFragment& fragment : tombstones.fragments()) {
        if (fragment.last <= range.first || fragment.first >= range.last) continue;
        if (fragment.sequences.front() > since) return std::max(fragment.first, range.first);
    }
    return {};
}

}  // namespace lsm
