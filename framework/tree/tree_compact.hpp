// Compactions of Tree: carrying out a choice. Part of tree.hpp.
//
// A merge reads its input tables without a lock (they are marked busy and pinned), drops what no
// reader needs, and installs its outputs by one edit. A tombstone goes only when no table outside
// the merge, at or behind the first input's place, may hold its key; a range tombstone, when none
// may hold a key of its range.
#pragma once

#include "framework/base/bug_museum.hpp"
#include "framework/table/concatenated_cursor.hpp"
#include "framework/table/merging_cursor.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

/// One cursor over the tables of a run. The tables and the context's counts must outlive it.
template <class File>
std::unique_ptr<Cursor> run_cursor(const std::vector<std::shared_ptr<File>>& tables,
                                   const ReadContext& context) {
    std::vector<std::string_view> largest;
    for (const auto& table : tables) largest.push_back(table->largest);
    return std::make_unique<ConcatenatedCursor>(
        std::move(largest),
        [&tables, context](size_t index) { return tables[index]->table().cursor(context); });
}

LSM_TREE_TEMPLATE
void LSM_TREE::merge(const Choice& choice, Lock& lock) {
    const MergeInputs inputs = collect_inputs(choice);
    const auto level = static_cast<uint8_t>(std::min(choice.output_level, 255));
    const TableOrigin origin{Cause::compaction, level, tick(), inputs.oldest_tombstone_tick,
                             inputs.newest_write_tick};
    RunPlan plan = plan_run(origin, inputs.entries, choice.inputs, choice.join);
    plan.cut_keys = choice.cut_keys;
    const std::shared_ptr<const VersionType> version = view_owner_->version;
    const std::vector<Sequence> snapshots = snapshots_->sequences();
    if (!snapshots.empty()) note_kept();
    const RunId run = choice.join ? *choice.join : state_.next_run++;
    const bool overtakes = output_overtakes(state_.shape, choice);
    lock.unlock();

    std::vector<std::shared_ptr<File>> made;
    FinalTombstones finals;
    const WrittenRun written = write_merged(inputs, plan, *version, snapshots, made, finals);
    TreeEdit edit;
    edit.removed = choice.inputs;
    if (choice.cursor_level) edit.cursor = TreeEdit::Cursor{*choice.cursor_level, choice.cursor};
    EditExtras extras;
    extras.event.type = EngineEvent::Type::compaction;
    extras.event.inputs = inputs.notes;
    extras.event.bytes_read = inputs.stored_bytes;
    extras.event.bytes_written = written.stored_bytes;
    extras.event.entries_dropped = written.entries_dropped;
    extras.event.score = choice.score;
    extras.event.reason = choice.reason;
    for (const TableShape& table : written.tables) {
        edit.added.push_back({choice.output_level, run, overtakes, table});
        extras.event.outputs.push_back(note_of(table, choice.output_level, run));
    }
    install(edit, made, std::move(extras));
    lock.lock();
    count_finals(finals, inputs.oldest_tombstone_tick);
}

LSM_TREE_TEMPLATE
WrittenRun LSM_TREE::write_merged(const MergeInputs& inputs, const RunPlan& plan,
                                  const VersionType& version,
                                  const std::vector<Sequence>& snapshots,
                                  std::vector<std::shared_ptr<File>>& made,
                                  FinalTombstones& finals) {
    WrittenRun written;
    try {
        std::vector<std::unique_ptr<Cursor>> cursors;
        for (const auto& [level, tables] : inputs.runs) {
            const ReadContext context{Cause::compaction, static_cast<uint8_t>(std::min(level, 255)),
                                      false, nullptr};
            cursors.push_back(run_cursor(tables, context));
        }
        MergingCursor merged(std::move(cursors));
        auto older = [&](auto... keys) { return older_data_may_exist(inputs, version, keys...); };
        const RangeTombstones ranges = inputs.ranges();
        RunWriter<F, X>(files_, format_, filter_, plan, written)
            .write(merged,
                   VersionRule(snapshots, older, &ranges, plan.origin.created_tick, &finals),
                   kept_ranges(ranges, snapshots, older, &finals));
        made = open_written(written, plan.origin.level);
    } catch (...) {
        discard(written);
        throw;
    }
    return written;
}

