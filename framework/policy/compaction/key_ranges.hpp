// Sets of tables by the keys that they span, for strategies that pick tables out of a level whose
// runs overlap, and that limit how much an output may overlap further down (LevelDB, RocksDB).
// Pure; usable from any thread.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "framework/policy/compaction/movements.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

/// From the first key of any of the tables to the last one, inclusive.
struct KeyRange {
    std::string_view first;
    std::string_view last;

    void include(const TableShape& table) {
        if (table.smallest < first) first = table.smallest;
        if (last < table.largest) last = table.largest;
    }
};

using TableList = std::vector<const TableShape*>;

/// Of at least one table.
inline KeyRange range_of(const TableList& tables) {
    KeyRange range{tables.front()->smallest, tables.front()->largest};
    for (const TableShape* table : tables) range.include(*table);
    return range;
}

inline uint64_t bytes_of(const TableList& tables) {
    uint64_t bytes = 0;
    for (const TableShape* table : tables) bytes += table->logical_bytes;
    return bytes;
}

/// The level's tables that overlap the range, run by run.
inline TableList tables_in(const LevelShape& level, KeyRange range) {
    TableList found;
    for (const RunShape& run : level.runs) {
        const auto [begin, end] = overlapping_tables(run, range.first, range.last);
        for (size_t i = begin; i < end; ++i) found.push_back(&run.tables[i]);
    }
    return found;
}

/// The same, and those that overlap what was found, until no other table of the level does: taking
/// them all down leaves no older version of their keys behind.
inline TableList tables_connected(const LevelShape& level, KeyRange range) {
    TableList found = tables_in(level, range);
    for (size_t before = 0; before != found.size() && !found.empty();) {
        before = found.size();
        const KeyRange own = range_of(found);
        if (own.first < range.first) range.first = own.first;
        if (range.last < own.last) range.last = own.last;
        found = tables_in(level, range);
    }
    return found;
}

/// In front of which keys an output into `range` is cut so that no table of it overlaps many more
/// than `limit` bytes of the level's newest run: in front of the next table there whenever those
/// that a growing output has passed are more than that.
inline std::vector<std::string> cuts_by_overlap(const LevelShape& level, KeyRange range,
                                                uint64_t limit) {
    std::vector<std::string> cuts;
    if (level.runs.empty()) return cuts;
    const RunShape& run = level.runs.front();
    const auto [begin, end] = overlapping_tables(run, range.first, range.last);
    uint64_t passed = 0;
    for (size_t i = begin; i < end; ++i) {
        if (passed > limit) {
            cuts.push_back(run.tables[i].smallest);
            passed = 0;
        }
        passed += run.tables[i].logical_bytes;
    }
    return cuts;
}

}  // namespace lsm
