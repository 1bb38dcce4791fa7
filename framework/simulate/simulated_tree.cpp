// The write side of the simulator: what memtables and merges become. Reads are in
// simulated_reads.cpp.
#include "framework/simulate/simulated_tree.hpp"

#include <algorithm>
#include <utility>

#include "framework/base/error.hpp"

namespace lsm::simulate {

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

void SimulatedTree::flush_is_due() {
    guarded([this] {
        if (sequence_ >= kMostWrites) {
            throw Error(ErrorKind::usage,
                        "the simulator numbers at most " + std::to_string(kMostWrites) + " writes",
                        {}, "make the workload smaller");
        }
        flush_memtable();
    });
}

void SimulatedTree::refuse_entry() {
    throw Error(
        ErrorKind::usage,
        "the simulator knows entries of at most " + std::to_string(kMostEntryBytes) + " bytes", {},
        "make keys and values smaller");
}

void SimulatedTree::flush() {
    if (memtable_.empty()) return;
    guarded([this] { flush_memtable(); });
}

void SimulatedTree::flush_memtable() {
    Origin origin = begin_flush(memtable_.entries(), memtable_first_tick_);
    origin.shape.oldest_tombstone_tick = first_delete_;
    const std::vector<KeyEntry>& sorted = memtable_.sorted();
    MergeRun run;
    run.entries = sorted.size();
    run.tables.push_back(pool_.take(sorted.size()));
    std::copy(sorted.begin(), sorted.end(), run.tables[0].begin());
    run.tables[0].set_size(sorted.size());
    TableSums sums;
    sums.add(sorted.data(), sorted.data() + sorted.size(), nullptr);
    CutPlan plan;
    plan.table_size = options_.table_size;
    plan.largest_bytes = sums.largest_bytes;
    plan.alike = lifetimes_.empty() && sums.tombstones == 0 &&
                 sums.bytes == sorted.size() * sums.largest_bytes;
    plan.expected_bytes = sums.bytes / std::max<uint64_t>(sorted.size(), 1);
    plan.entries = sorted.size();
    plan.lifetimes = lifetimes();
    plan.range_bytes = range_bytes();
    std::optional<KeyRule> rule;
    if (!memtable_.ranges().empty() || !lifetimes_.empty()) {
        // What is older is on the levels: all tombstones stay.
        rule.emplace(OlderData::everywhere(), memtable_.ranges().all(), lifetimes_, keys_.key_bytes,
                     sequence_);
        plan.rule = &*rule;
    }
    std::vector<MergeRun> runs;
    runs.push_back(std::move(run));
    KeyMerge merge(std::move(runs), false, pool_);
    const Written written = write_run(merge, plan, origin);
    const uint64_t entries = memtable_.entries();
    memtable_.clear();
    memtable_bytes_ = 0;
    memtable_first_tick_ = sequence_;
    first_delete_ = UINT64_MAX;
    end_flush(written, entries);
}

/// The rule of adr/0011: a tombstone goes only when no table outside the merge, behind the newest
/// input run, may hold its key. Key ranges alone decide.
OlderData SimulatedTree::older_data(const Inputs& inputs) {
    std::vector<OlderData::Span> spans;
    const auto& all = runs();
    for (size_t i = 0; i < all.size(); ++i) {
        if (i < inputs.first_older && !all[i].overtakes) continue;
        for (const KeyTable* table : all[i].tables) {
            if (inputs.ids.count(table->id) == 0)
                spans.push_back({table->smallest, table->largest});
        }
    }
    return OlderData(std::move(spans));
}

/// Nothing where all entries stay.
std::optional<KeyRule> SimulatedTree::rule_of(const Inputs& inputs) {
    std::vector<KeyRange> ranges;
    for (const Inputs::Part& part : inputs.runs) {
        for (const TableId id : part.tables) {
            const KeyRanges& own = tables_.at(id)->ranges;
            ranges.insert(ranges.end(), own.begin(), own.end());
        }
    }
    if (inputs.tombstones == 0 && ranges.empty() && lifetimes_.empty()) return std::nullopt;
    return KeyRule(older_data(inputs), ranges, lifetimes_, keys_.key_bytes, sequence_);
}

CutPlan SimulatedTree::cut_plan(const Inputs& inputs, const Choice& choice) {
    CutPlan plan;
    plan.table_size = options_.table_size;
    plan.expected_bytes = inputs.logical_bytes / std::max<uint64_t>(inputs.entries, 1);
    plan.entries = inputs.entries;
    plan.lifetimes = lifetimes();
    plan.range_bytes = range_bytes();
    for (const Inputs::Part& part : inputs.runs) {
        for (const TableId id : part.tables)
            plan.largest_bytes = std::max(plan.largest_bytes, tables_.at(id)->largest_bytes);
    }
    const uint64_t entry_bytes = inputs.logical_bytes - inputs.range_tombstones * range_bytes();
    plan.alike = lifetimes_.empty() && inputs.tombstones == 0 &&
                 entry_bytes == inputs.entries * plan.largest_bytes;
    for (const std::string& key : choice.cut_keys) {
        if (const auto number = keys_.first_from(key)) plan.cuts.push_back(*number);
    }
    return plan;
}

auto SimulatedTree::merge_inputs(const Inputs& inputs, const Choice& choice, const Origin& origin)
    -> Written {
    CutPlan plan = cut_plan(inputs, choice);
    std::optional<KeyRule> rule = rule_of(inputs);
    if (rule) plan.rule = &*rule;
    Written read;
    std::vector<MergeRun> runs;
    bool by_sequence = false;
    for (const Inputs::Part& part : inputs.runs) {
        by_sequence = by_sequence || part.overtakes;
        MergeRun run;
        run.entries = part.entries;
        for (const TableId id : part.tables) {
            KeyTable& table = *tables_.at(id);
            read.data_bytes_read += table.data_bytes;
            read.data_blocks_read += table.data_blocks;
            run.tables.push_back(std::move(table.entries));
        }
        runs.push_back(std::move(run));
    }
    runs_known_ = false;
    for (const TableId id : choice.inputs) tables_.erase(id);
    KeyMerge merge(std::move(runs), by_sequence, pool_);
    Written written = write_run(merge, plan, origin);
    written.data_bytes_read = read.data_bytes_read;
    written.data_blocks_read = read.data_blocks_read;
    return written;
}

void SimulatedTree::let_go(const Inputs& inputs) {
    for (const TableId id : inputs.ids) {
        pool_.give(std::move(tables_.at(id)->entries));
        tables_.erase(id);
    }
}

void SimulatedTree::note_reads() {
    for (size_t i = 0; i < shape_.levels.size(); ++i) {
        shape_.levels[i].probes = probes_[std::min<size_t>(i + 1, 255)];
        for (RunShape& run : shape_.levels[i].runs) {
            for (TableShape& table : run.tables) table.reads = tables_.at(table.id)->reads;
        }
    }
}

auto SimulatedTree::write_run(KeyMerge& merge, const CutPlan& plan, const Origin& origin)
    -> Written {
    Written written;
    RunCutter cutter(plan, pool_, [&](EntryArray entries, KeyRanges ranges, const TableSums& sums) {
        add_table(std::move(entries), std::move(ranges), sums, origin, written);
    });
    cutter.write(merge);
    if (plan.rule == nullptr) return written;
    written.final_tombstones = plan.rule->dropped().count;
    written.final_writes = plan.rule->dropped().sum;
    written.oldest_final = plan.rule->dropped().oldest;
    return written;
}

/// All but the id, and what the format adds.
TableShape SimulatedTree::shape_of(const EntryArray& entries, const KeyRanges& ranges,
                                   const TableSums& sums, const Origin& origin) const {
    TableShape shape = origin.shape;
    shape.entries = entries.size();
    shape.tombstones = sums.tombstones;
    shape.range_tombstones = ranges.size();
    shape.logical_bytes = sums.bytes + ranges.size() * range_bytes();
    shape.oldest_sequence = sums.oldest_write;
    shape.newest_sequence = sums.newest_write;
    for (const KeyRange& range : ranges) {
        shape.oldest_sequence = std::min<Sequence>(shape.oldest_sequence, range.write);
        shape.newest_sequence = std::max<Sequence>(shape.newest_sequence, range.write);
    }
    if (entries.size() > 0) {
        shape.smallest = keys_.name(entries[0].number);
        shape.largest = keys_.name(entries[entries.size() - 1].number);
    }
    if (!ranges.empty()) {
        const std::string first = keys_.name(ranges.front().first);
        const std::string end = keys_.name(ranges.back().end);
        if (entries.size() == 0 || first < shape.smallest) shape.smallest = first;
        shape.largest_open = entries.size() == 0 || end > shape.largest;
        if (shape.largest_open) shape.largest = end;
    }
    const uint64_t deletes = sums.tombstones + ranges.size();
    if (deletes == 0) {
        shape.oldest_tombstone_tick = 0;
    } else if (deletes == sums.expired) {
        shape.oldest_tombstone_tick = shape.created_tick;
    }
    const bool some_stay = sums.tombstones + sums.expiring < entries.size();
    shape.expires_tick = some_stay ? 0 : sums.last_expiry;
    return shape;
}

void SimulatedTree::add_table(EntryArray entries, KeyRanges ranges, const TableSums& sums,
                              const Origin& origin, Written& written) {
    auto table = std::make_unique<KeyTable>();
    TableShape shape = shape_of(entries, ranges, sums, origin);
    shape.id = next_file_++;
    std::vector<RangeFragment> fragments;
    for (const KeyRange& range : ranges)
        fragments.push_back({keys_.name(range.first), keys_.name(range.end), {range.write}});
    const uint64_t sampled = StoredSize::sample_entries(entries.size());
    const StoredSize::Sizes sizes =
        size_table(shape, origin.bits_per_key,
                   {{entries.begin() + (entries.size() - sampled) / 2, sampled},
                    keys_.encode,
                    sums.expiring,
                    RangeTombstones(std::move(fragments))});
    written.add(shape, sizes.data_blocks);

    table->id = shape.id;
    table->largest_bytes = sums.largest_bytes;
    table->filter_bits = shape.filter_bits;
    table->data_bytes = sizes.data_bytes;
    table->data_blocks = sizes.data_blocks;
    const auto count = static_cast<double>(std::max<uint64_t>(entries.size(), 1));
    const double made_bits = static_cast<double>(shape.filter_bits) / count;
    const double rate = shape.filter_bits > 0 ? filter_.false_positive_rate(made_bits) : 1;
    table->false_positives = static_cast<uint64_t>(rate * 0x1.0p32);
    // A block ends behind the entry that reaches its size.
    const uint64_t entry_bytes =
        std::max<uint64_t>(sums.bytes / std::max<uint64_t>(entries.size(), 1), 1);
    table->block_entries = (options_.block_size + entry_bytes - 1) / entry_bytes;
    if (entries.size() > 0) {
        table->smallest = entries[0].number;
        table->largest = entries[entries.size() - 1].number;
    }
    if (!ranges.empty()) {
        const bool alone = entries.size() == 0;
        table->smallest =
            alone ? ranges.front().first : std::min(table->smallest, ranges.front().first);
        table->largest = std::max(table->largest, ranges.back().end - 1);
    }
    table->entries = std::move(entries);
    table->ranges = std::move(ranges);
    tables_.emplace(shape.id, std::move(table));
}

}  // namespace lsm::simulate
