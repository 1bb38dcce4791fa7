// The read path of Tree. Part of tree.hpp.
//
// A lookup pins the view by an epoch, then loads the visible sequence number (in this order: a
// version that the view lacks can only be newer than what the reader may see). It goes through
// memtables and runs, newest data first, and stops at the first hit, unless some run further on may
// hold a newer version. A range tombstone over the key is a hit like a tombstone of the key.
#pragma once

#include "framework/base/bug_museum.hpp"
#include "framework/table/concatenated_cursor.hpp"
#include "framework/table/merging_cursor.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

LSM_TREE_TEMPLATE
std::optional<std::string> LSM_TREE::get(std::string_view key) const {
    std::string value;
    if (!get(key, value)) return std::nullopt;
    return value;
}

/// The newest sequence number that a read may see.
LSM_TREE_TEMPLATE
Sequence LSM_TREE::read_at(const Snapshot* snapshot) const {
    if (snapshot == nullptr) return visible_.load(std::memory_order_acquire);
    if (!snapshot->is_of(*snapshots_)) {
        throw Error(ErrorKind::usage,
                    "the snapshot is not of this tree, or of an earlier opening of it, or it was "
                    "moved away",
                    {options_.folder, {}, {}, {}}, "take a snapshot of the tree that is read");
    }
    return snapshot->sequence();
}

LSM_TREE_TEMPLATE
bool LSM_TREE::get_at(std::string_view key, std::string& value, const Snapshot* snapshot) const {
    const auto guard = epochs_.pin();
    const Sequence early = bug(Bug::sequence_read_before_view) ? read_at(snapshot) : 0;
    const View* view = view_.load(std::memory_order_acquire);
    const Sequence at = early > 0 ? early : read_at(snapshot);
    ReadCost cost;
    PinnedEntry found;
    bool live = find(*view, key, at, found, cost) && found.entry.kind != Kind::tombstone;
    // The clock is read behind the view: what compactions dropped as expired has expired here too.
    if (live && found.entry.kind == Kind::expiring)
        live = !is_expired(found.entry, tick_of(visible_.load(std::memory_order_acquire)));
    if (live) value.assign(user_value(found.entry));
    cost.gets = 1;
    cost.empty_gets = live ? 0 : 1;
    if (!live) std::swap(cost.data_blocks_found, cost.data_blocks_empty);
    read_statistics_.add(cost);
    return live;
}

LSM_TREE_TEMPLATE
bool LSM_TREE::find(const View& view, std::string_view key, Sequence at, PinnedEntry& found,
                    ReadCost& cost) const {
    return find_in_memtables(view, key, at, found.entry) ||
           find_in_tables(*view.version, key, at, found, cost);
}

LSM_TREE_TEMPLATE
bool LSM_TREE::find_in_memtables(const View& view, std::string_view key, Sequence at,
                                 Entry& found) {
    if (view.active->find(key, at, found)) return true;
    for (const auto& slot : view.waiting) {
        if (slot->find(key, at, found)) return true;
    }
    return false;
}

LSM_TREE_TEMPLATE
bool LSM_TREE::find_in_tables(const VersionType& version, std::string_view key, Sequence at,
                              PinnedEntry& found, ReadCost& cost) const {
    const uint64_t prefix = key_prefix(key);
    const uint64_t hash = hash_key(key);
    ReadCounts counts;
    bool any = false;
    for (const auto& run : version.runs) {
        if (any && !(version.overtaken && run.overtakes)) continue;
        const File* file = run.find(prefix, key);
        if (file == nullptr) continue;
        const ReadContext context{Cause::get, static_cast<uint8_t>(std::min(run.level, 255)), true,
                                  &counts};
        PinnedEntry here;
        bool hit = probe(*file, key, hash, at, context, here, cost);
        if (file->ranges != nullptr) hit = heed_ranges(*file->ranges, key, at, hit, here);
        if (!hit) continue;
        if (!any || here.entry.sequence > found.entry.sequence) found = std::move(here);
        any = true;
        if (!version.overtaken || bug(Bug::first_hit_wins)) break;
    }
    cost.data_blocks_found += counts.data_blocks;
    cost.cache_hits += counts.cache_hits;
    cost.cache_misses += counts.cache_misses;
    return any;
}

LSM_TREE_TEMPLATE
bool LSM_TREE::probe(const File& file, std::string_view key, uint64_t hash, Sequence at,
                     const ReadContext& context, PinnedEntry& found, ReadCost& cost) const {
    if (counts_reads_) {
        file.count_read();
        probes_[context.level].fetch_add(1, std::memory_order_relaxed);
    }
    const bool filtered = file.table().filter_bits() > 0 || bug(Bug::empty_filter_says_no);
    if (filtered) {
        cost.filter_probes += 1;
        if (!file.table().may_contain(hash)) {
            cost.true_negatives += 1;
            cost.expected_false_positives += file.expected_false_positives;
            return false;
        }
    }
    cost.tables_probed += 1;
    bool hit = false;
    swallowing(Bug::read_error_is_not_found,
               [&] { hit = file.table().find(key, at, context, found); });
    if (hit) return true;
    if (filtered) {
        cost.false_positives += 1;
        cost.expected_false_positives += file.expected_false_positives;
    }
    return false;
}

