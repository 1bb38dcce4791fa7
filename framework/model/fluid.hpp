// The Fluid LSM-tree's costs: N. Dayan and S. Idreos, "Dostoevsky: Better Space-Time Trade-Offs for
// LSM-Tree Based Key-Value Stores via Adaptive Removal of Superfluous Merging", SIGMOD 2018,
// equations 1 and 9 to 13. At most K runs on each level but the last, Z on the last, levels that
// grow by T and are full: (K, Z) = (1, 1) is leveling, (T-1, T-1) tiering, (T-1, 1) lazy leveling.
//
// Filters are sized as Monkey does. The closed forms of lookups hold while the last level has
// filters at all (fluid_has_filters); below that, best_filters finds the optimum run by run. Writes
// follow the paper's rule that a run bypasses a level that is full.
//
// Costs are in page reads or writes; phi is what a write costs in reads, mu how many pages are read
// in sequence for the price of one. Pure and deterministic.
#pragma once

namespace lsm::model {

struct Fluid {
    double size_ratio = 10;    ///< T
    double levels = 1;         ///< L
    double upper_runs = 1;     ///< K
    double last_runs = 1;      ///< Z
    double bits_per_key = 10;  ///< h = M / N
};

struct PageCosts {
    double entries_per_page = 1;    ///< B
    double write_by_read = 1;       ///< phi
    double sequential_speedup = 1;  ///< mu
};

/// Levels of N entries above a buffer of P pages with B entries each; equation 1.
double fluid_levels(double size_ratio, double entries, double buffer_entries);

/// Rate of a filter on a level, 1 being the smallest: p_i and p_L.
double fluid_filter_rate(const Fluid& design, double level);
/// True while the last level's rate is below 1, and with it all closed forms of lookups are valid.
bool fluid_has_filters(const Fluid& design);

/// R: page reads in vain of a lookup of a key that is not there.
double fluid_empty_lookup(const Fluid& design);
/// V: page reads of a lookup of a key that is on the last level.
double fluid_found_lookup(const Fluid& design);
/// Q: page reads of a range lookup that selects `selected` entries.
double fluid_range_lookup(const Fluid& design, double selected, const PageCosts& pages);
/// W: page reads and writes, in reads, that an update brings about until it is on the last level.
double fluid_update(const Fluid& design, const PageCosts& pages);
/// Space beyond the data, as a share of the data, in the worst case.
double fluid_space(const Fluid& design);

}  // namespace lsm::model