LSM_TREE_TEMPLATE
bool LSM_TREE::older_data_may_exist(const MergeInputs& inputs, const VersionType& version,
                                    std::string_view key) const {
    if (bug(Bug::tombstone_dropped_early)) return false;
    const uint64_t prefix = key_prefix(key);
    for (size_t i = 0; i < version.runs.size(); ++i) {
        if (i < inputs.first_older && !version.runs[i].overtakes) continue;
        if (bug(Bug::tombstone_ignores_same_level) &&
            version.runs[i].level <= inputs.runs.back().first)
            continue;
        const File* file = version.runs[i].find(prefix, key);
        if (file != nullptr && inputs.ids.count(file->id) == 0) return true;
    }
    return false;
}

/// The same for keys from `first` to below `last`.
LSM_TREE_TEMPLATE
bool LSM_TREE::older_data_may_exist(const MergeInputs& inputs, const VersionType& version,
                                    std::string_view first, std::string_view last) const {
    const auto is_input = [&](TableId id) { return inputs.ids.count(id) != 0; };
    for (size_t i = 0; i < version.runs.size(); ++i) {
        if (i < inputs.first_older && !version.runs[i].overtakes) continue;
        if (version.runs[i].touches(first, last, is_input)) return true;
    }
    return false;
}

/// Under mutex_.
LSM_TREE_TEMPLATE
auto LSM_TREE::collect_inputs(const Choice& choice) const -> MergeInputs {
    MergeInputs inputs;
    inputs.ids.insert(choice.inputs.begin(), choice.inputs.end());
    size_t place = 0;
    for (int number = 1; number <= state_.shape.last_level(); ++number) {
        for (const RunShape& run : state_.shape.level(number).runs) {
            std::vector<std::shared_ptr<File>> tables;
            for (const TableShape& table : run.tables) {
                if (inputs.ids.count(table.id) == 0) continue;
                tables.push_back(tables_.at(table.id));
                inputs.notes.push_back(note_of(table, number, run.id));
                inputs.entries += table.entries;
                inputs.stored_bytes += table.stored_bytes;
                inputs.newest_write_tick =
                    std::max(inputs.newest_write_tick, table.newest_write_tick);
                if (table.has_tombstones()) {
                    inputs.oldest_tombstone_tick =
                        std::min(inputs.oldest_tombstone_tick, table.oldest_tombstone_tick);
                }
            }
            if (!tables.empty()) {
                // What the newest input run keeps outside of the merge is newer than all inputs.
                if (inputs.runs.empty()) inputs.first_older = place + 1;
                // What a run has overtaken is listed before it, and older.
                if (run.overtakes) inputs.first_older = 0;
                inputs.runs.emplace_back(number, std::move(tables));
            }
            ++place;
        }
    }
    return inputs;
}

/// What a new run is written by. Under mutex_.
LSM_TREE_TEMPLATE
RunPlan LSM_TREE::plan_run(const TableOrigin& origin, uint64_t entries,
                           const std::vector<TableId>& inputs, const std::optional<RunId>& join) {
    note_reads();
    TreeShape after = state_.shape;
    TreeEdit removal;
    removal.removed = inputs;
    apply_edit(after, removal);
    uint64_t joined = 0;
    for (const RunShape& run : after.level(origin.level).runs) {
        if (join && run.id == *join) joined = run.entries();
    }
    RunPlan plan;
    plan.names = names_;
    plan.settings = options_.table;
    plan.origin = origin;
    plan.table_size = options_.table_size;
    plan.bits_per_key = sizing_.bits_per_key(
        BloomQuestion{after, origin.level, entries + joined, joined,
                      [this](double bits) { return filter_.false_positive_rate(bits); },
                      level_limits(compaction_, state_.shape, after, origin.level)});
    plan.next_table = [this] {
        const Lock lock(mutex_);
        return state_.next_file++;
    };
    plan.path = [this](TableId id) { return table_path(options_.folder, id); };
    plan.wrote_table = [this](uint64_t bytes) { count_stored(bytes); };
    return plan;
}

LSM_TREE_TEMPLATE
auto LSM_TREE::open_written(const WrittenRun& written, int level)
    -> std::vector<std::shared_ptr<File>> {
    const ReadContext context{Cause::other, static_cast<uint8_t>(std::min(level, 255)), false,
                              nullptr};
    std::vector<std::shared_ptr<File>> made;
    for (const TableShape& table : written.tables) made.push_back(open_table(table, context));
    return made;
}

