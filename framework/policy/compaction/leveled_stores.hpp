// What the leveled compaction of LevelDB and of RocksDB, which came from it, have in common: levels
// score by runs or by bytes, and a table goes down with what it overlaps, its outputs cut where
// they would overlap too much further down. Which table and which limits is each strategy's own.
//
// Pure; usable from any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/base/size.hpp"
#include "framework/policy/compaction/key_ranges.hpp"
#include "framework/policy/compaction/triggers.hpp"

namespace lsm {

/// bytes / most, where that is above 1. `words` stand between the two in the reason.
inline void add_due_by_size(std::vector<Due>& found, const TreeShape& shape, int level,
                            uint64_t most, const char* words) {
    const uint64_t bytes = shape.level(level).logical_bytes();
    if (bytes <= most) return;
    found.push_back({level,
                     static_cast<double>(bytes) / static_cast<double>(std::max<uint64_t>(most, 1)),
                     "level " + std::to_string(level) + " holds " + format_size(bytes) + words +
                         format_size(most)});
}

/// `upper`, tables of `level`, go to `target` with `lower`, what they overlap there. A single table
/// that overlaps nothing moves, unless it would overlap more than `limit` bytes on the level after;
/// outputs are cut by that limit. 0: none. The reason is of the table `first`.
inline Choice go_down(const TreeShape& shape, const TableShape& first, const TableList& upper,
                      const TableList& lower, int target, uint64_t limit) {
    TableList all = upper;
    all.insert(all.end(), lower.begin(), lower.end());
    const KeyRange range = range_of(all);
    const LevelShape& below = shape.level(target);
    const LevelShape& further = shape.level(target + 1);
    const bool move = upper.size() == 1 && lower.empty() &&
                      (limit == 0 || bytes_of(tables_in(further, range)) <= limit);
    Choice choice;
    choice.action = move ? Choice::Action::move : Choice::Action::merge;
    for (const TableShape* table : all) choice.inputs.push_back(table->id);
    choice.output_level = target;
    if (!below.runs.empty()) choice.join = below.runs.front().id;
    if (!move && limit > 0) choice.cut_keys = cuts_by_overlap(further, range, limit);
    choice.reason = (move ? "move table " + std::to_string(first.id) + " to level "
                          : "merge " + count_of(upper.size(), "table") + " with the " +
                                std::to_string(lower.size()) + " overlapped on level ") +
                    std::to_string(target);
    return choice;
}

}  // namespace lsm
