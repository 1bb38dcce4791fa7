// Data movement, the fourth primitive: which table of a run goes down first (Sarkar et al., VLDB
// 2021, section 3.1).
//
// A movement is a type with `narrow(shape, level, run, candidates)`: keeps of the candidates
// (indexes of tables in the run, ascending, at least one) those that it likes best; and
// `moves_cursor()`: whether the level's cursor is to follow the pick. In a list of movements each
// narrows what the one before it left, so the first that has a preference decides and ties go to
// the next; what is still tied at the end goes to the smallest key. Pure: what looks random is a
// hash of the experiment's seed and the number of edits so far. Usable from any thread.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "framework/base/bug_museum.hpp"
#include "framework/base/hash.hpp"
#include "framework/policy/compaction/other_triggers.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

using Candidates = std::vector<size_t>;

template <class M>
concept Movement = requires(const M& movement, const TreeShape& shape, const RunShape& run,
                            Candidates& candidates) {
    movement.narrow(shape, 1, run, candidates);
    { movement.moves_cursor() } -> std::convertible_to<bool>;
};

inline Candidates all_tables(const RunShape& run) {
    Candidates candidates(run.tables.size());
    std::iota(candidates.begin(), candidates.end(), size_t{0});
    return candidates;
}

/// The index of the table that the movement takes.
template <class M>
size_t pick_table(const M& movement, const TreeShape& shape, int level, const RunShape& run) {
    Candidates candidates = all_tables(run);
    movement.narrow(shape, level, run, candidates);
    return candidates.front();
}

/// Keeps the candidates of the least cost.
template <class Cost>
void keep_cheapest(Candidates& candidates, Cost cost) {
    size_t kept = 0;
    double best = 0;
    for (const size_t candidate : candidates) {
        const double this_cost = cost(candidate);
        if (kept > 0 && this_cost > best) continue;
        if (kept > 0 && this_cost < best) kept = 0;
        best = this_cost;
        candidates[kept++] = candidate;
    }
    candidates.resize(kept);
}

/// The run's tables that overlap the keys from first to last: [begin, end) by index.
inline std::pair<size_t, size_t> overlapping_tables(const RunShape& run, std::string_view first,
                                                    std::string_view last) {
    const auto begin = std::lower_bound(
        run.tables.begin(), run.tables.end(), first,
        [](const TableShape& table, std::string_view key) {
            return table.largest < key || (bug(Bug::overlap_end_exclusive) && table.largest == key);
        });
    const auto end = std::upper_bound(
        begin, run.tables.end(), last,
        [](std::string_view key, const TableShape& table) { return key < table.smallest; });
    return {static_cast<size_t>(begin - run.tables.begin()),
            static_cast<size_t>(end - run.tables.begin())};
}

/// Bytes on the level that overlap the table, per byte of the table.
inline double overlap_ratio(const TreeShape& shape, int level, const TableShape& table) {
    uint64_t bytes = 0;
    for (const RunShape& run : shape.level(level).runs) {
        const auto [begin, end] = overlapping_tables(run, table.smallest, table.largest);
        for (size_t i = begin; i < end; ++i) bytes += run.tables[i].logical_bytes;
    }
    const uint64_t own = table.logical_bytes > 0 ? table.logical_bytes : 1;
    return static_cast<double>(bytes) / static_cast<double>(own);
}

/// A movement by a cost of each table, `cost(shape, level, run, index)`, the least first.
template <class Self>
struct ByCost {
    bool moves_cursor() const { return false; }
    void narrow(const TreeShape& shape, int level, const RunShape& run,
                Candidates& candidates) const {
        keep_cheapest(candidates, [&](size_t index) {
            return static_cast<const Self&>(*this).cost(shape, level, run, index);
        });
    }
};

/// The first table behind the level's cursor, from the front again after the last.
struct RoundRobin : ByCost<RoundRobin> {
    bool moves_cursor() const { return true; }
    double cost(const TreeShape& shape, int level, const RunShape& run, size_t index) const {
        const std::string& cursor = shape.level(level).cursor;
        const bool behind = cursor.empty() || run.tables[index].smallest > cursor;
        return static_cast<double>(behind ? index : index + run.tables.size());
    }
};

/// The table with the least overlap on the next level.
struct LeastOverlapParent : ByCost<LeastOverlapParent> {
    double cost(const TreeShape& shape, int level, const RunShape& run, size_t index) const {
        return overlap_ratio(shape, level + 1, run.tables[index]);
    }
};

/// The table with the least overlap two levels down, where its keys will have to go later.
struct LeastOverlapGrandparent : ByCost<LeastOverlapGrandparent> {
    double cost(const TreeShape& shape, int level, const RunShape& run, size_t index) const {
        return overlap_ratio(shape, level + 2, run.tables[index]);
    }
};

/// The table that was written first.
struct Oldest : ByCost<Oldest> {
    double cost(const TreeShape&, int, const RunShape& run, size_t index) const {
        return static_cast<double>(run.tables[index].created_tick);
    }
};

/// The table with the oldest entry: what lies there has waited longest to go down (RocksDB's
/// kOldestSmallestSeqFirst).
struct OldestEntry : ByCost<OldestEntry> {
    double cost(const TreeShape&, int, const RunShape& run, size_t index) const {
        return static_cast<double>(run.tables[index].oldest_sequence);
    }
};

