// The write side of the simulator: flushes and compactions. Reads are in simulated_reads.cpp.
#include "framework/simulate/simulated_tree.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "framework/base/error.hpp"

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

}  // namespace

std::optional<uint64_t> KeyNumbers::first_from(std::string_view key) const {
    if (name(largest) < key) return std::nullopt;
    uint64_t low = 0;
    uint64_t high = largest;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (name(middle) < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/// What a choice takes: the tables by run, newest first, and sums over them.
struct SimulatedTree::Inputs {
    struct Part {
        int level = 1;
        bool overtakes = false;
        std::vector<TableId> tables;
        uint64_t entries = 0;
    };
    std::vector<Part> runs;
    std::set<TableId> ids;
    std::vector<TableNote> notes;
    size_t first_run = 0;  // of all runs: newer ones give nothing
    uint64_t entries = 0;
    uint64_t tombstones = 0;
    uint64_t logical_bytes = 0;
    uint64_t stored_bytes = 0;
    uint64_t oldest_tombstone_tick = UINT64_MAX;
    uint64_t newest_write_tick = 0;
};

struct SimulatedTree::Written {
    std::vector<TableShape> tables;
    uint64_t entries = 0;
    uint64_t stored_bytes = 0;
    uint64_t blocks = 0;
};

SimulatedTree::SimulatedTree(const SimulatorOptions& options)
    : options_(options),
      sizing_(options.bloom),
      filter_(options.filter),
      format_(options.format),
      compaction_(options.compaction),
      counts_reads_(compaction_.wants_reads() || sizing_.wants_probes),
      stored_size_(format_, filter_,
                   {options.format.name, options.filter_name, options.block_size}) {
    shape_.memtable_bytes = options.memtable_size;
    shape_.table_bytes = options.table_size;
    shape_.seed = options.seed;
    next_file_ = 3;  // the tree's first log and manifest
}

template <class Work>
void SimulatedTree::guarded(Work work) {
    if (failure_) std::rethrow_exception(failure_);
    try {
        work();
    } catch (...) {
        failure_ = std::current_exception();
        throw;
    }
}

void SimulatedTree::memtable_is_full() {
    guarded([this] {
        if (sequence_ >= kMostWrites) {
            throw Error(ErrorKind::usage,
                        "the simulator numbers at most " + std::to_string(kMostWrites) + " writes",
                        {}, "make the workload smaller");
        }
        flush_memtable();
        compact();
    });
}

void SimulatedTree::flush() {
    if (memtable_.entries() == 0) return;
    guarded([this] {
        flush_memtable();
        compact();
    });
}

void SimulatedTree::settle() {
    guarded([this] { compact(); });
}

void SimulatedTree::flush_memtable() {
    next_file_ += 1;  // the tree's next log
    TableShape origin;
    origin.created_tick = sequence_;
    origin.oldest_tombstone_tick = memtable_first_tick_;
    origin.newest_write_tick = sequence_;
    const double bits = bits_per_key(1, memtable_.entries(), {}, {});

    const std::vector<KeyEntry>& sorted = memtable_.sorted();
    MergeRun run;
    run.entries = sorted.size();
    run.tables.push_back(pool_.take(sorted.size()));
    std::copy(sorted.begin(), sorted.end(), run.tables[0].begin());
    run.tables[0].set_size(sorted.size());
    TableSums sums;
    sums.add(sorted.data(), sorted.data() + sorted.size());
    CutPlan plan;
    plan.table_size = options_.table_size;
    plan.largest_bytes = sums.largest_bytes;
    plan.expected_bytes = sums.bytes / std::max<size_t>(sorted.size(), 1);
    std::vector<MergeRun> runs;
    runs.push_back(std::move(run));
    KeyMerge merge(std::move(runs), false, pool_);
    const Written written = write_run(merge, plan, origin, bits);

    TreeEdit edit;
    EngineEvent event;
    event.type = EngineEvent::Type::flush;
    event.bytes_written = written.stored_bytes;
    event.entries_dropped = memtable_.entries() - written.entries;
    event.reason = "the memtable is full";
    const RunId id = next_run_++;
    for (const TableShape& table : written.tables) {
        edit.added.push_back({1, id, false, table});
        event.outputs.push_back(note_of(table, 1, id));
    }
    memtable_.clear();
    shape_.flush_ticks = sequence_ - memtable_first_tick_;
    memtable_first_tick_ = sequence_;
    count_written(1, written, true);
    counters_.flushes += 1;
    choices_ = 0;
    install(edit, event);
}

/// Tells the shape where lookups went, when a policy wants to know.
void SimulatedTree::note_reads() {
    if (!counts_reads_) return;
    for (size_t i = 0; i < shape_.levels.size(); ++i) {
        shape_.levels[i].probes = probes_[std::min<size_t>(i + 1, 255)];
        for (RunShape& run : shape_.levels[i].runs) {
            for (TableShape& table : run.tables) table.reads = tables_.at(table.id)->reads;
        }
    }
}

Choice SimulatedTree::ask_strategy() const {
    try {
        return compaction_.choose(shape_);
    } catch (const std::exception& error) {
        throw Error(ErrorKind::config, "compaction policy " + options_.compaction_name +
                                           " failed to choose: " + error.what());
    }
}

void SimulatedTree::compact() {
    while (true) {
        shape_.tick = sequence_;
        note_reads();
        const Choice choice = ask_strategy();
        if (choice.action == Choice::Action::nothing) return;
        check_choice(shape_, choice, options_.compaction_name, compaction_.may_drop);
        choices_ += 1;
        if (choices_ > kChoicesWithoutFlush + kChoicesPerTable * tables_.size()) {
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

auto SimulatedTree::collect(const Choice& choice) const -> Inputs {
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
                inputs.logical_bytes += table.logical_bytes;
                inputs.stored_bytes += table.stored_bytes;
                inputs.newest_write_tick =
                    std::max(inputs.newest_write_tick, table.newest_write_tick);
                if (table.tombstones > 0) {
                    inputs.oldest_tombstone_tick =
                        std::min(inputs.oldest_tombstone_tick, table.oldest_tombstone_tick);
                }
            }
            if (!part.tables.empty()) {
                if (inputs.runs.empty()) inputs.first_run = place;
                if (run.overtakes) inputs.first_run = 0;  // what it has overtaken is older
                inputs.entries += part.entries;
                inputs.runs.push_back(std::move(part));
            }
            ++place;
        }
    }
    return inputs;
}

double SimulatedTree::bits_per_key(int level, uint64_t entries, const std::vector<TableId>& inputs,
                                   const std::optional<RunId>& join) {
    note_reads();
    TreeShape after = shape_;
    TreeEdit removal;
    removal.removed = inputs;
    apply_edit(after, removal);
    uint64_t joined = 0;
    for (const RunShape& run : after.level(level).runs) {
        if (join && run.id == *join) joined = run.entries();
    }
    return sizing_.bits_per_key(
        BloomQuestion{after, level, entries + joined, joined,
                      [this](double bits) { return filter_.false_positive_rate(bits); },
                      level_limits(compaction_, shape_, after, level)});
}

/// The rule of adr/0011: a tombstone goes only when no table outside the merge, at or behind the
/// first input's place, may hold its key. Key ranges alone decide; the answer is for ascending
/// numbers.
std::function<bool(uint64_t)> SimulatedTree::older_data(const Inputs& inputs) {
    using Range = std::pair<uint64_t, uint64_t>;
    std::vector<Range> ranges;
    const auto& all = runs();
    for (size_t i = 0; i < all.size(); ++i) {
        if (i < inputs.first_run && !all[i].overtakes) continue;
        for (const KeyTable* table : all[i].tables) {
            if (inputs.ids.count(table->id) == 0)
                ranges.emplace_back(table->smallest(), table->largest());
        }
    }
    std::sort(ranges.begin(), ranges.end());
    std::vector<Range> joined;
    for (const Range& range : ranges) {
        if (!joined.empty() && range.first <= joined.back().second) {
            joined.back().second = std::max(joined.back().second, range.second);
        } else {
            joined.push_back(range);
        }
    }
    return [ranges = std::move(joined), at = size_t{0}](uint64_t number) mutable {
        while (at < ranges.size() && ranges[at].second < number) ++at;
        return at < ranges.size() && ranges[at].first <= number;
    };
}

CutPlan SimulatedTree::cut_plan(const Inputs& inputs, const Choice& choice) {
    CutPlan plan;
    plan.table_size = options_.table_size;
    plan.expected_bytes = inputs.logical_bytes / std::max<uint64_t>(inputs.entries, 1);
    for (const Inputs::Part& part : inputs.runs) {
        for (const TableId id : part.tables)
            plan.largest_bytes = std::max(plan.largest_bytes, tables_.at(id)->largest_bytes);
    }
    for (const std::string& key : choice.cut_keys) {
        if (const auto number = keys_.first_from(key)) plan.cuts.push_back(*number);
    }
    if (inputs.tombstones > 0) plan.keeps_tombstone = older_data(inputs);
    return plan;
}

std::vector<MergeRun> SimulatedTree::take_entries(const Inputs& inputs) {
    std::vector<MergeRun> runs;
    for (const Inputs::Part& part : inputs.runs) {
        MergeRun run;
        run.entries = part.entries;
        for (const TableId id : part.tables)
            run.tables.push_back(std::move(tables_.at(id)->entries));
        runs.push_back(std::move(run));
    }
    return runs;
}

void SimulatedTree::merge(const Choice& choice) {
    const Inputs inputs = collect(choice);
    TableShape origin;
    origin.created_tick = sequence_;
    origin.oldest_tombstone_tick = inputs.oldest_tombstone_tick;
    origin.newest_write_tick = inputs.newest_write_tick;
    const double bits =
        bits_per_key(choice.output_level, inputs.entries, choice.inputs, choice.join);
    const RunId run = choice.join ? *choice.join : next_run_++;
    const bool overtakes = output_overtakes(shape_, choice);
    const CutPlan plan = cut_plan(inputs, choice);
    const bool by_sequence = std::any_of(inputs.runs.begin(), inputs.runs.end(),
                                         [](const auto& part) { return part.overtakes; });
    runs_known_ = false;
    KeyMerge merge(take_entries(inputs), by_sequence, pool_);
    const Written written = write_run(merge, plan, origin, bits);

    TreeEdit edit;
    edit.removed = choice.inputs;
    if (choice.cursor_level) edit.cursor = TreeEdit::Cursor{*choice.cursor_level, choice.cursor};
    EngineEvent event;
    event.type = EngineEvent::Type::compaction;
    event.inputs = inputs.notes;
    event.bytes_read = inputs.stored_bytes;
    event.bytes_written = written.stored_bytes;
    event.entries_dropped = inputs.entries - written.entries;
    event.score = choice.score;
    event.reason = choice.reason;
    for (const TableShape& table : written.tables) {
        edit.added.push_back({choice.output_level, run, overtakes, table});
        event.outputs.push_back(note_of(table, choice.output_level, run));
    }
    count_written(choice.output_level, written, false);
    for (const TableId id : choice.inputs) {
        const KeyTable& table = *tables_.at(id);
        counters_.compaction_bytes_read += table.data_bytes;
        counters_.device_reads += table.data_blocks;
        counters_.device_read_bytes += table.data_bytes;
    }
    counters_.compactions += 1;
    counters_.largest_compaction_bytes =
        std::max(counters_.largest_compaction_bytes, event.bytes_read + event.bytes_written);
    for (const TableId id : choice.inputs) tables_.erase(id);
    stored_bytes_ -= inputs.stored_bytes;
    install(edit, event);
}

void SimulatedTree::move_or_drop(const Choice& choice) {
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
        for (const TableId id : choice.inputs) {
            pool_.give(std::move(tables_.at(id)->entries));
            tables_.erase(id);
        }
        stored_bytes_ -= inputs.stored_bytes;
        event.entries_dropped = inputs.entries;
        counters_.drops += 1;
        counters_.dropped_entries += inputs.entries;
    }
    install(edit, event);
}

auto SimulatedTree::write_run(KeyMerge& merge, const CutPlan& plan, const TableShape& origin,
                              double bits) -> Written {
    Written written;
    RunCutter cutter(plan, pool_, [&](EntryArray entries, const TableSums& sums) {
        written.tables.push_back(add_table(std::move(entries), sums, origin, bits));
        written.entries += written.tables.back().entries;
        written.stored_bytes += written.tables.back().stored_bytes;
        // Beside the data blocks: index, properties and footer, and a filter if there is one.
        written.blocks += tables_.at(written.tables.back().id)->data_blocks + 3 +
                          (written.tables.back().filter_bits > 0 ? 1 : 0);
    });
    cutter.write(merge);
    return written;
}

TableShape SimulatedTree::add_table(EntryArray entries, const TableSums& sums,
                                    const TableShape& origin, double bits) {
    auto table = std::make_unique<KeyTable>();
    TableShape shape = origin;
    shape.id = next_file_++;
    shape.smallest = keys_.name(entries[0].number);
    shape.largest = keys_.name(entries[entries.size() - 1].number);
    shape.entries = entries.size();
    shape.tombstones = sums.tombstones;
    if (sums.tombstones == 0) shape.oldest_tombstone_tick = 0;
    shape.logical_bytes = sums.bytes;
    shape.oldest_sequence = sums.oldest_write >> 1;
    shape.newest_sequence = sums.newest_write >> 1;
    shape.filter_bits = stored_size_.filter_bits(entries.size(), bits);
    const StoredSize::Sizes sizes = stored_size_.of(entries, shape, keys_.encode);
    shape.stored_bytes = sizes.stored_bytes;

    table->id = shape.id;
    table->largest_bytes = sums.largest_bytes;
    table->filter_bits = shape.filter_bits;
    table->data_bytes = sizes.data_bytes;
    table->data_blocks = sizes.data_blocks;
    const double made_bits =
        static_cast<double>(shape.filter_bits) / static_cast<double>(entries.size());
    const double rate = shape.filter_bits > 0 ? filter_.false_positive_rate(made_bits) : 1;
    table->false_positives = static_cast<uint64_t>(rate * 0x1.0p32);
    // A block ends behind the entry that reaches its size.
    const uint64_t entry_bytes = std::max<uint64_t>(sums.bytes / entries.size(), 1);
    table->block_entries = (options_.block_size + entry_bytes - 1) / entry_bytes;
    table->entries = std::move(entries);
    tables_.emplace(shape.id, std::move(table));
    stored_bytes_ += shape.stored_bytes;
    counters_.stored_bytes_peak = std::max(counters_.stored_bytes_peak, stored_bytes_);
    return shape;
}

void SimulatedTree::count_written(int level, const Written& written, bool flush) {
    (flush ? counters_.flush_bytes : counters_.compaction_bytes_written) += written.stored_bytes;
    const auto index = static_cast<size_t>(level - 1);
    auto& by_level = counters_.level_bytes_written;
    if (by_level.size() <= index) by_level.resize(index + 1);
    by_level[index] += written.stored_bytes;
    counters_.device_writes += written.blocks;
    counters_.device_written_bytes += written.stored_bytes;
}

void SimulatedTree::install(const TreeEdit& edit, EngineEvent& event) {
    apply_edit(shape_, edit);
    runs_known_ = false;
    event.operations = sequence_;
    if (listener_) listener_(event);
}

}  // namespace lsm::simulate
