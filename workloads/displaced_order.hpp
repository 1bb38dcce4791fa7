// Orders of arrival that are nearly sorted: of n keys in ascending order, a share changes places in
// pairs, each over a distance of at most so many places. Seeded.
//
// After the (K, L) of Raman et al., "BoDS: A Benchmark on Data Sortedness", TPCTC 2022: K the share
// that is out of place, L the largest displacement, both as shares of n, distances Beta-shaped
// (1, 1: uniform). The exchanged pairs are disjoint, so the map is its own inverse. 4 bytes a key.
#pragma once

#include <cstdint>
#include <vector>

namespace lsm::workloads {

struct Sortedness {
    double out_of_order = 0;  // K, 0 to 1
    double displacement = 0;  // L, 0 to 1
    double first_shape = 1;   // of the Beta distribution of distances
    double second_shape = 1;
};

/// Which place of the ascending order arrives at each moment; count < 2^32. As many are out of
/// place as asked for, to within one pair, or as pairs can be found where K is near 1 and L is
/// small.
std::vector<uint32_t> displaced_order(uint64_t count, const Sortedness& sortedness, uint64_t seed);

}  // namespace lsm::workloads
