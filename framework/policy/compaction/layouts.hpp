// Layout, the first of the four primitives that compaction strategies are made of (Sarkar et al.,
// VLDB 2021, section 3.1): how many sorted runs a level holds, and how many bytes.
//
// The unit is an arrival. A flush brings level 1 one memtable's worth, B bytes; a full level i
// brings T^i B to the next one, where T is the size ratio. At rest level i has taken at most T-1
// arrivals, (T-1) T^(i-1) B bytes, in at most K_i runs. An eighth of an arrival more is tolerated,
// since memtables are flushed a little above B: so T-1 arrivals of slightly different sizes fit
// and T do not. A run takes ceil((T-1)/K_i) arrivals before the next run is begun: all T-1 of
// them when leveled (K = 1), a single one when tiered (K = T-1), whatever its size: a tiered level
// is bounded by its number of runs alone. (Fluid LSM-tree: Dayan and Idreos, "Dostoevsky", SIGMOD
// 2018, section 4; the rule in full: adr/0004-capacity-and-spill.md.)
//
// A layout is a small value type, pure, usable from any thread.
#pragma once

#include <algorithm>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>

#include "framework/policy/tree_shape.hpp"

namespace lsm {

/// What happens to a run that arrives at a leveled level where it no longer fits: `bypass` merges
/// both into the next level at once, `write_then_spill` first merges it here, above capacity, and
/// then takes the level down.
enum class Spill { bypass, write_then_spill };

inline Spill spill_named(std::string_view name) {
    return name == "write_then_spill" ? Spill::write_then_spill : Spill::bypass;
}

template <class L>
concept Layout = requires(const L& layout, const TreeShape& shape, int level) {
    { layout.runs_allowed(shape, level) } -> std::convertible_to<uint64_t>;
    { layout.capacity(shape, level) } -> std::convertible_to<uint64_t>;  // bytes of the level
    // Bytes to which a run of the level grows by what arrives; 0: it takes one arrival only.
    { layout.run_capacity(shape, level) } -> std::convertible_to<uint64_t>;
    { layout.spill } -> std::convertible_to<Spill>;
};

/// What the layouts share: sizes that grow by the size ratio.
struct GrowingLevels {
    static constexpr double kTolerance = 0.125;  // arrivals

    uint64_t size_ratio = 10;
    Spill spill = Spill::bypass;

    /// Bytes of one arrival at the level.
    double arrival(const TreeShape& shape, int level) const {
        auto bytes = static_cast<double>(shape.memtable_bytes);
        for (int number = 1; number < level; ++number) bytes *= static_cast<double>(size_ratio);
        return bytes;
    }

    /// Bytes of that many arrivals, an eighth of an arrival tolerated.
    uint64_t bytes_of_arrivals(const TreeShape& shape, int level, uint64_t arrivals) const {
        const double bytes = (static_cast<double>(arrivals) + kTolerance) * arrival(shape, level);
        return bytes < 0x1p63 ? static_cast<uint64_t>(bytes) : uint64_t{1} << 63;
    }

    uint64_t capacity(const TreeShape& shape, int level) const {
        return bytes_of_arrivals(shape, level, size_ratio - 1);
    }

    /// Of one run among at most `runs`.
    uint64_t shared_capacity(const TreeShape& shape, int level, uint64_t runs) const {
        const uint64_t arrivals = (size_ratio - 1 + runs - 1) / runs;
        return runs > 1 && arrivals == 1 ? 0 : bytes_of_arrivals(shape, level, arrivals);
    }
};

/// At most `upper` runs (K) on each level but the last, which holds `last` (Z).
struct FluidLayout : GrowingLevels {
    uint64_t upper = 1;
    uint64_t last = 1;

    FluidLayout(uint64_t ratio, uint64_t upper_runs, uint64_t last_runs, Spill rule = Spill::bypass)
        : GrowingLevels{ratio, rule}, upper(upper_runs), last(last_runs) {}

    uint64_t runs_allowed(const TreeShape& shape, int level) const {
        return level < shape.last_level() ? upper : last;
    }
    uint64_t run_capacity(const TreeShape& shape, int level) const {
        return shared_capacity(shape, level, runs_allowed(shape, level));
    }
};

/// One run per level (O'Neil et al., "The Log-Structured Merge-Tree", 1996).
struct LevelingLayout : FluidLayout {
    explicit LevelingLayout(uint64_t ratio, Spill rule = Spill::bypass)
        : FluidLayout(ratio, 1, 1, rule) {}
};

/// A run per arrival.
struct TieringLayout : FluidLayout {
    explicit TieringLayout(uint64_t ratio, Spill rule = Spill::bypass)
        : FluidLayout(ratio, ratio - 1, ratio - 1, rule) {}
};

/// Tiered but for the last level (Dostoevsky, section 4.1).
struct LazyLevelingLayout : FluidLayout {
    explicit LazyLevelingLayout(uint64_t ratio, Spill rule = Spill::bypass)
        : FluidLayout(ratio, ratio - 1, 1, rule) {}
};

/// Level 1 keeps each flush as a run of its own, up to `level1`; below, one run per level
/// (RocksDB's default; "1-leveling" in Sarkar et al.).
struct OneLevelingLayout : GrowingLevels {
    uint64_t level1 = 1;

    OneLevelingLayout(uint64_t ratio, uint64_t level1_runs, Spill rule = Spill::bypass)
        : GrowingLevels{ratio, rule}, level1(level1_runs) {}

    uint64_t runs_allowed(const TreeShape&, int level) const { return level == 1 ? level1 : 1; }
    uint64_t capacity(const TreeShape& shape, int level) const {
        return bytes_of_arrivals(shape, level, level == 1 ? level1 : size_ratio - 1);
    }
    uint64_t run_capacity(const TreeShape& shape, int level) const {
        return level == 1 && level1 > 1 ? 0 : capacity(shape, level);
    }
};

}  // namespace lsm