/// The table in which nothing was written for the longest time (RocksDB's kOldestLargestSeqFirst).
struct LongestUnwritten : ByCost<LongestUnwritten> {
    double cost(const TreeShape&, int, const RunShape& run, size_t index) const {
        return static_cast<double>(run.tables[index].newest_sequence);
    }
};

/// The table with the fewest lookups.
struct Coldest : ByCost<Coldest> {
    double cost(const TreeShape&, int, const RunShape& run, size_t index) const {
        return static_cast<double>(run.tables[index].reads);
    }
};

/// The table with the largest share of tombstones; none, when no table has as large a share as
/// `least`, or any.
struct TombstoneDensity : ByCost<TombstoneDensity> {
    double least = 0;  // of a table's entries

    TombstoneDensity() = default;
    explicit TombstoneDensity(double least_share) : least(least_share) {}

    double cost(const TreeShape&, int, const RunShape& run, size_t index) const {
        const TableShape& table = run.tables[index];
        const auto entries = static_cast<double>(table.entries > 0 ? table.entries : 1);
        const double share = static_cast<double>(table.tombstones) / entries;
        return share < least ? 0 : -share;
    }
};

/// The table whose oldest tombstone is the furthest past the level's deadline (see TombstoneAge);
/// none, when no tombstone is.
struct ExpiredTombstones : ByCost<ExpiredTombstones> {
    uint64_t ttl = 0;  // ticks
    uint64_t size_ratio = 10;

    ExpiredTombstones() = default;
    ExpiredTombstones(uint64_t ticks, uint64_t ratio) : ttl(ticks), size_ratio(ratio) {}

    double cost(const TreeShape& shape, int level, const RunShape& run, size_t index) const {
        const double deadline = tombstone_deadline(ttl, size_ratio, level, shape.last_level());
        return -std::max(0.0, ticks_overdue(shape, run.tables[index], deadline));
    }
};

/// Any table, by a hash of seed, edit and level.
struct RandomTable {
    bool moves_cursor() const { return false; }
    void narrow(const TreeShape& shape, int level, const RunShape&, Candidates& candidates) const {
        const uint64_t draw =
            mix64(shape.seed ^ mix64(shape.edit * 64 + static_cast<uint64_t>(level)));
        candidates = {candidates[static_cast<size_t>(draw % candidates.size())]};
    }
};

/// A movement that an option names.
class NamedMovement {
  public:
    /// Those that need nothing but their name.
    static std::vector<std::string> names() {
        return {"round_robin", "least_overlap_parent", "least_overlap_grandparent",
                "oldest",      "oldest_entry",         "longest_unwritten",
                "coldest",     "tombstone_density",    "random"};
    }

    /// What some movements go by.
    struct Parameters {
        uint64_t tombstone_ttl = 0;  // expired_tombstones
        uint64_t size_ratio = 10;    // expired_tombstones
        double least_density = 0;    // tombstone_density
    };

    /// `name` is one of names(), or expired_tombstones; the option's table sees to that.
    explicit NamedMovement(std::string_view name) : NamedMovement(name, Parameters{}) {}
    NamedMovement(std::string_view name, const Parameters& parameters) {
        if (name == "round_robin") movement_ = RoundRobin{};
        if (name == "least_overlap_grandparent") movement_ = LeastOverlapGrandparent{};
        if (name == "oldest") movement_ = Oldest{};
        if (name == "coldest") movement_ = Coldest{};
        if (name == "oldest_entry") movement_ = OldestEntry{};
        if (name == "longest_unwritten") movement_ = LongestUnwritten{};
        if (name == "tombstone_density") movement_ = TombstoneDensity{parameters.least_density};
        if (name == "expired_tombstones") {
            movement_ = ExpiredTombstones{parameters.tombstone_ttl, parameters.size_ratio};
        }
        if (name == "random") movement_ = RandomTable{};
    }

    bool moves_cursor() const {
        return std::visit([](const auto& movement) { return movement.moves_cursor(); }, movement_);
    }
    bool wants_reads() const { return std::holds_alternative<Coldest>(movement_); }
    void narrow(const TreeShape& shape, int level, const RunShape& run,
                Candidates& candidates) const {
        std::visit([&](const auto& movement) { movement.narrow(shape, level, run, candidates); },
                   movement_);
    }

  private:
    std::variant<LeastOverlapParent, RoundRobin, LeastOverlapGrandparent, Oldest, Coldest,
                 OldestEntry, LongestUnwritten, TombstoneDensity, ExpiredTombstones, RandomTable>
        movement_;
};

/// Movements in order of precedence.
struct MovementList {
    std::vector<NamedMovement> movements;

    bool moves_cursor() const {
        return std::any_of(movements.begin(), movements.end(),
                           [](const NamedMovement& one) { return one.moves_cursor(); });
    }
    bool wants_reads() const {
        return std::any_of(movements.begin(), movements.end(),
                           [](const NamedMovement& one) { return one.wants_reads(); });
    }
    void narrow(const TreeShape& shape, int level, const RunShape& run,
                Candidates& candidates) const {
        for (const NamedMovement& movement : movements) {
            if (candidates.size() == 1) return;
            movement.narrow(shape, level, run, candidates);
        }
    }
};

}  // namespace lsm
