// PebblesDB's fragmented tree (FLSM): keys called guards divide each level, deeper levels more
// finely. Tables of a level may overlap within a guard, never across one. When a guard holds too
// many, they merge, are cut at the next level's guards and are put in front of what lies there,
// which is not rewritten: an entry is written about once per level, and a lookup may find several
// tables per level.
//
// Source: P. Raju, R. Kadekodi, V. Chidambaram, I. Abraham, "PebblesDB: Building Key-Value Stores
// using Fragmented Log-Structured Merge Trees", SOSP 2017. How it maps onto runs, which hold tables
// that do not overlap: a level's first run from the back holds the oldest table of each guard, the
// next run the second one, and so on; tables that come down are put into the deepest run that has
// no older table above or beside them there. So a level has as many runs as its fullest guard has
// tables. A run too many makes a guard due.
// Where ours departs from it:
// - Guards are chosen by hash, as there, so that they are spread like the keys and one that is
//   chosen for a level holds for all deeper ones. But the strategy sees no keys beside those where
//   tables begin, so candidates are these; level 2 takes the `guards` candidates with the largest
//   hash, each next level `guard_growth` times as many. A guard is forgotten with the table that
//   begins there; tables that lie across a new guard go down with both its sides.
// - Level 1, its level 0, has no guards: `level1_runs` flushes make it go down as a whole.
// - Levels have no byte limits of their own (LevelDB's x10); guards alone make tables go down. The
//   deepest level merges a guard in place while it is less than half full, which is when updates
//   have made most of what came redundant; else it goes down and founds the next level. PebblesDB
//   has seven levels, merges in place on the last, and one before it when the last would have to
//   rewrite 25 times as much.
// - Seek-triggered compaction and parallel seeks are left out: they concern reads.
#pragma once

#include <algorithm>
#include <set>

#include "framework/base/hash.hpp"
#include "framework/base/size.hpp"
#include "framework/policy/compaction/granularities.hpp"
#include "framework/policy/compaction/movements.hpp"
#include "framework/policy/options.hpp"

namespace lsm::compaction {

class Pebblesdb {
  public:
    struct Options {
        uint64_t level1_runs = 4;
        uint64_t tables_per_guard = 4;
        uint64_t guards = 4;
        uint64_t guard_growth = 4;

        static OptionTable<Options> table() {
            return {option("level1_runs", &Options::level1_runs, {1, 1000}, "runs",
                           "flushes that level 1 holds; one more makes it go down"),
                    option("tables_per_guard", &Options::tables_per_guard, {1, 1000}, "tables",
                           "overlapping tables that a guard holds; one more makes it go down"),
                    option("guards", &Options::guards, {1, 1'000'000}, "",
                           "guards on level 2, where so many tables have begun"),
                    option("guard_growth", &Options::guard_growth, {1, 1000}, "",
                           "how many times more guards each level has than the one before")};
        }
    };
    static constexpr std::string_view about =
        "guards divide each level; a guard goes down without rewriting what is there (SOSP 2017)";
    static constexpr Mapping mapping{"run_count in a guard", "tiering within guards", "guard", "-"};

    explicit Pebblesdb(const Options& options) : options_(options) {}

    Choice choose(const TreeShape& shape) const {
        for (int level = 1; level <= shape.last_level(); ++level) {
            const auto& runs = shape.level(level).runs;
            if (runs.size() <= runs_allowed(shape, level)) continue;
            if (busy_between(shape, level, level + 1)) continue;
            Choice choice = level == 1 ? take_level_1(shape) : take_guard(shape, level);
            choice.score = static_cast<double>(runs.size()) /
                           static_cast<double>(runs_allowed(shape, level) + 1);
            return choice;
        }
        return Choice::nothing();
    }

    uint64_t runs_allowed(const TreeShape&, int level) const {
        return level == 1 ? options_.level1_runs : options_.tables_per_guard;
    }

  private:
    struct Range {
        std::string smallest, largest;
    };

    /// The keys that divide a level, ascending.
    std::vector<std::string> guards_of(const TreeShape& shape, int level) const {
        std::set<std::pair<uint64_t, std::string>> candidates;
        for (int number = 1; number <= shape.last_level(); ++number) {
            for (const RunShape& run : shape.level(number).runs) {
                for (size_t i = 1; i < run.tables.size(); ++i) {
                    const std::string& key = run.tables[i].smallest;
                    candidates.emplace(~hash_key(key), key);
                }
            }
        }
        double wanted = static_cast<double>(options_.guards);
        for (int number = 2; number < level; ++number) {
            wanted *= static_cast<double>(options_.guard_growth);
        }
        std::vector<std::string> guards;
        for (const auto& [hash, key] : candidates) {
            if (static_cast<double>(guards.size()) >= wanted) break;
            guards.push_back(key);
        }
        std::sort(guards.begin(), guards.end());
        return guards;
    }

    Choice take_level_1(const TreeShape& shape) const {
        const auto& runs = shape.level(1).runs;
        Range range{std::string(runs[0].smallest()), std::string(runs[0].largest())};
        Choice choice;
        for (const RunShape& run : runs) {
            add_tables(choice, run);
            range.smallest = std::min(range.smallest, std::string(run.smallest()));
            range.largest = std::max(range.largest, std::string(run.largest()));
        }
        choice.reason = "level 1 holds " + std::to_string(runs.size()) + " runs of at most " +
                        std::to_string(options_.level1_runs) + ": merge them";
        put_down(shape, choice, 2, range);
        return choice;
    }

