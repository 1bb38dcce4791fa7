// Holds a strategy to the lifetime of tombstones that it promises (Lethe's D_th). Engine and
// simulator ask at every flush and compaction. Pure; costs a pass over the table metadata.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "framework/base/error.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

/// Error(config) that names strategy, table, level and age when a tombstone is older than
/// `lifetime` ticks at `now` (0: nothing was promised). A strategy is asked at flushes only, so a
/// tombstone may be older by `slack`: the ticks since it last came to rest.
inline void check_tombstone_lifetimes(const TreeShape& shape, uint64_t lifetime, uint64_t now,
                                      uint64_t slack, const std::string& strategy) {
    if (lifetime == 0) return;
    for (int number = 1; number <= shape.last_level(); ++number) {
        for (const RunShape& run : shape.level(number).runs) {
            for (const TableShape& table : run.tables) {
                if (!table.has_tombstones()) continue;
                const uint64_t age = now - std::min(now, table.oldest_tombstone_tick);
                if (age <= lifetime || age - lifetime <= slack) continue;
                throw Error(ErrorKind::config,
                            "compaction policy " + strategy +
                                " promises that no tombstone lives longer than " +
                                std::to_string(lifetime) + " ticks, but table " +
                                std::to_string(table.id) + " on level " + std::to_string(number) +
                                " has one that is " + std::to_string(age) + " ticks old",
                            {}, "the fault is in the policy, or in what it was given to promise");
            }
        }
    }
}

}  // namespace lsm
