// What a design costs: for each level and in total, by the engine's own rule (adr/0004, adr/0006)
// beside the conventions of the papers.
//
// **Writes** are counted in merges per entry. The papers do not agree on how often an entry is
// rewritten on a level that grows by T and has at most K runs:
//   - an incoming run bypasses a level that is full: ((T-1)/T) (T-1+K) / (2K), which is (T-1)/2
//     leveled and (T-1)/T tiered (Monkey eq. 10; Dostoevsky eq. 12 is the same for K = 1 and
//     K = T-1, and has (T-1)/(K+1) between them);
//   - Endure and Lethe: (T-1+K) / (2K), T/2 leveled and 1 tiered;
//   - an incoming run is written, and the level then spills: (T+1)/2 leveled, 1 tiered.
// For leveling the first and the last give the band [(T-1)/2, (T+1)/2] L. The engine's rule is the
// first by default, but that a flush founds a run on level 1, which adds (T-1)/T leveled and 1/T
// tiered there.
//
// **Lookups** count data blocks of runs whose filter lets the key pass, in a tree whose levels are
// full but for the deepest: what the papers do. **Space** is the papers' worst case: all that is
// not in the largest run is out of date. While the last level is merged whole, its old and new runs
// are there together: `peak_space`.
//
// Pure and deterministic.
#pragma once

#include <vector>

#include "framework/model/design.hpp"

namespace lsm::model {

struct LevelCosts {
    double capacity = 0;  ///< bytes
    double entries = 0;
    double runs = 0;
    LevelFilter filter;
    double merges = 0;  ///< of an entry, on this level; the flush counts on level 1
};

/// Merges per entry, by the convention.
struct WriteBand {
    double bypass = 0;
    double endure = 0;
    double write_then_spill = 0;
};

struct DesignCosts {
    std::vector<LevelCosts> levels;
    double size_ratio = 0;  ///< T; 0 where levels do not all grow by one factor
    SpillRule rule = SpillRule::bypass;
    double write = 0;  ///< write amplification by the engine's rule: the flush and all merges
    WriteBand band;    ///< merges alone, as the papers count
    double empty_lookup = 0;
    double empty_lookup_uniform = 0;  ///< with as much filter memory, spread evenly; Monkey eq. 26
    double empty_lookup_optimal = 0;  ///< with as much filter memory, spread best
    double found_lookup = 0;          ///< of any key, each as likely
    double found_lookup_last = 0;     ///< of a key on the last level; Dostoevsky eq. 10
    double bits_per_key = 0;          ///< of the whole tree
    double short_range = 0;           ///< blocks: one of each run
    double space = 0;                 ///< bytes by live byte, worst case
    double peak_space = 0;            ///< while the last level is merged
};

/// The costs of data of that size.
DesignCosts costs_of(const DeclaredLayout& layout, const DataSize& data,
                     const AnyBloomSizing& sizing, const AnyFilter& filter);

/// Blocks that a range lookup of `selected` entries reads: one of each run, and the selected ones
/// as often as `space` has the data (Dostoevsky eq. 11 with mu = 1 and that space).
double range_lookup(const DesignCosts& costs, const DataSize& data, double selected);

/// The papers' merges per entry of a tree of `deepest` levels.
WriteBand write_band(const DeclaredLayout& layout, int deepest);

/// Writes of an entry on each level by the engine's rule, the flush among those of level 1, over
/// the life of a level: from one time that it goes down to the next.
std::vector<double> writes_by_level(const DeclaredLayout& layout, int deepest);

}  // namespace lsm::model