/// Removes what a failed flush or compaction wrote, as far as that goes; the next open removes the
/// rest.
LSM_TREE_TEMPLATE
void LSM_TREE::discard(const WrittenRun& written) {
    for (const std::string& path : written.paths) remove_file(path);
    const Lock lock(mutex_);
    stored_bytes_ -= std::min(stored_bytes_, written.stored_bytes);
}

LSM_TREE_TEMPLATE
void LSM_TREE::move_or_drop(const Choice& choice, Lock& lock) {
    const bool move = choice.action == Choice::Action::move;
    TreeEdit edit;
    edit.removed = choice.inputs;
    if (choice.cursor_level) edit.cursor = TreeEdit::Cursor{*choice.cursor_level, choice.cursor};
    EditExtras extras;
    extras.event.type = move ? EngineEvent::Type::move : EngineEvent::Type::drop;
    extras.event.inputs = collect_inputs(choice).notes;
    extras.event.score = choice.score;
    extras.event.reason = choice.reason;
    if (move) {
        const RunId run = choice.join ? *choice.join : state_.next_run++;
        const bool overtakes = output_overtakes(state_.shape, choice);
        for (const TableId id : choice.inputs) {
            TableShape table = *state_.shape.find_table(id);
            table.busy = false;
            extras.event.outputs.push_back(note_of(table, choice.output_level, run));
            edit.added.push_back({choice.output_level, run, overtakes, std::move(table)});
        }
    } else {
        for (const TableNote& note : extras.event.inputs)
            extras.event.entries_dropped += note.entries;
    }
    lock.unlock();
    install(edit, {}, std::move(extras));
}

/// Everything that touches the range, widened until no run is cut in a table's middle, into the
/// deepest level that it touches. Under mutex_.
LSM_TREE_TEMPLATE
Choice LSM_TREE::manual_choice(const std::optional<std::string>& first,
                               const std::optional<std::string>& last) const {
    std::optional<std::string> low = first, high = last;
    Choice choice;
    choice.reason = "asked for by hand";
    for (size_t before = SIZE_MAX; before != choice.inputs.size();) {
        before = choice.inputs.size();
        choice.inputs.clear();
        choice.join.reset();
        for (int number = 1; number <= state_.shape.last_level(); ++number) {
            for (const RunShape& run : state_.shape.level(number).runs) {
                for (const TableShape& table : run.tables) {
                    if ((high && table.smallest > *high) || (low && table.largest < *low)) continue;
                    choice.inputs.push_back(table.id);
                    if (choice.output_level != number) choice.join.reset();
                    choice.output_level = number;
                    choice.join = run.id;
                    if (low && table.smallest < *low) low = table.smallest;
                    if (high && table.largest > *high) high = table.largest;
                }
            }
        }
    }
    if (!choice.inputs.empty()) choice.action = Choice::Action::merge;
    return choice;
}

LSM_TREE_TEMPLATE
void LSM_TREE::compact(std::optional<std::string> first, std::optional<std::string> last) {
    if (first && last && *last < *first) {
        throw Error(ErrorKind::config, "the range to compact ends before it begins", {},
                    "give the smaller key first");
    }
    flush();
    Lock lock(mutex_);
    if (executor_->runs_inline()) {
        // Its jobs are queued and run by whoever has the turn.
        in_turn(lock, [&] { compact_alone(lock, first, last); });
    } else {
        compact_alone(lock, first, last);
    }
    throw_if_failed();
    throw_if_put_off();
}

/// While no other compaction runs.
LSM_TREE_TEMPLATE
void LSM_TREE::compact_alone(Lock& lock, const std::optional<std::string>& first,
                             const std::optional<std::string>& last) {
    changed_.wait(lock, [&] { return !manual_; });
    manual_ = true;
    changed_.wait(lock, [&] { return running_ == 0; });
    std::exception_ptr error;
    try {
        const Choice choice = manual_choice(first, last);
        put_off_.clear();
        if (!failure_ && choice.action == Choice::Action::merge) {
            set_busy(choice.inputs, true);
            running_ += 1;
            lock.unlock();
            run_choice(choice);
            lock.lock();
        }
    } catch (...) {
        error = std::current_exception();
    }
    manual_ = false;
    changed_.notify_all();
    schedule_compactions(lock);
    drain_inline(lock);
    if (error) std::rethrow_exception(error);
}

}  // namespace lsm
