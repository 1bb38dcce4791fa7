// Granularity, the third primitive: how much of a due level one compaction takes (Sarkar et al.,
// VLDB 2021, section 3.1).
//
// A granularity is a type with `take(shape, layout, due)`: a choice (inputs, output, what is done
// in words) for the level that a trigger found due, or nothing when a level it would touch is busy.
// It keeps the order of versions: what goes down leaves nothing older behind that it overlaps.
// Pure; usable from any thread.
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/size.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/compaction/layouts.hpp"
#include "framework/policy/compaction/movements.hpp"
#include "framework/policy/compaction/triggers.hpp"

namespace lsm {

template <class G, class L>
concept Granularity = requires(const G& granularity, const TreeShape& shape, const L& layout) {
    { granularity.take(shape, layout, Due{}) } -> std::same_as<Choice>;
};

inline constexpr int kDeepestLevel = 60;  // of size ratio 2, beyond any disk

inline void add_tables(Choice& choice, const RunShape& run) {
    for (const TableShape& table : run.tables) choice.inputs.push_back(table.id);
}

inline bool busy_between(const TreeShape& shape, int first_level, int last_level) {
    for (int number = first_level; number <= last_level; ++number) {
        if (shape.level(number).busy()) return true;
    }
    return false;
}

/// Whether a level that is to be rewritten for its tombstones stays where it is: the last one does,
/// but not a single run that was just flushed onto the only level. A flush keeps tombstones, and a
/// run that stays can not be told from one that was rewritten in vain.
inline bool stays_for_rewrite(const TreeShape& shape, const Due& due) {
    if (!due.rewrite || due.level != shape.last_level()) return false;
    const auto& runs = shape.level(due.level).runs;
    const auto rewritable = [newest = newest_write(shape)](const TableShape& table) {
        return table.created_tick < newest;
    };
    return due.level > 1 || runs.size() > 1 ||
           std::any_of(runs[0].tables.begin(), runs[0].tables.end(), rewritable);
}

/// All runs of a level into one, which stays there: how the last level gets rid of tombstones.
inline Choice merge_within(const TreeShape& shape, int level) {
    const auto& runs = shape.level(level).runs;
    Choice choice;
    if (runs.empty() || busy_between(shape, level, level)) return choice;
    choice.action = Choice::Action::merge;
    for (const RunShape& run : runs) add_tables(choice, run);
    choice.output_level = level;
    choice.join = runs.back().id;
    choice.reason = std::string("merge ") + (runs.size() == 1 ? "it" : "its runs") +
                    " in place, on the last level";
    return choice;
}

/// All runs of the level, by the level rule of adr/0004-capacity-and-spill.md: where the newest run
/// fits into the run before it, they merge in place; else the level goes down and takes along every
/// next level on which it would not fit either, so that one merge does the whole cascade.
struct WholeLevel {
    template <Layout L>
    Choice take(const TreeShape& shape, const L& layout, const Due& due) const {
        const int level = due.level;
        if (stays_for_rewrite(shape, due)) return merge_within(shape, level);
        Choice choice;
        if (!due.rewrite) choice = merge_in_place(shape, layout, level);
        if (choice.action == Choice::Action::nothing) choice = take_down(shape, layout, due);
        if (busy_between(shape, level, choice.output_level)) return Choice::nothing();
        return choice;
    }

  private:
    /// The newest runs into the one before them, which keeps its place and its name.
    template <Layout L>
    static Choice merge_in_place(const TreeShape& shape, const L& layout, int level) {
        const auto& runs = shape.level(level).runs;
        const uint64_t allowed = layout.runs_allowed(shape, level);
        const size_t joined = runs.size() > allowed ? runs.size() - allowed : 1;
        if (joined >= runs.size()) return Choice::nothing();
        uint64_t bytes = 0;
        for (size_t i = 0; i <= joined; ++i) bytes += runs[i].logical_bytes();
        const bool fits = bytes <= layout.run_capacity(shape, level);
        if (!fits && !written_before_spill(shape, layout, level)) return Choice::nothing();

        Choice choice;
        choice.action = Choice::Action::merge;
        for (size_t i = 0; i <= joined; ++i) add_tables(choice, runs[i]);
        choice.output_level = level;
        choice.join = runs[joined].id;
        choice.reason =
            "merge " +
            (joined + 1 == runs.size() ? "them" : "the newest " + std::to_string(joined + 1)) +
            " into one on level " + std::to_string(level);
        return choice;
    }

