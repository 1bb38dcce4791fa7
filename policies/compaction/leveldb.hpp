// LevelDB's compaction. Its level 0, files as they were flushed, is level 1 here, its level 1 is
// level 2, and so on to its level 6. Each level has a score: files against four, bytes against a
// limit that grows tenfold; the highest of at least 1 is due. One table goes down, the next one
// behind the key where the level's last compaction ended, with what it overlaps on both levels;
// outputs are cut so that none overlaps more than ten tables of the level after. Source:
// LevelDB 1.23, db/version_set.cc (Finalize, PickCompaction, SetupOtherInputs) and doc/impl.md.
//
// Departs from it: a flush always goes to level 1, never further down; a level 1 "file" is a run,
// which may be several tables; compactions for seeks are left out; the limit of level 2 is 2.5
// memtables (10 MiB against a write buffer of 4 MiB); bytes are logical.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "framework/policy/compaction/granularities.hpp"
#include "framework/policy/compaction/key_ranges.hpp"
#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/leveled_stores.hpp"
#include "framework/policy/compaction/triggers.hpp"

namespace lsm::compaction {

class Leveldb {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        uint64_t level1_runs = 4;
        uint64_t level2_size = 0;

        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    option("level1_runs", &Options::level1_runs, {1, 1000}, "runs",
                           "flushes on level 1 that make it due (kL0_CompactionTrigger)"),
                    size_option("level2_size", &Options::level2_size, {0, 0x1p50},
                                "logical bytes of level 2 (max_bytes_for_level_base); 0: 2.5 "
                                "memtables")};
        }
    };
    static constexpr std::string_view about =
        "LevelDB's: scores, one table at a time, round robin by key";
    static constexpr Mapping mapping{"run_count (level 1), level_size; the highest score first",
                                     "one_leveling", "table (with what overlaps it on level 1)",
                                     "round_robin"};

    explicit Leveldb(const Options& options) : options_(options) {}

    Choice choose(const TreeShape& shape) const {
        for (const Due& due : due_levels(shape)) {
            if (busy_between(shape, due.level, due.level + 1)) continue;
            Choice choice = take(shape, due.level);
            choice.score = due.score;
            choice.reason = due.reason + ": " + choice.reason;
            return choice;
        }
        return Choice::nothing();
    }

    uint64_t runs_allowed(const TreeShape&, int level) const {
        return level == 1 ? std::max<uint64_t>(options_.level1_runs - 1, 1) : 1;
    }

    uint64_t capacity(const TreeShape& shape, int level) const {
        if (level == 1) return 2 * options_.level1_runs * shape.memtable_bytes;
        if (level >= kLevels) return 0;
        double bytes = options_.level2_size > 0 ? static_cast<double>(options_.level2_size)
                                                : 2.5 * static_cast<double>(shape.memtable_bytes);
        for (int number = 2; number < level; ++number) {
            bytes *= static_cast<double>(options_.size_ratio);
        }
        return bytes < 0x1p63 ? static_cast<uint64_t>(bytes) : uint64_t{1} << 63;
    }

  private:
    static constexpr int kLevels = 7;              // kNumLevels
    static constexpr uint64_t kGrandparents = 10;  // tables that an output may overlap further down
    static constexpr uint64_t kExpanded = 25;      // tables that a widened compaction may read

    std::vector<Due> due_levels(const TreeShape& shape) const {
        std::vector<Due> found;
        const size_t runs = shape.level(1).runs.size();
        if (runs >= options_.level1_runs) {
            found.push_back({1,
                             static_cast<double>(runs) / static_cast<double>(options_.level1_runs),
                             "level 1 holds " + count_of(runs, "run") + ", due at " +
                                 std::to_string(options_.level1_runs)});
        }
        for (int level = 2; level < kLevels; ++level) {
            add_due_by_size(found, shape, level, capacity(shape, level), " of at most ");
        }
        sort_by_urgency(found);
        return found;
    }

    /// The table behind the cursor, on level 1 by first key among all runs.
    static const TableShape& pick(const TreeShape& shape, int level) {
        const LevelShape& from = shape.level(level);
        TableList tables;
        for (const RunShape& run : from.runs) {
            for (const TableShape& table : run.tables) tables.push_back(&table);
        }
        std::sort(tables.begin(), tables.end(), [](const auto* left, const auto* right) {
            return left->smallest != right->smallest ? left->smallest < right->smallest
                                                     : left->id < right->id;
        });
        for (const TableShape* table : tables) {
            if (from.cursor.empty() || table->largest > from.cursor) return *table;
        }
        return *tables.front();
    }

    Choice take(const TreeShape& shape, int level) const {
        const TableShape& first = pick(shape, level);
        TableList upper = tables_connected(shape.level(level), {first.smallest, first.largest});
        TableList lower = tables_in(shape.level(level + 1), range_of(upper));
        widen(shape, level, upper, lower);
        Choice choice =
            go_down(shape, first, upper, lower, level + 1, kGrandparents * shape.table_bytes);
        choice.cursor_level = level;
        choice.cursor = range_of(upper).last;
        return choice;
    }

    /// More tables of the upper level, where that takes no more of the lower one
    /// (SetupOtherInputs).
    static void widen(const TreeShape& shape, int level, TableList& upper, TableList& lower) {
        if (lower.empty()) return;
        TableList all = upper;
        all.insert(all.end(), lower.begin(), lower.end());
        const TableList wider = tables_connected(shape.level(level), range_of(all));
        if (wider.size() <= upper.size()) return;
        if (bytes_of(wider) + bytes_of(lower) >= kExpanded * shape.table_bytes) return;
        const TableList below = tables_in(shape.level(level + 1), range_of(wider));
        if (below.size() != lower.size()) return;
        upper = wider;
        lower = below;
    }

    Options options_;
};

}  // namespace lsm::compaction
