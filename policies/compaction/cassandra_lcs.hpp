// Cassandra's leveled compaction (LCS): tables of one size; level n holds fanout^n of them in one
// run, and when it holds more, one table goes down by round robin and merges with what it overlaps.
// Reads touch one table per level, at the price of many writes.
//
// Source: Apache Cassandra, LeveledCompactionStrategy and LeveledManifest: 160 MB tables, fanout
// 10, at most 32 flushes in one merge. Their level 0, where flushes overlap, is our level 1, and
// their level n our level n + 1. In order:
// 1. Levels from the deepest up: one that holds more than 1.001 times its size sends a table down.
//    But first, when more than 32 flushes wait on level 1, these merge by size (size-tiered) among
//    themselves: level 1 has fallen behind.
// 2. The flushes of level 1 merge, up to the oldest 32: among themselves while they are less than
//    one table together, else with what they overlap on level 2.
// Where ours departs from it:
// - The table size is format.table_size, which cuts every output here.
// - A table, or a single flush, that overlaps nothing on the next level moves without being
//   rewritten (Cassandra: single_sstable_uplevel).
// - While a level or the next is being compacted, its next table waits; Cassandra looks for another
//   table that is free. Levels that have not been compacted for long get no turn of their own.
#pragma once

#include "framework/base/size.hpp"
#include "framework/policy/compaction/granularities.hpp"
#include "framework/policy/compaction/movements.hpp"
#include "framework/policy/compaction/size_tiers.hpp"

namespace lsm::compaction {

class CassandraLcs {
  public:
    struct Options {
        uint64_t fanout = 10;
        uint64_t max_flushes = 32;

        static OptionTable<Options> table() {
            return {option("fanout", &Options::fanout, {2, 100}, "",
                           "how many times more tables each level holds than the one before"),
                    option("max_flushes", &Options::max_flushes, {2, 1000}, "runs",
                           "flushes that one merge takes down at most; when more wait, they merge "
                           "by size first")};
        }
    };
    static constexpr std::string_view about =
        "tables of one size, one run per level, round robin (Cassandra's leveled compaction)";
    static constexpr Mapping mapping{"run_count (level 1), level_size", "one_leveling", "table",
                                     "round_robin"};

    explicit CassandraLcs(const Options& options)
        : fanout_(options.fanout), max_flushes_(options.max_flushes) {}

    Choice choose(const TreeShape& shape) const {
        for (int level = shape.last_level(); level >= 2; --level) {
            const uint64_t bytes = shape.level(level).logical_bytes();
            if (bytes <= capacity(shape, level)) continue;
            const double score =
                static_cast<double>(bytes) / static_cast<double>(tables(shape, level));
            Choice choice = catch_up(shape);
            if (choice.action == Choice::Action::nothing) choice = promote(shape, level, score);
            if (choice.action != Choice::Action::nothing) return choice;
        }
        Choice choice = merge_flushes(shape);
        return choice.action == Choice::Action::nothing ? catch_up(shape) : choice;
    }

    uint64_t runs_allowed(const TreeShape&, int) const { return 1; }
    uint64_t capacity(const TreeShape& shape, int level) const {
        return static_cast<uint64_t>(kTolerance * static_cast<double>(tables(shape, level)));
    }

  private:
    static constexpr double kTolerance = 1.001;

    /// The first table that begins behind the level's cursor (one that lies across it would reach
    /// far into keys that have just gone down), with what it overlaps on the next level.
    Choice promote(const TreeShape& shape, int level, double score) const {
        if (shape.level(level).busy() || shape.level(level + 1).busy()) return Choice::nothing();
        const RunShape& run = shape.level(level).runs.back();
        const std::string& cursor = shape.level(level).cursor;
        auto table = std::find_if(run.tables.begin(), run.tables.end(), [&](const TableShape& one) {
            return cursor.empty() || one.smallest > cursor;
        });
        if (table == run.tables.end()) table = run.tables.begin();
        Choice choice;
        choice.inputs = {table->id};
        const size_t overlapping =
            take_down(shape, choice, level + 1, table->smallest, table->largest);
        choice.action = overlapping == 0 ? Choice::Action::move : Choice::Action::merge;
        choice.cursor_level = level;
        choice.cursor = table->largest;
        choice.score = score;
        choice.reason = "level " + std::to_string(level) + " holds " +
                        format_size(shape.level(level).logical_bytes()) + " of at most " +
                        format_size(tables(shape, level)) + ": " +
                        what_happens(overlapping, "table " + std::to_string(table->id), level + 1);
        return choice;
    }