    template <Layout L>
    static Choice take_down(const TreeShape& shape, const L& layout, const Due& due) {
        const int level = due.level;
        Choice choice;
        size_t runs_taken = 0;
        uint64_t bytes = 0;
        const auto take_runs = [&](const std::vector<RunShape>& runs, size_t count) {
            for (size_t i = 0; i < count; ++i) {
                add_tables(choice, runs[i]);
                bytes += runs[i].logical_bytes();
            }
            runs_taken += count;
        };
        take_runs(shape.level(level).runs, shape.level(level).runs.size());

        int target = level + 1;
        for (; target < kDeepestLevel; ++target) {
            const auto& runs = shape.level(target).runs;
            const bool leveled = layout.run_capacity(shape, target) > 0;
            const bool over = written_before_spill(shape, layout, target);
            if (!runs.empty() && leveled &&
                (over || runs[0].logical_bytes() + bytes <= layout.run_capacity(shape, target))) {
                choice.join = runs[0].id;
                take_runs(runs, 1);
                break;
            }
            const bool room = !leveled || over || bytes <= layout.capacity(shape, target);
            if (room && runs.size() < layout.runs_allowed(shape, target)) break;
            take_runs(runs, runs.size());
        }
        const bool ends_there = due.rewrite && target >= shape.last_level();
        const bool merge = runs_taken > 1 || ends_there;
        choice.output_level = target;
        choice.action = merge ? Choice::Action::merge : Choice::Action::move;
        choice.reason = why_down(shape, layout, level) + (merge ? "merge " : "move ") +
                        taken_in_words(shape, level, target) +
                        (choice.join ? " into the run on level "
                         : merge     ? " into level "
                                     : " to level ") +
                        std::to_string(target);
        return choice;
    }

    /// Why the newest run did not stay, where its size decided that.
    template <Layout L>
    static std::string why_down(const TreeShape& shape, const L& layout, int level) {
        const LevelShape& from = shape.level(level);
        if (from.runs.size() < 2 || layout.run_capacity(shape, level) == 0) return "";
        return "with " + format_size(from.logical_bytes()) + " above " +
               format_size(layout.run_capacity(shape, level)) + ", ";
    }

    static std::string taken_in_words(const TreeShape& shape, int level, int target) {
        std::string words = shape.level(level).runs.size() == 1 ? "it" : "them";
        for (int number = level + 1; number < target; ++number) {
            if (shape.level(number).runs.empty()) continue;
            words += (number + 1 == target ? " and level " : ", level ") + std::to_string(number);
        }
        return words;
    }

    /// A leveled level that is merged into first and taken down afterwards.
    template <Layout L>
    static bool written_before_spill(const TreeShape& shape, const L& layout, int level) {
        return layout.spill == Spill::write_then_spill && layout.runs_allowed(shape, level) == 1;
    }
};

/// The oldest run of the level.
struct OldestRun {
    template <Layout L>
    Choice take(const TreeShape& shape, const L&, const Due& due) const {
        const int level = due.level;
        if (stays_for_rewrite(shape, due)) return merge_within(shape, level);
        if (busy_between(shape, level, level + 1)) return Choice::nothing();
        const auto& runs = shape.level(level).runs;
        const auto& below = shape.level(level + 1).runs;
        const bool ends_there = due.rewrite && level + 1 >= shape.last_level();
        Choice choice;
        add_tables(choice, runs.back());
        choice.output_level = level + 1;
        choice.action = below.empty() && !ends_there ? Choice::Action::move : Choice::Action::merge;
        if (!below.empty()) {
            add_tables(choice, below.front());
            choice.join = below.front().id;
        }
        choice.reason = std::string(action_name(choice.action)) + " its oldest run into level " +
                        std::to_string(level + 1);
        return choice;
    }
};

/// Every run of the tree into one on the last level, or on the first below that has such large runs
/// (RocksDB universal's answer to space amplification).
struct WholeTree {
    template <Layout L>
    Choice take(const TreeShape& shape, const L& layout, const Due& due) const {
        const int last = shape.last_level();
        if (busy_between(shape, 1, last)) return Choice::nothing();
        const uint64_t bytes = shape.logical_bytes();
        int target = last;
        while (target < kDeepestLevel && bytes > one_run(shape, layout, target)) ++target;
        Choice choice;
        size_t runs_taken = 0;
        for (const LevelShape& level : shape.levels) {
            for (const RunShape& run : level.runs) {
                add_tables(choice, run);
                ++runs_taken;
            }
        }
        if (runs_taken < 2 && !due.rewrite) return Choice::nothing();
        choice.action = Choice::Action::merge;
        choice.output_level = target;
        if (target == last) choice.join = shape.level(last).runs.back().id;
        choice.reason = "merge the whole tree into level " + std::to_string(target);
        return choice;
    }

