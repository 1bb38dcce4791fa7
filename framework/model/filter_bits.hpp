// How filter memory and false positives belong together.
//
// The rate of a Bloom filter with the best number of hash functions is e^(-bits ln^2 2). Over
// several runs the sum of the rates, which is what a lookup of a missing key costs, is least when
// each run's rate is proportional to how many entries it has and inversely to how often it is
// probed (Lagrange; Monkey, SIGMOD 2017, sections 4.1 and 4.2 solve the case of full levels). The
// solution here holds for any set of runs: no size ratio, no equal levels are assumed. A run whose
// rate would be 1 or more gets no filter, and the others share the memory.
//
// Pure and deterministic (framework/base/math.hpp). Cost: n log n in the number of runs.
#pragma once

#include <vector>

namespace lsm::model {

/// ln^2 2: a bit per key divides the rate by e to this.
inline constexpr double kLn2Squared = 0.4804530139182014;

/// e^(-bits ln^2 2); 1 for no bits or fewer.
double bloom_rate(double bits_per_key);

struct RunOfEntries {
    double entries = 0;
    double probes = 1;  ///< of a lookup, on average
};

struct RunFilter {
    double bits_per_key = 0;
    double rate = 1;
};

/// The filters of these runs that make the probes in vain fewest for `bits_per_key` bits on average
/// over all entries. Runs without entries or probes get none.
std::vector<RunFilter> best_filters(const std::vector<RunOfEntries>& runs, double bits_per_key);

}  // namespace lsm::model
