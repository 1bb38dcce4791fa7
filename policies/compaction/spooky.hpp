// Spooky: leveling whose largest level is merged in partitions. The tables of the largest level
// cut the key space into partitions; the level above it is cut at the same keys, so that when it is
// full, one group of perfectly overlapping tables after the other merges into the largest level.
// Writes are those of full merges, while only one partition is on disk twice at a time. The levels
// above, which are small, are merged as a whole.
//
// Source: N. Dayan, T. Weiss, S. Dashevsky, M. Pan, E. Bortnikov, M. Twitto, "Spooky: Granulating
// LSM-Tree Compactions Correctly", VLDB 2022. With L the largest level, in order:
// 1. Level L - 1 is above capacity: its partitions go down to level L, in key order, until none is
//    left. The level's cursor is where the next one begins.
// 2. Level L is above capacity: it moves to level L + 1 without being written.
// 3. Full preemptive merge: a run that arrives on level 1 merges with as many levels below as would
//    not hold it, at most down to level L - 1.
// Where ours departs from it:
// - One level is partitioned (X = 1 in the paper's terms of how many; it also partitions more, and
//   dual-level merges for data that grows slowly).
// - Partitions are the tables of level L, as format.table_size cuts them; the paper keeps their
//   sizes equal. What a merge leaves over goes with the next table, so that none stays small.
// - Capacities are those of adr/0004-capacity-and-spill.md: (T-1) T^(i-1) memtables on level i.
// - A partition that meets nothing on level L moves.
#pragma once

#include "framework/base/size.hpp"
#include "framework/policy/compaction/granularities.hpp"
#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/movements.hpp"

namespace lsm::compaction {

class Spooky {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        static OptionTable<Options> table() { return {size_ratio_option<Options>()}; }
    };
    static constexpr std::string_view about =
        "leveling, the last level merged in partitions of perfectly overlapping tables (VLDB 2022)";
    static constexpr Mapping mapping{"level_size", "leveling",
                                     "level; by partitions into the last level", "-"};

    explicit Spooky(const Options& options) : sizes_{options.size_ratio} {}

    Choice choose(const TreeShape& shape) const {
        const int last = shape.last_level();
        Choice choice = merge_partition(shape, last);
        if (choice.action == Choice::Action::nothing) choice = deepen(shape, last);
        if (choice.action == Choice::Action::nothing) choice = merge_upper(shape, last);
        return choice;
    }

    uint64_t runs_allowed(const TreeShape&, int) const { return 1; }
    uint64_t capacity(const TreeShape& shape, int level) const {
        return sizes_.capacity(shape, level);
    }

  private:
    bool above_capacity(const TreeShape& shape, int level) const {
        return shape.level(level).logical_bytes() > capacity(shape, level);
    }

    std::string fill(const TreeShape& shape, int level) const {
        return "level " + std::to_string(level) + " holds " +
               format_size(shape.level(level).logical_bytes()) + " of at most " +
               format_size(capacity(shape, level));
    }

    double score(const TreeShape& shape, int level) const {
        return static_cast<double>(shape.level(level).logical_bytes()) /
               static_cast<double>(capacity(shape, level));
    }

    /// The next partition of the last level but one.
    Choice merge_partition(const TreeShape& shape, int last) const {
        const int upper = last - 1;
        const LevelShape& level = shape.level(upper);
        const bool begun = !level.cursor.empty();
        const bool due = begun || (level.runs.size() == 1 && above_capacity(shape, upper));
        if (level.runs.empty() || !due || busy_between(shape, upper, last)) {
            return Choice::nothing();
        }
        const RunShape& run = level.runs.back();
        const RunShape& largest = shape.level(last).runs.front();
        const auto& below = largest.tables;
        // The partition that the first table left belongs to.
        auto next = begun
                        ? std::lower_bound(below.begin(), below.end(), level.cursor, begins_before)
                        : below.begin();
        while (next != below.end()) {
            next = below.begin() + static_cast<std::ptrdiff_t>(partition_end(
                                       shape, below, static_cast<size_t>(next - below.begin())));
            if (next != below.end() && run.tables.front().smallest < next->smallest) break;
        }
        size_t end = 1;  // tables of the upper run that begin before the next partition does
        while (end < run.tables.size() &&
               (next == below.end() || run.tables[end].smallest < next->smallest)) {
            ++end;
        }
        Choice choice;
        for (size_t i = 0; i < end; ++i) choice.inputs.push_back(run.tables[i].id);
        const auto [from, past] =
            overlapping_tables(largest, run.tables.front().smallest, run.tables[end - 1].largest);
        for (size_t i = from; i < past; ++i) choice.inputs.push_back(largest.tables[i].id);
        choice.action = from < past ? Choice::Action::merge : Choice::Action::move;
        choice.output_level = last;
        choice.join = largest.id;
        choice.cursor_level = upper;
        choice.cursor = end == run.tables.size() ? "" : next->smallest;
        choice.score = begun ? 1 : score(shape, upper);
        choice.reason = (begun ? "level " + std::to_string(upper) + " is going down by partitions"
                               : fill(shape, upper)) +
                        ": " + (from < past ? "merge" : "move") + " the next partition, " +
                        std::to_string(end) + " of its " + std::to_string(run.tables.size()) +
                        " tables, with the " + std::to_string(past - from) + " below";
        return choice;
    }

