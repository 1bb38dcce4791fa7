// The triggers that look at deletes, ages and space (Sarkar et al., VLDB 2021, section 3.1). Ages
// are in ticks.
//
// A strategy is asked only when a memtable has been flushed, so what would fall due before the next
// flush is due now: twice the time that the last memtable took to fill (TreeShape::flush_ticks) is
// looked ahead.
//
// Tables of the last level are rewritten for their tombstones at most once per flush: a snapshot
// may keep the tombstones in them, and then rewriting again would not help. What was flushed onto
// the only level goes down.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "framework/base/number.hpp"
#include "framework/policy/compaction/triggers.hpp"

namespace lsm {

/// When, counted from its write, a tombstone must have left the level: the sum of the shares of the
/// levels down to it, d_i = T d_(i-1), where the shares of all levels but the last sum to `ttl`
/// (Lethe, SIGMOD 2020, section 4.1; what reaches the last level is dropped there).
inline double tombstone_deadline(uint64_t ttl, uint64_t size_ratio, int level, int last_level) {
    const auto whole = static_cast<double>(ttl);
    if (level >= last_level - 1) return whole;
    double share = 1, sum = 0, sum_here = 0;
    for (int number = 1; number < last_level; ++number) {
        sum += share;
        if (number == level) sum_here = sum;
        share *= static_cast<double>(size_ratio);
    }
    return whole * (sum_here / sum);
}

/// When the youngest entry of the tree was written. Rewriting a table can help again once something
/// was written after it was made.
inline uint64_t newest_write(const TreeShape& shape) {
    uint64_t newest = 0;
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                newest = std::max(newest, table.newest_write_tick);
            }
        }
    }
    return newest;
}

/// Whether the table, of the last level's one run, was made after the last write: what tombstones
/// it has it will keep. Where an older run lies beside it, merging the two helps at any time.
inline bool rewriting_is_vain(const TreeShape& shape, int number, const TableShape& table) {
    return number == shape.last_level() && shape.level(number).runs.size() == 1 &&
           table.created_tick >= newest_write(shape);
}

/// Ticks that the table's oldest tombstone will be past the level's deadline at the next flush;
/// not above 0 when it is in time, or has none.
inline double ticks_overdue(const TreeShape& shape, const TableShape& table, double deadline) {
    if (!table.has_tombstones()) return 0;
    const uint64_t age = shape.tick - std::min(shape.tick, table.oldest_tombstone_tick);
    return static_cast<double>(age) + 2 * static_cast<double>(shape.flush_ticks) - deadline;
}

/// A level with a tombstone that is older than the level's share of the time that a delete may take
/// (FADE; Sarkar et al., "Lethe", SIGMOD 2020, section 4.1). Of several levels the smallest first.
struct TombstoneAge {
    uint64_t ttl = 0;  // ticks from a delete to the end of its tombstone
    uint64_t size_ratio = 10;

    template <Layout L>
    std::vector<Due> due(const TreeShape& shape, const L&) const {
        std::vector<Due> found;
        const int last = shape.last_level();
        for (int number = 1; number <= last; ++number) {
            const double deadline = tombstone_deadline(ttl, size_ratio, number, last);
            double most = 0;
            for (const RunShape& run : shape.level(number).runs) {
                for (const TableShape& table : run.tables) {
                    const double overdue = ticks_overdue(shape, table, deadline);
                    if (overdue <= most) continue;
                    if (rewriting_is_vain(shape, number, table) && number > 1) continue;
                    most = overdue;
                }
            }
            if (!(most > 0)) continue;
            found.push_back({number, 1 + most / std::max(deadline, 1.0),
                             "level " + std::to_string(number) +
                                 " has a tombstone that would be older than " +
                                 format_number(std::round(deadline)) + " at the next flush",
                             true});
        }
        return found;
    }
};

/// A level with a table of which tombstones are at least this share.
struct TombstoneShare {
    double limit = 0.5;  // of the table's entries

    template <Layout L>
    std::vector<Due> due(const TreeShape& shape, const L&) const {
        std::vector<Due> found;
        const int last = shape.last_level();
        const uint64_t newest = newest_write(shape);
        for (int number = 1; number <= last; ++number) {
            double most = 0;
            for (const RunShape& run : shape.level(number).runs) {
                for (const TableShape& table : run.tables) {
                    const double share = static_cast<double>(table.tombstones) /
                                         static_cast<double>(std::max<uint64_t>(table.entries, 1));
                    if (share < limit || share <= most) continue;
                    if (number == last && table.created_tick >= newest) continue;
                    most = share;
                }
            }
            if (!(most > 0)) continue;
            found.push_back({number, most / limit,
                             "level " + std::to_string(number) + " has a table with " +
                                 format_number(std::round(100 * most)) + " % tombstones",
                             true});
        }
        sort_by_urgency(found);
        return found;
    }
};

/// More bytes above the tree's oldest run than this many times its own: an upper bound of what
/// newer versions and deletes may have made obsolete. Due is the level that this is deepest on.
struct SpaceAmplification {
    double limit = 1;

    template <Layout L>
    std::vector<Due> due(const TreeShape& shape, const L&) const {
        const int last = shape.last_level();
        if (last == 0) return {};
        const uint64_t oldest = shape.level(last).runs.back().logical_bytes();
        const uint64_t above = shape.logical_bytes() - oldest;
        const double ratio =
            static_cast<double>(above) / static_cast<double>(std::max<uint64_t>(oldest, 1));
        if (above == 0 || ratio <= limit) return {};
        int level = last;
        if (shape.level(last).runs.size() == 1) {
            do {
                --level;
            } while (shape.level(level).runs.empty());
        }
        return {{level, limit > 0 ? ratio / limit : 1 + ratio,
                 format_size(above) + " lie above the oldest run's " + format_size(oldest), true}};
    }
};

/// A level above the last with a table that was written longer ago than this: its entries hide
/// older versions below that could be gone ("file staleness"; RocksDB's ttl).
struct Staleness {
    uint64_t limit = 0;  // ticks

    template <Layout L>
    std::vector<Due> due(const TreeShape& shape, const L&) const {
        std::vector<Due> found;
        for (int number = 1; number < shape.last_level(); ++number) {
            uint64_t most = 0;
            for (const RunShape& run : shape.level(number).runs) {
                for (const TableShape& table : run.tables) {
                    most = std::max(most, shape.tick - std::min(shape.tick, table.created_tick));
                }
            }
            if (most <= limit) continue;
            found.push_back(
                {number,
                 static_cast<double>(most) / static_cast<double>(std::max(limit, uint64_t{1})),
                 "level " + std::to_string(number) + " has a table that is " + format_number(most) +
                     " old"});
        }
        sort_by_urgency(found);
        return found;
    }
};

}  // namespace lsm
