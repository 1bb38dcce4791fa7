// Monkey's costs: N. Dayan, M. Athanassoulis and S. Idreos, "Monkey: Optimal Navigable Key-Value
// Store", SIGMOD 2017. Leveling or tiering, levels that grow by T and are full. The optimal filters
// themselves are in filter_bits.hpp, for any set of runs.
//
// Pure and deterministic.
#pragma once

namespace lsm::model {

enum class MergePolicy { leveling, tiering };

/// Equation 1: levels of that many entries above a buffer of `buffer_entries`.
double monkey_levels(double size_ratio, double entries, double buffer_entries);

/// Equation 10: page reads and writes per update, a write costing phi reads, of B entries a page.
double monkey_update(MergePolicy policy, double size_ratio, double levels, double entries_per_page,
                     double write_by_read);

/// Equation 11: page reads of a range lookup over the share `selectivity` of N entries.
double monkey_range_lookup(MergePolicy policy, double size_ratio, double levels, double entries,
                           double entries_per_page, double selectivity);

/// Equation 26: page reads in vain of an empty lookup where all runs have filters of as many bits.
double monkey_uniform_empty_lookup(double runs, double bits_per_key);

}  // namespace lsm::model