  private:
    /// Bytes of one of the level's runs at most.
    template <Layout L>
    static uint64_t one_run(const TreeShape& shape, const L& layout, int level) {
        const uint64_t grown = layout.run_capacity(shape, level);
        if (grown > 0) return grown;
        return layout.capacity(shape, level) /
               std::max<uint64_t>(layout.runs_allowed(shape, level), 1);
    }
};

/// Neighbouring tables of the level's oldest run, merged with what they overlap in the newest run
/// of the next level, or moved when that is nothing. The first table is the movement's pick; with
/// `several` it goes on to its right until the rest of the level fits, else it takes that one
/// alone. A level of several runs goes down whole when it is to be rewritten.
template <class Movement>
struct PickedTables {
    Movement movement;
    bool several = false;

    template <Layout L>
    Choice take(const TreeShape& shape, const L& layout, const Due& due) const {
        const int level = due.level;
        const auto& runs = shape.level(level).runs;
        if (due.rewrite && runs.size() > 1) return WholeLevel().take(shape, layout, due);
        const bool in_place = stays_for_rewrite(shape, due);
        if (busy_between(shape, level, in_place ? level : level + 1)) return Choice::nothing();
        const RunShape& run = runs.back();
        Candidates candidates = in_place ? tables_to_rewrite(shape, run) : all_tables(run);
        if (candidates.empty()) return Choice::nothing();
        movement.narrow(shape, level, run, candidates);
        const size_t first = candidates.front();
        size_t end = first + 1;
        if (several && !in_place) {
            const uint64_t capacity = layout.capacity(shape, level);
            uint64_t left = shape.level(level).logical_bytes() - run.tables[first].logical_bytes;
            for (; end < run.tables.size() && left > capacity; ++end) {
                left -= run.tables[end].logical_bytes;
            }
        }
        Choice choice;
        for (size_t i = first; i < end; ++i) choice.inputs.push_back(run.tables[i].id);
        if (movement.moves_cursor()) {
            choice.cursor_level = level;
            choice.cursor = run.tables[end - 1].largest;
        }
        const std::string tables = end - first == 1
                                       ? "table " + std::to_string(run.tables[first].id)
                                       : std::to_string(end - first) + " tables from table " +
                                             std::to_string(run.tables[first].id) + " on";
        if (in_place) {
            choice.action = Choice::Action::merge;
            choice.output_level = level;
            choice.join = run.id;
            choice.reason = "rewrite " + tables + " in place, on the last level";
        } else {
            bring_down(choice, shape, due, run.tables[first].smallest, run.tables[end - 1].largest,
                       tables);
        }
        return choice;
    }

  private:
    /// Those whose tombstones a rewrite may get rid of; not those that were rewritten since the
    /// last flush.
    static Candidates tables_to_rewrite(const TreeShape& shape, const RunShape& run) {
        const uint64_t newest = newest_write(shape);
        Candidates found;
        for (size_t i = 0; i < run.tables.size(); ++i) {
            const TableShape& table = run.tables[i];
            if (table.has_tombstones() && table.created_tick < newest) found.push_back(i);
        }
        return found;
    }

    static void bring_down(Choice& choice, const TreeShape& shape, const Due& due,
                           std::string_view smallest, std::string_view largest,
                           const std::string& tables) {
        choice.output_level = due.level + 1;
        const auto& below = shape.level(due.level + 1).runs;
        size_t overlapping = 0;
        if (!below.empty()) {
            choice.join = below.front().id;
            const auto [begin, past] = overlapping_tables(below.front(), smallest, largest);
            overlapping = past - begin;
            for (size_t i = begin; i < past; ++i) {
                choice.inputs.push_back(below.front().tables[i].id);
            }
        }
        const bool ends_there = due.rewrite && due.level + 1 >= shape.last_level();
        const bool merge = overlapping > 0 || ends_there;
        choice.action = merge ? Choice::Action::merge : Choice::Action::move;
        const std::string below_level = "level " + std::to_string(due.level + 1);
        choice.reason = overlapping > 0
                            ? "merge " + tables + " with the " + std::to_string(overlapping) +
                                  " it overlaps on " + below_level
                            : std::string(merge ? "rewrite " : "move ") + tables + " to " +
                                  below_level + ", where it overlaps nothing";
    }
};

/// One table at a time.
template <class Movement>
struct TableOf : PickedTables<Movement> {
    TableOf() = default;
    explicit TableOf(Movement by) : PickedTables<Movement>{std::move(by), false} {}
};
/// Tables from the pick on, until the rest of the level fits.
template <class Movement>
struct TablesOf : PickedTables<Movement> {
    TablesOf() : PickedTables<Movement>{{}, true} {}
    explicit TablesOf(Movement by) : PickedTables<Movement>{std::move(by), true} {}
};

}  // namespace lsm
