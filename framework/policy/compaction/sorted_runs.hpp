// The tree as one list of sorted runs, newest first, for strategies that merge whole runs and know
// no levels: what size-tiered strategies and their kin share.
//
// Which runs to merge is the strategy's; where the result may lie follows from the order of
// versions (adr/0011-the-tree-decides-what-may-go.md), and is worked out here once. Runs that are
// neighbours merge in their own place. Runs that are not go below the deepest of them, past older
// runs that stay; the tree marks such a run, and lookups visit it also after a hit. Since levels
// mean nothing to such a strategy, a result sinks as far as its size class wants and no older run
// is in the way, so that levels show size classes where order permits. Depth is bounded: a new
// level takes two runs of the level before at least, so that it grows as the logarithm of the
// flushes.
//
// Pure; usable from any thread. Costs a pass over the runs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/policy/compaction.hpp"

namespace lsm {

struct ListedRun {
    const RunShape* run = nullptr;
    int level = 1;
    size_t place = 0;  // in its level, 0 is the newest

    uint64_t bytes() const { return run->logical_bytes(); }
};

/// All runs, newest first.
inline std::vector<ListedRun> listed_runs(const TreeShape& shape) {
    std::vector<ListedRun> runs;
    for (int number = 1; number <= shape.last_level(); ++number) {
        const auto& level = shape.level(number).runs;
        for (size_t place = 0; place < level.size(); ++place) {
            runs.push_back({&level[place], number, place});
        }
    }
    return runs;
}

inline bool any_busy(const std::vector<ListedRun>& runs) {
    return std::any_of(runs.begin(), runs.end(),
                       [](const ListedRun& one) { return one.run->busy(); });
}

inline std::vector<ListedRun> idle_runs(const std::vector<ListedRun>& runs) {
    std::vector<ListedRun> idle;
    for (const ListedRun& one : runs) {
        if (!one.run->busy()) idle.push_back(one);
    }
    return idle;
}

inline uint64_t total_bytes(const std::vector<ListedRun>& runs) {
    uint64_t bytes = 0;
    for (const ListedRun& one : runs) bytes += one.bytes();
    return bytes;
}

/// The level for a run of that size, where each level is for runs `factor` times as large as the
/// one before and level 1 for a flush. A quarter below is tolerated: flushes differ in size.
inline int level_for_size(uint64_t bytes, uint64_t flush_bytes, double factor) {
    constexpr int kDeepest = 40;
    int level = 1;
    double limit = 0.75 * static_cast<double>(flush_bytes) * factor;
    for (; level < kDeepest && limit > 0 && static_cast<double>(bytes) >= limit; ++level) {
        limit *= factor;
    }
    return level;
}

/// A merge of whole runs, which are listed newest first and idle, into a new run at the place that
/// order allows and as near to `wanted_level` as no older run is passed for it. Nothing when that
/// has to wait: beside a running merge only neighbours of one level merge, in their place, since
/// nobody can see where the running one will put its result.
inline Choice merge_runs(const TreeShape& shape, const std::vector<ListedRun>& runs,
                         int wanted_level) {
    const ListedRun& oldest = runs.back();
    const auto& deepest = shape.level(oldest.level).runs;
    size_t first_place = oldest.place, taken = 0;
    for (const ListedRun& one : runs) {
        if (one.level != oldest.level) continue;
        first_place = std::min(first_place, one.place);
        ++taken;
    }
    const bool neighbours = oldest.place - first_place + 1 == taken;
    const bool one_level = taken == runs.size();

    Choice choice;
    choice.action = Choice::Action::merge;
    for (const ListedRun& one : runs) {
        for (const TableShape& table : one.run->tables) choice.inputs.push_back(table.id);
    }
    choice.output_level = oldest.level;
    if (any_busy(listed_runs(shape))) {
        return neighbours && one_level ? choice : Choice::nothing();
    }
    bool may_sink = oldest.place + 1 == deepest.size();
    if (!neighbours) {
        choice.output_level += 1;
        may_sink = shape.level(choice.output_level).runs.empty();
    }
    while (may_sink && choice.output_level < wanted_level) {
        choice.output_level += 1;
        may_sink = shape.level(choice.output_level).runs.empty();
    }
    return choice;
}

}  // namespace lsm