    /// More flushes wait than one merge takes: those of similar size merge among themselves.
    Choice catch_up(const TreeShape& shape) const {
        std::vector<ListedRun> flushes;
        for (const ListedRun& one : listed_runs(shape)) {
            if (one.level == 1) flushes.push_back(one);
        }
        if (flushes.size() <= max_flushes_) return Choice::nothing();
        Choice choice = merge_full_tier(shape, flushes, SizeTierOptions{}, " on level 1", 1);
        if (choice.output_level != 1) return Choice::nothing();
        choice.reason = std::to_string(flushes.size()) + " flushes wait, more than " +
                        std::to_string(max_flushes_) + ": " + choice.reason;
        return choice;
    }

    Choice merge_flushes(const TreeShape& shape) const {
        const auto& flushes = shape.level(1).runs;
        if (flushes.empty() || shape.level(1).busy()) return Choice::nothing();
        const size_t taken = std::min<size_t>(flushes.size(), max_flushes_);
        Choice choice;
        uint64_t bytes = 0;
        std::string smallest, largest;
        for (size_t i = flushes.size() - taken; i < flushes.size(); ++i) {
            const RunShape& run = flushes[i];
            add_tables(choice, run);
            bytes += run.logical_bytes();
            if (choice.inputs.size() == run.tables.size() || run.smallest() < smallest)
                smallest = run.smallest();
            if (run.largest() > largest) largest = run.largest();
        }
        choice.action = Choice::Action::merge;
        choice.score = static_cast<double>(taken);
        choice.reason = "level 1 holds " + std::to_string(flushes.size()) +
                        (flushes.size() == 1 ? " run" : " runs") + ", the oldest " +
                        std::to_string(taken) + " of " + format_size(bytes) + ": ";
        if (bytes <= capacity(shape, 1)) {
            if (taken < 2) return Choice::nothing();
            choice.output_level = 1;
            choice.reason += "merge into one, less than a table";
            return choice;
        }
        if (shape.level(2).busy()) return Choice::nothing();
        const size_t overlapping = take_down(shape, choice, 2, smallest, largest);
        if (taken == 1 && overlapping == 0) choice.action = Choice::Action::move;
        choice.reason += taken > 1 && overlapping == 0
                             ? "merge them into level 2, where they overlap nothing"
                             : what_happens(overlapping, taken == 1 ? "it" : "them", 2);
        return choice;
    }

    /// Adds what overlaps these keys on the level, and joins the run there; how many tables.
    static size_t take_down(const TreeShape& shape, Choice& choice, int level,
                            std::string_view smallest, std::string_view largest) {
        choice.output_level = level;
        const auto& runs = shape.level(level).runs;
        if (runs.empty()) return 0;
        choice.join = runs.front().id;
        const auto [begin, end] = overlapping_tables(runs.front(), smallest, largest);
        for (size_t i = begin; i < end; ++i) choice.inputs.push_back(runs.front().tables[i].id);
        return end - begin;
    }

    static std::string what_happens(size_t overlapping, const std::string& what, int level) {
        const std::string to = "level " + std::to_string(level);
        if (overlapping == 0) return "move " + what + " to " + to + ", where it overlaps nothing";
        return "merge " + what + " with the " + std::to_string(overlapping) + " it overlaps on " +
               to;
    }

    /// Bytes of fanout^(level-1) tables.
    uint64_t tables(const TreeShape& shape, int level) const {
        auto bytes = static_cast<double>(std::max<uint64_t>(shape.table_bytes, 1));
        for (int number = 1; number < level; ++number) bytes *= static_cast<double>(fanout_);
        return bytes < 0x1p62 ? static_cast<uint64_t>(bytes) : uint64_t{1} << 62;
    }

    uint64_t fanout_;
    uint64_t max_flushes_;
};

}  // namespace lsm::compaction
