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
#include <cmath>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/math.hpp"
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

/// Any number of runs on each level: `runs[i]` (K_(i+1)) on level i+1, the last one named on all
/// deeper levels (K-LSM: Huynh et al., "Endure", PVLDB 2022), and on top of that three exceptions:
/// the deepest level's own number, level 1 that keeps flushes as they come, and a level 2 of a
/// given size from which deeper levels grow (RocksDB's and LevelDB's base level).
struct ListLayout : GrowingLevels {
    std::vector<uint64_t> runs = {1};
    uint64_t last = 0;          // runs on the deepest level; 0: as the list says
    uint64_t level1 = 0;        // flushes that level 1 collects, each a run; 0: as the list says
    uint64_t level2_bytes = 0;  // capacity of level 2; 0: by the size ratio

    uint64_t runs_allowed(const TreeShape& shape, int level) const {
        if (level == 1 && level1 > 0) return level1;
        if (last > 0 && level >= shape.last_level()) return last;
        return runs[std::min(static_cast<size_t>(level), runs.size()) - 1];
    }
    uint64_t capacity(const TreeShape& shape, int level) const {
        if (level == 1 && level1 > 0) return bytes_of_arrivals(shape, level, level1);
        if (level == 1 || level2_bytes == 0) return GrowingLevels::capacity(shape, level);
        auto bytes = static_cast<double>(level2_bytes);
        for (int number = 2; number < level; ++number) bytes *= static_cast<double>(size_ratio);
        return bytes < 0x1p63 ? static_cast<uint64_t>(bytes) : uint64_t{1} << 63;
    }
    uint64_t run_capacity(const TreeShape& shape, int level) const {
        const uint64_t allowed = runs_allowed(shape, level);
        if (level == 1 && level1 > 0) return level1 > 1 ? 0 : capacity(shape, level);
        return allowed == 1 ? capacity(shape, level) : shared_capacity(shape, level, allowed);
    }
};

/// Size ratios that shrink from level to level, and a number of runs per level to go with them:
/// the Wacky continuum of Dayan and Idreos, "The Log-Structured Merge-Bush & the Wacky Continuum",
/// SIGMOD 2019, section 5. With L levels, level i < L is r_i = T^(X^(L-i-1)) times as large as the
/// one before it and has at most (r_i - 1)^K runs; level L has at most C^Z runs and C times the
/// bytes of all other levels. X = 1 is a constant size ratio, and then C = T-1 makes K = Z = 0
/// leveling, K = Z = 1 tiering, and K = 1, Z = 0 lazy leveling; with K = 1, Z = 0 and X above 1 it
/// is the LSM-bush.
///
/// L is the tree's number of levels at the time: when the deepest level is full it goes down like
/// any other, and from then on each level above it has the next larger ratio. Ratios are rounded to
/// whole numbers. Like elsewhere here, level i < L takes r_i - 1 arrivals of the size of all levels
/// above it and one memtable.
struct WackyLayout {
    uint64_t size_ratio = 2;      // T
    double growth = 2;            // X
    double upper = 1;             // K
    double deepest = 0;           // Z
    uint64_t capacity_ratio = 1;  // C
    Spill spill = Spill::bypass;

    static constexpr double kLargestRatio = 1 << 20;

    uint64_t runs_allowed(const TreeShape& shape, int level) const {
        return runs(level, depth(shape, level));
    }
    uint64_t capacity(const TreeShape& shape, int level) const {
        return bytes_of(shape, level, arrivals(level, depth(shape, level)));
    }
    uint64_t run_capacity(const TreeShape& shape, int level) const {
        const int levels = depth(shape, level);
        const uint64_t allowed = runs(level, levels);
        const uint64_t each = (arrivals(level, levels) + allowed - 1) / allowed;
        return allowed > 1 && each == 1 ? 0 : bytes_of(shape, level, each);
    }

  private:
    static int depth(const TreeShape& shape, int level) {
        return std::max(shape.last_level(), level);
    }

    /// r_i of a level above the deepest.
    double ratio(int level, int levels) const {
        double exponent = 1;
        for (int step = level; step < levels - 1 && exponent < 64; ++step) exponent *= growth;
        const double exact = exact_pow(static_cast<double>(size_ratio), exponent);
        return std::floor(std::min(exact, kLargestRatio) + 0.5);
    }

    uint64_t arrivals(int level, int levels) const {
        if (level == levels) return capacity_ratio;
        return static_cast<uint64_t>(ratio(level, levels)) - 1;
    }

    uint64_t runs(int level, int levels) const {
        const auto most = static_cast<double>(arrivals(level, levels));
        const double exact = exact_pow(most, level == levels ? deepest : upper);
        return std::max(uint64_t{1}, static_cast<uint64_t>(exact + 0.5));
    }

    uint64_t bytes_of(const TreeShape& shape, int level, uint64_t count) const {
        const int levels = depth(shape, level);
        double bytes = (static_cast<double>(count) + GrowingLevels::kTolerance) *
                       static_cast<double>(shape.memtable_bytes);
        for (int number = 1; number < level; ++number) bytes *= ratio(number, levels);
        return bytes < 0x1p63 ? static_cast<uint64_t>(bytes) : uint64_t{1} << 63;
    }
};

}  // namespace lsm
