// The LSM-bush and the Wacky continuum: N. Dayan and S. Idreos, "The Log-Structured Merge-Bush &
// the Wacky Continuum", SIGMOD 2019. Each level i has a growth r_i, how many times larger it is
// than the one before it, and at most a_i runs; costs follow from the two lists alone, so every
// layout whose levels are bounded in runs and bytes is covered (the fluid LSM-tree has one r, K and
// Z).
//
// Pure and deterministic.
#pragma once

#include <vector>

namespace lsm::model {

struct LevelGrowth {
    double growth = 10;   ///< r_i
    double runs = 1;      ///< a_i
    double arrivals = 9;  ///< that a full level has taken: r_i - 1, and C on the last level
};

struct WackySettings {
    double base = 2;           ///< T, growth of the second largest level to the largest but one
    double exponent = 2;       ///< X, how the growths grow towards smaller levels; 1: all are T
    double last_growth = 1;    ///< C, of the largest level: r_L = C T / (T - 1)
    double upper_merging = 1;  ///< K: 1 as LSM-bush, each arrival a run; 0: one run per level
    double last_merging = 0;   ///< Z: a_L = C^Z; 0: one run
};

/// r_i = T^(X^(L-i-1)) and a_i = (r_i - 1)^K above the last level, r_L = C T/(T-1) and a_L = C^Z
/// there. LSM-bush is K = 1, Z = 0.
std::vector<LevelGrowth> wacky_levels(const WackySettings& settings, int levels);

/// Runs that a lookup may have to look into.
double total_runs(const std::vector<LevelGrowth>& levels);

/// Merges of an entry until it is on the last level, where an incoming run bypasses a full level:
/// the sum of arrivals / (a_i + 1), which is Dostoevsky's equation 12 where all r_i are T.
double merges_per_entry(const std::vector<LevelGrowth>& levels);

/// What a lookup of a key that is not there costs with optimal filters of that many bits per key
/// over all: full levels, equal runs on each.
double empty_lookup(const std::vector<LevelGrowth>& levels, double bits_per_key);

}  // namespace lsm::model