    /// A last level that has grown full becomes the next level.
    Choice deepen(const TreeShape& shape, int last) const {
        const LevelShape& level = shape.level(last);
        if (last == 0 || level.runs.size() != 1 || !above_capacity(shape, last) ||
            busy_between(shape, last - 1, last)) {
            return Choice::nothing();
        }
        Choice choice;
        choice.action = Choice::Action::move;
        add_tables(choice, level.runs.front());
        choice.output_level = last + 1;
        choice.score = score(shape, last);
        choice.reason =
            fill(shape, last) + " and is the last: move it to level " + std::to_string(last + 1);
        return choice;
    }

    /// Whole levels, from level 1 to the first that holds them all or is the last but one.
    Choice merge_upper(const TreeShape& shape, int last) const {
        const int deepest = std::max(1, last - 1);
        int level = 1;
        while (level < deepest && shape.level(level).runs.size() <= 1 &&
               !above_capacity(shape, level)) {
            ++level;
        }
        const LevelShape& due = shape.level(level);
        if (due.runs.size() <= 1 && (level == deepest || due.runs.empty())) {
            return Choice::nothing();
        }
        Choice choice;
        uint64_t bytes = 0;
        size_t runs = 0;
        int target = level;
        for (;; ++target) {
            for (const RunShape& run : shape.level(target).runs) {
                add_tables(choice, run);
                choice.join = run.id;
                ++runs;
            }
            bytes += shape.level(target).logical_bytes();
            if (target == deepest || bytes <= capacity(shape, target)) break;
        }
        if (busy_between(shape, level, target)) return Choice::nothing();
        if (shape.level(target).runs.empty()) choice.join.reset();
        if (target == last - 1) choice.cut_keys = partition_keys(shape, last);
        choice.action =
            runs > 1 || !choice.cut_keys.empty() ? Choice::Action::merge : Choice::Action::move;
        choice.output_level = target;
        choice.score = std::max(1.0, score(shape, level));
        choice.reason = due.runs.size() > 1 ? "level " + std::to_string(level) + " holds " +
                                                  std::to_string(due.runs.size()) + " runs"
                                            : fill(shape, level);
        choice.reason += ": merge " + std::to_string(runs) + (runs == 1 ? " run" : " runs") +
                         " into level " + std::to_string(target);
        if (!choice.cut_keys.empty()) {
            choice.reason += ", cut into the " + std::to_string(choice.cut_keys.size() + 1) +
                             " partitions of level " + std::to_string(last);
        }
        return choice;
    }

    static bool begins_before(const TableShape& table, const std::string& key) {
        return table.smallest < key;
    }

    /// The table behind the partition that begins at that table: neighbours that together are as
    /// large as a table should be.
    static size_t partition_end(const TreeShape& shape, const std::vector<TableShape>& tables,
                                size_t begin) {
        uint64_t bytes = 0;
        do {
            bytes += tables[begin++].logical_bytes;
        } while (begin < tables.size() && bytes < shape.table_bytes);
        return begin;
    }

    /// Where the last level's partitions begin, but the first.
    static std::vector<std::string> partition_keys(const TreeShape& shape, int last) {
        std::vector<std::string> keys;
        const auto& tables = shape.level(last).runs.front().tables;
        for (size_t begin = partition_end(shape, tables, 0); begin < tables.size();
             begin = partition_end(shape, tables, begin)) {
            keys.push_back(tables[begin].smallest);
        }
        return keys;
    }

    GrowingLevels sizes_;
};

}  // namespace lsm::compaction