/// Whether there is a hit, now that the range tombstones beside `found` are asked too.
LSM_TREE_TEMPLATE
bool LSM_TREE::heed_ranges(const RangeTombstones& ranges, std::string_view key, Sequence at,
                           bool any, PinnedEntry& found) {
    const Sequence covering = ranges.newest_covering(key, at);
    if (covering == 0 || (any && found.entry.sequence > covering)) return any;
    found = {Entry::make(key, {}, covering, Kind::tombstone), {}};
    return true;
}

LSM_TREE_TEMPLATE
Snapshot LSM_TREE::snapshot() const {
    if (bug(Bug::snapshot_number_taken_outside_lock)) {
        const Sequence early = visible_.load(std::memory_order_relaxed);
        const Lock lock(mutex_);
        return Snapshot(snapshots_, early);
    }
    const Lock lock(mutex_);
    return Snapshot(snapshots_, visible_.load(std::memory_order_relaxed));
}

LSM_TREE_TEMPLATE
std::unique_ptr<TreeCursor> LSM_TREE::cursor_at(const Snapshot* snapshot) const {
    struct Pin {
        std::shared_ptr<const View> view;
        MemtableRanges::Lists memtable_ranges;
        ReadCounts counts;
    };
    auto pin = std::make_shared<Pin>();
    Sequence at = 0;
    uint64_t now = 0;
    {
        const Lock lock(mutex_);
        pin->view = view_owner_;
        now = tick();
        at = read_at(snapshot);
    }
    std::vector<std::unique_ptr<Cursor>> inputs;
    const auto take_slot = [&](const Slot& slot) {
        inputs.push_back(slot.cursor());
        for (auto& list : slot.ranges().all()) pin->memtable_ranges.push_back(std::move(list));
    };
    take_slot(*pin->view->active);
    for (const auto& slot : pin->view->waiting) take_slot(*slot);
    RangeView ranges;
    for (const auto& list : pin->memtable_ranges) ranges.add({list.get()});
    for (const auto& run : pin->view->version->runs) {
        const ReadContext context{Cause::scan, static_cast<uint8_t>(std::min(run.level, 255)), true,
                                  &pin->counts};
        inputs.push_back(run_cursor(run.tables, context));
        std::vector<const RangeTombstones*> of_run;
        for (const auto& table : run.tables) {
            if (table->ranges != nullptr) of_run.push_back(table->ranges);
        }
        ranges.add(std::move(of_run));
    }
    auto finish = [this, pin = pin.get()](ReadCost cost) {
        cost.scan_data_blocks = pin->counts.data_blocks;
        cost.cache_hits = pin->counts.cache_hits;
        cost.cache_misses = pin->counts.cache_misses;
        read_statistics_.add(cost);
    };
    return std::make_unique<TreeCursor>(std::make_unique<MergingCursor>(std::move(inputs)),
                                        std::move(ranges), at, now, std::move(pin), finish);
}

LSM_TREE_TEMPLATE
TreeShape LSM_TREE::shape() const {
    const Lock lock(mutex_);
    TreeShape shape = state_.shape;
    shape.tick = tick();
    return shape;
}

LSM_TREE_TEMPLATE
uint64_t LSM_TREE::runs_allowed(int level) const {
    return compaction_.runs_allowed(shape(), level);
}

LSM_TREE_TEMPLATE
std::vector<std::string> LSM_TREE::warnings() const {
    const Lock lock(mutex_);
    std::vector<std::string> warnings = warnings_.all();
    if (shortage_) warnings.push_back(disk_full(options_.folder, shortage_text_).what());
    if (!put_off_.empty())
        warnings.push_back("compactions wait for the next flush since: " + put_off_);
    for (const auto& [id, file] : tables_) {
        if (!file->table().warning().empty()) warnings.push_back(file->table().warning());
    }
    return warnings;
}

LSM_TREE_TEMPLATE
EngineCounters LSM_TREE::counters() const {
    const Lock lock(mutex_);
    EngineCounters counters = counters_;
    read_statistics_.fill(counters);
    fill_from_ledger(ledger_.snapshot(), counters);
    counters.memtable_bytes = view_owner_->active->logical_bytes();
    for (const auto& slot : view_owner_->waiting) counters.memtable_bytes += slot->logical_bytes();
    uint64_t oldest = UINT64_MAX;
    for (int number = 1; number <= state_.shape.last_level(); ++number) {
        const LevelShape& level = state_.shape.level(number);
        const uint64_t logical = level.logical_bytes();
        const uint64_t capacity = capacity_of(compaction_, state_.shape, number);
        counters.logical_bytes += logical;
        if (capacity > 0 && logical > capacity)
            counters.compaction_debt_bytes += logical - capacity;
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                counters.stored_bytes += table.stored_bytes;
                if (table.has_tombstones()) oldest = std::min(oldest, table.oldest_tombstone_tick);
            }
        }
    }
    for (const auto& [id, file] : tables_)
        counters.filter_memory_bytes += file->table().filter_bits() / 8;
    if (oldest != UINT64_MAX) counters.oldest_tombstone_age = tick() - std::min(tick(), oldest);
    return counters;
}

}  // namespace lsm
