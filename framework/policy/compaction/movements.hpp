// Data movement, the fourth primitive: which table of a run goes down first (Sarkar et al., VLDB
// 2021, section 3.1).
//
// A movement is a type with `pick(shape, level, run)`: the index of a table in the run, which has
// at least one; and `moves_cursor()`: whether the level's cursor is to follow the pick. Ties go to
// the smallest key. Pure: what looks random is a hash of the experiment's seed and the number of
// edits so far. Usable from any thread.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "framework/base/hash.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

template <class M>
concept Movement = requires(const M& movement, const TreeShape& shape, const RunShape& run) {
    { movement.pick(shape, 1, run) } -> std::convertible_to<size_t>;
    { movement.moves_cursor() } -> std::convertible_to<bool>;
};

/// The index of the table with the smallest cost.
template <class Cost>
size_t cheapest_table(const RunShape& run, Cost cost) {
    size_t best = 0;
    auto best_cost = cost(run.tables[0]);
    for (size_t i = 1; i < run.tables.size(); ++i) {
        const auto this_cost = cost(run.tables[i]);
        if (this_cost >= best_cost) continue;
        best = i;
        best_cost = this_cost;
    }
    return best;
}

/// The run's tables that overlap the keys from first to last: [begin, end) by index.
inline std::pair<size_t, size_t> overlapping_tables(const RunShape& run, std::string_view first,
                                                    std::string_view last) {
    const auto begin = std::lower_bound(
        run.tables.begin(), run.tables.end(), first,
        [](const TableShape& table, std::string_view key) { return table.largest < key; });
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

/// The first table behind the level's cursor, from the front again after the last.
struct RoundRobin {
    bool moves_cursor() const { return true; }
    size_t pick(const TreeShape& shape, int level, const RunShape& run) const {
        const std::string& cursor = shape.level(level).cursor;
        for (size_t i = 0; i < run.tables.size(); ++i) {
            if (cursor.empty() || run.tables[i].largest > cursor) return i;
        }
        return 0;
    }
};

/// The table with the least overlap on the next level.
struct LeastOverlapParent {
    bool moves_cursor() const { return false; }
    size_t pick(const TreeShape& shape, int level, const RunShape& run) const {
        return cheapest_table(
            run, [&](const TableShape& table) { return overlap_ratio(shape, level + 1, table); });
    }
};

/// The table with the least overlap two levels down, where its keys will have to go later.
struct LeastOverlapGrandparent {
    bool moves_cursor() const { return false; }
    size_t pick(const TreeShape& shape, int level, const RunShape& run) const {
        return cheapest_table(
            run, [&](const TableShape& table) { return overlap_ratio(shape, level + 2, table); });
    }
};

/// The table that was written first.
struct Oldest {
    bool moves_cursor() const { return false; }
    size_t pick(const TreeShape&, int, const RunShape& run) const {
        return cheapest_table(run, [](const TableShape& table) { return table.created_tick; });
    }
};

/// The table with the fewest lookups.
struct Coldest {
    bool moves_cursor() const { return false; }
    size_t pick(const TreeShape&, int, const RunShape& run) const {
        return cheapest_table(run, [](const TableShape& table) { return table.reads; });
    }
};

/// The table with the largest share of tombstones.
struct TombstoneDensity {
    bool moves_cursor() const { return false; }
    size_t pick(const TreeShape&, int, const RunShape& run) const {
        return cheapest_table(run, [](const TableShape& table) {
            const auto entries = static_cast<double>(table.entries > 0 ? table.entries : 1);
            return -static_cast<double>(table.tombstones) / entries;
        });
    }
};

/// Any table, by a hash of seed, edit and level.
struct RandomTable {
    bool moves_cursor() const { return false; }
    size_t pick(const TreeShape& shape, int level, const RunShape& run) const {
        const uint64_t draw =
            mix64(shape.seed ^ mix64(shape.edit * 64 + static_cast<uint64_t>(level)));
        return static_cast<size_t>(draw % run.tables.size());
    }
};

/// A movement that an option names.
class NamedMovement {
  public:
    static std::vector<std::string> names() {
        return {"round_robin",
                "least_overlap_parent",
                "least_overlap_grandparent",
                "oldest",
                "coldest",
                "tombstone_density",
                "random"};
    }

    /// `name` is one of names(); the option's table sees to that.
    explicit NamedMovement(std::string_view name) {
        if (name == "round_robin") movement_ = RoundRobin{};
        if (name == "least_overlap_grandparent") movement_ = LeastOverlapGrandparent{};
        if (name == "oldest") movement_ = Oldest{};
        if (name == "coldest") movement_ = Coldest{};
        if (name == "tombstone_density") movement_ = TombstoneDensity{};
        if (name == "random") movement_ = RandomTable{};
    }

    bool moves_cursor() const {
        return std::visit([](const auto& movement) { return movement.moves_cursor(); }, movement_);
    }
    size_t pick(const TreeShape& shape, int level, const RunShape& run) const {
        return std::visit([&](const auto& movement) { return movement.pick(shape, level, run); },
                          movement_);
    }

  private:
    std::variant<LeastOverlapParent, RoundRobin, LeastOverlapGrandparent, Oldest, Coldest,
                 TombstoneDensity, RandomTable>
        movement_;
};

}  // namespace lsm
