#include "framework/simulate/shaped_tree.hpp"

#include <algorithm>
#include <utility>

#include "framework/base/error.hpp"
#include "framework/simulate/shape_without.hpp"

namespace lsm::simulate {

namespace {

// As the tree has them: how many choices a strategy may make between two flushes.
constexpr uint64_t kChoicesWithoutFlush = 10'000;
constexpr uint64_t kChoicesPerTable = 100;

TableNote note_of(const TableShape& table, int level, RunId run) {
    return {table.id,           level,         run,
            table.smallest,     table.largest, table.logical_bytes,
            table.stored_bytes, table.entries, table.tombstones};
}

/// Beside the data blocks: index, properties and footer, and what else the table has.
uint64_t frame_blocks(const TableShape& table) {
    return 3 + (table.filter_bits > 0 ? 1 : 0) + (table.range_tombstones > 0 ? 1 : 0);
}

}  // namespace

void ShapedTree::Written::add(const TableShape& table, uint64_t data_blocks) {
    tables.push_back(table);
    entries += table.entries;
    stored_bytes += table.stored_bytes;
    blocks += data_blocks + frame_blocks(table);
}

ShapedTree::ShapedTree(const SimulatorOptions& options)
    : options_(options),
      sizing_(options.bloom),
      filter_(options.filter),
      format_(options.format),
      compaction_(options.compaction),
      counts_reads_(compaction_.wants_reads() || sizing_.wants_probes),
      stored_size_(format_, filter_,
                   {options.format.name, options.filter_name, options.block_size}),
      lifetime_(compaction_.tombstone_lifetime()) {
    shape_.memtable_bytes = options.memtable_size;
    shape_.table_bytes = options.table_size;
    shape_.seed = options.seed;
}

void ShapedTree::settle() {
    guarded([this] { compact(); });
}

auto ShapedTree::begin_flush(uint64_t entries, uint64_t first_tick) -> Origin {
    next_file_ += 1;  // the tree's next log
    lifetime_.note_flush();
    flush_first_tick_ = first_tick;
    Origin origin;
    origin.shape.created_tick = sequence_;
    origin.shape.newest_write_tick = sequence_;
    origin.bits_per_key = bits_per_key(1, entries, {}, {});
    return origin;
}

void ShapedTree::end_flush(const Written& written, uint64_t entries) {
    TreeEdit edit;
    EngineEvent event;
    event.type = EngineEvent::Type::flush;
    event.bytes_written = written.stored_bytes;
    event.entries_dropped = entries - written.entries;
    event.reason = "the memtable is full";
    const RunId run = next_run_++;
    for (const TableShape& table : written.tables) {
        edit.added.push_back({1, run, false, table});
        event.outputs.push_back(note_of(table, 1, run));
    }
    tables_there_ += written.tables.size();
    shape_.flush_ticks = sequence_ - flush_first_tick_;
    count_written(1, written, true);
    counters_.flushes += 1;
    choices_ = 0;
    install(edit, event);
    compact();
}

Choice ShapedTree::ask_strategy() const {
    try {
        return compaction_.choose(shape_);
    } catch (const std::exception& error) {
        throw Error(ErrorKind::config, "compaction policy " + options_.compaction_name +
                                           " failed to choose: " + error.what());
    }
}

void ShapedTree::compact() {
    while (true) {
        shape_.tick = sequence_;
        if (counts_reads_) note_reads();
        const Choice choice = ask_strategy();
        if (choice.action == Choice::Action::nothing) {
            lifetime_.note_rest(shape_, sequence_);
            return;
        }
        check_choice(shape_, choice, options_.compaction_name, compaction_.may_drop);
        choices_ += 1;
        if (choices_ > kChoicesWithoutFlush + kChoicesPerTable * tables_there_) {
            throw Error(ErrorKind::config,
                        "compaction policy " + options_.compaction_name + " never comes to rest: " +
                            std::to_string(choices_) + " choices since the last flush",
                        {}, "choose() must say nothing once the shape is as it should be");
        }
        if (choice.action == Choice::Action::merge) {
            merge(choice);
        } else {
            move_or_drop(choice);
        }
    }
}

auto ShapedTree::collect(const Choice& choice) const -> Inputs {
    Inputs inputs;
    inputs.ids.insert(choice.inputs.begin(), choice.inputs.end());
    size_t place = 0;
    for (int number = 1; number <= shape_.last_level(); ++number) {
        for (const RunShape& run : shape_.level(number).runs) {
            Inputs::Part part{number, run.overtakes, {}, 0};
            for (const TableShape& table : run.tables) {
                if (inputs.ids.count(table.id) == 0) continue;
                part.tables.push_back(table.id);
                part.entries += table.entries;
                inputs.notes.push_back(note_of(table, number, run.id));
                inputs.tombstones += table.tombstones;
                inputs.range_tombstones += table.range_tombstones;
                inputs.logical_bytes += table.logical_bytes;
                inputs.stored_bytes += table.stored_bytes;
                inputs.newest_write_tick =
                    std::max(inputs.newest_write_tick, table.newest_write_tick);
                if (table.has_tombstones()) {
                    inputs.oldest_tombstone_tick =
                        std::min(inputs.oldest_tombstone_tick, table.oldest_tombstone_tick);
                }
            }
            if (!part.tables.empty()) {
                // What the newest input run keeps outside of the merge is newer than all inputs.
                if (inputs.runs.empty()) inputs.first_older = place + 1;
                if (run.overtakes) inputs.first_older = 0;  // what it has overtaken is older
                inputs.entries += part.entries;
                inputs.runs.push_back(std::move(part));
            }
            ++place;
        }
    }
    return inputs;
}

/// The shape with a table for each level, which holds the level's entries and bytes: all that is
/// asked of the tree as it was before an edit.
static TreeShape totals_by_level(const TreeShape& shape) {
    TreeShape totals;
    for (const LevelShape& level : shape.levels) {
        TableShape table;
        table.entries = level.entries();
        table.logical_bytes = level.logical_bytes();
        totals.levels.emplace_back();
        if (table.entries > 0) totals.levels.back().runs.push_back({0, {table}});
    }
    return totals;
}

double ShapedTree::bits_per_key(int level, uint64_t entries, const std::set<TableId>& inputs,
                                const std::optional<RunId>& join) {
    const TreeShape before = totals_by_level(shape_);
    if (counts_reads_) note_reads();
    const ShapeWithout after(shape_, inputs);
    uint64_t joined = 0;
    for (const RunShape& run : shape_.level(level).runs) {
        if (join && run.id == *join) joined = run.entries();
    }
    return sizing_.bits_per_key(
        BloomQuestion{shape_, level, entries + joined, joined,
                      [this](double bits) { return filter_.false_positive_rate(bits); },
                      level_limits(compaction_, before, shape_, level)});
}

void ShapedTree::merge(const Choice& choice) {
    const Inputs inputs = collect(choice);
    Origin origin;
    origin.shape.created_tick = sequence_;
    origin.shape.oldest_tombstone_tick = inputs.oldest_tombstone_tick;
    origin.shape.newest_write_tick = inputs.newest_write_tick;
    origin.bits_per_key =
        bits_per_key(choice.output_level, inputs.entries, inputs.ids, choice.join);
    const RunId run = choice.join ? *choice.join : next_run_++;
    const bool overtakes = output_overtakes(shape_, choice);
    const Written written = merge_inputs(inputs, choice, origin);

    TreeEdit edit;
    edit.removed = choice.inputs;
    if (choice.cursor_level) edit.cursor = TreeEdit::Cursor{*choice.cursor_level, choice.cursor};
    EngineEvent event;
    event.type = EngineEvent::Type::compaction;
    event.inputs = inputs.notes;
    event.bytes_read = inputs.stored_bytes;
    event.bytes_written = written.stored_bytes;
    event.entries_dropped = inputs.entries - std::min(inputs.entries, written.entries);
    event.score = choice.score;
    event.reason = choice.reason;
    for (const TableShape& table : written.tables) {
        edit.added.push_back({choice.output_level, run, overtakes, table});
        event.outputs.push_back(note_of(table, choice.output_level, run));
    }
    count_written(choice.output_level, written, false);
    counters_.compaction_bytes_read += written.data_bytes_read;
    counters_.device_reads += written.data_blocks_read;
    counters_.device_read_bytes += written.data_bytes_read;
    counters_.compactions += 1;
    count_finals(written);
    counters_.largest_compaction_bytes =
        std::max(counters_.largest_compaction_bytes, event.bytes_read + event.bytes_written);
    stored_bytes_ -= inputs.stored_bytes;
    tables_there_ += written.tables.size() - choice.inputs.size();
    install(edit, event);
}

void ShapedTree::move_or_drop(const Choice& choice) {
    const bool move = choice.action == Choice::Action::move;
    TreeEdit edit;
    edit.removed = choice.inputs;
    if (choice.cursor_level) edit.cursor = TreeEdit::Cursor{*choice.cursor_level, choice.cursor};
    EngineEvent event;
    event.type = move ? EngineEvent::Type::move : EngineEvent::Type::drop;
    const Inputs inputs = collect(choice);
    event.inputs = inputs.notes;
    event.score = choice.score;
    event.reason = choice.reason;
    if (move) {
        const RunId run = choice.join ? *choice.join : next_run_++;
        const bool overtakes = output_overtakes(shape_, choice);
        for (const TableId id : choice.inputs) {
            const TableShape& table = *shape_.find_table(id);
            event.outputs.push_back(note_of(table, choice.output_level, run));
            edit.added.push_back({choice.output_level, run, overtakes, table});
        }
        counters_.moves += 1;
    } else {
        let_go(inputs);
        stored_bytes_ -= inputs.stored_bytes;
        tables_there_ -= choice.inputs.size();
        event.entries_dropped = inputs.entries;
        counters_.drops += 1;
        counters_.dropped_entries += inputs.entries;
    }
    install(edit, event);
}

StoredSize::Sizes ShapedTree::size_table(TableShape& table, double bits_per_key,
                                         const StoredSize::Sample& sample) {
    table.filter_bits = stored_size_.filter_bits(table.entries, bits_per_key);
    const StoredSize::Sizes sizes = stored_size_.of(sample, table);
    table.stored_bytes = sizes.stored_bytes;
    // What the tree reads to open it: all but the data blocks, once.
    counters_.device_reads += frame_blocks(table);
    counters_.device_read_bytes += sizes.stored_bytes - sizes.data_bytes;
    stored_bytes_ += sizes.stored_bytes;
    counters_.stored_bytes_peak = std::max(counters_.stored_bytes_peak, stored_bytes_);
    return sizes;
}

void ShapedTree::count_written(int level, const Written& written, bool flush) {
    (flush ? counters_.flush_bytes : counters_.compaction_bytes_written) += written.stored_bytes;
    const auto index = static_cast<size_t>(level - 1);
    auto& by_level = counters_.level_bytes_written;
    if (by_level.size() <= index) by_level.resize(index + 1);
    by_level[index] += written.stored_bytes;
    counters_.device_writes += written.blocks;
    counters_.device_written_bytes += written.stored_bytes;
}

void ShapedTree::install(const TreeEdit& edit, EngineEvent& event) {
    apply_edit(shape_, edit);
    shape_changed();
    event.operations = sequence_;
    if (listener_) listener_(event);
    lifetime_.check(shape_, sequence_, 0, options_.compaction_name);
}

void ShapedTree::count_finals(const Written& written) {
    if (written.final_tombstones == 0) return;
    counters_.final_tombstones += written.final_tombstones;
    counters_.final_tombstone_age_sum +=
        written.final_tombstones * sequence_ - written.final_writes;
    counters_.final_tombstone_age_max =
        std::max(counters_.final_tombstone_age_max, sequence_ - written.oldest_final);
}

TreeShape ShapedTree::shape() const {
    TreeShape shape = shape_;
    shape.tick = sequence_;
    return shape;
}

EngineCounters ShapedTree::counters() const {
    EngineCounters counters = counters_;
    counters.memtable_bytes = memtable_bytes_;
    uint64_t oldest = UINT64_MAX;
    for (int number = 1; number <= shape_.last_level(); ++number) {
        const LevelShape& level = shape_.level(number);
        const uint64_t logical = level.logical_bytes();
        const uint64_t capacity = compaction_.capacity(shape_, number);
        counters.logical_bytes += logical;
        if (capacity > 0 && logical > capacity)
            counters.compaction_debt_bytes += logical - capacity;
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                counters.stored_bytes += table.stored_bytes;
                counters.filter_memory_bytes += table.filter_bits / 8;
                if (table.has_tombstones()) oldest = std::min(oldest, table.oldest_tombstone_tick);
            }
        }
    }
    if (oldest != UINT64_MAX)
        counters.oldest_tombstone_age = sequence_ - std::min(sequence_, oldest);
    return counters;
}

}  // namespace lsm::simulate