    /// The guard of the first table in the newest run, which is there because that guard was full.
    Choice take_guard(const TreeShape& shape, int level) const {
        const auto& runs = shape.level(level).runs;
        const TableShape& newest = runs.front().tables.front();
        if (const RunShape* free = room_below(runs, newest)) {
            Choice choice;
            choice.action = Choice::Action::move;
            choice.inputs = {newest.id};
            choice.output_level = level;
            choice.join = free->id;
            choice.reason = "the newest run of level " + std::to_string(level) +
                            " is one too many, and table " + std::to_string(newest.id) +
                            " in it lies over nothing: move it to an older run";
            return choice;
        }
        const std::vector<std::string> guards = guards_of(shape, level);
        const auto next = std::upper_bound(guards.begin(), guards.end(), newest.smallest);
        const std::string* begin = next == guards.begin() ? nullptr : &*(next - 1);
        const std::string* end = next == guards.end() ? nullptr : &*next;
        const auto inside = [&](const TableShape& table) {
            return (begin == nullptr || table.smallest >= *begin) &&
                   (end == nullptr || table.smallest < *end);
        };
        Range range{newest.smallest, newest.largest};
        for (const RunShape& run : runs) {
            for (const TableShape& table : run.tables) {
                if (inside(table)) widen(range, table);
            }
        }
        Choice choice;
        choice.inputs = tables_within(runs, range);
        choice.reason = "a guard of level " + std::to_string(level) + " has " +
                        std::to_string(options_.tables_per_guard + 1) +
                        " tables over each other, one too many: merge its " +
                        std::to_string(choice.inputs.size());
        if (level == shape.last_level() && !half_full(shape, level)) {
            put_in_place(shape, choice, level, range);
        } else {
            put_down(shape, choice, level + 1, range);
        }
        return choice;
    }

    /// The deepest run behind the first that the table can go to without passing one it overlaps.
    static const RunShape* room_below(const std::vector<RunShape>& runs, const TableShape& table) {
        const RunShape* room = nullptr;
        for (size_t i = 1; i < runs.size(); ++i) {
            const auto [first, end] = overlapping_tables(runs[i], table.smallest, table.largest);
            if (first != end) break;
            room = &runs[i];
        }
        return room;
    }

    static void widen(Range& range, const TableShape& table) {
        range.smallest = std::min(range.smallest, table.smallest);
        range.largest = std::max(range.largest, table.largest);
    }

    /// All tables that overlap the range, which grows by those that reach out of it.
    static std::vector<TableId> tables_within(const std::vector<RunShape>& runs, Range& range) {
        std::vector<TableId> found;
        for (size_t before = 1; before != found.size();) {
            before = found.size();
            found.clear();
            for (const RunShape& run : runs) {
                for (const TableShape& table : run.tables) {
                    if (!table.overlaps(range.smallest, range.largest)) continue;
                    found.push_back(table.id);
                    widen(range, table);
                }
            }
        }
        return found;
    }

    /// Of what the level can take in distinct keys before all of its guards go down.
    bool half_full(const TreeShape& shape, int level) const {
        double full = static_cast<double>(shape.memtable_bytes * options_.level1_runs);
        for (int number = 1; number < level; ++number) {
            full *= static_cast<double>(options_.tables_per_guard + 1);
        }
        return 2 * static_cast<double>(shape.level(level).logical_bytes()) >= full;
    }

    void put_down(const TreeShape& shape, Choice& choice, int level, const Range& range) const {
        choice.action = Choice::Action::merge;
        choice.output_level = level;
        choice.cut_keys = guards_inside(shape, level, range);
        // In front of all that is there; into the deepest run where that leaves room.
        for (const RunShape& run : shape.level(level).runs) {
            const auto [first, end] = overlapping_tables(run, range.smallest, range.largest);
            if (first != end) break;
            choice.join = run.id;
        }
        choice.reason += " into level " + std::to_string(level) + ", cut at " +
                         std::to_string(choice.cut_keys.size()) + " of its guards, " +
                         (choice.join ? "into a run that has room" : "on top of what is there");
    }

    void put_in_place(const TreeShape& shape, Choice& choice, int level, const Range& range) const {
        choice.action = Choice::Action::merge;
        choice.output_level = level;
        choice.cut_keys = guards_inside(shape, level, range);
        for (const RunShape& run : shape.level(level).runs) {
            const auto [first, end] = overlapping_tables(run, range.smallest, range.largest);
            if (first != end) choice.join = run.id;  // the oldest that gives any
        }
        choice.reason += " in place on the last level, which is less than half full";
    }

    std::vector<std::string> guards_inside(const TreeShape& shape, int level,
                                           const Range& range) const {
        std::vector<std::string> inside;
        for (std::string& key : guards_of(shape, level)) {
            if (key > range.smallest && key <= range.largest) inside.push_back(std::move(key));
        }
        return inside;
    }

    Options options_;
};

}  // namespace lsm::compaction
