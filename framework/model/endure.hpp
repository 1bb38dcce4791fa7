// Endure's cost model of the K-LSM-tree, and its robust tuning: A. Huynh, H. Chaudhari, E. Terzi
// and M. Athanassoulis, "Endure: A Robust Tuning Paradigm for LSM Trees Under Workload
// Uncertainty", VLDB 2022, and "Towards Flexibility and Robustness of LSM Trees" (VLDB Journal
// 2024), which brings a number of runs K_i for each level.
//
// The number of levels is a real number L, so that costs change smoothly with the design; its
// ceiling Lc is how many there are, and the last of them counts in parts. Filter rates are optimal
// where K is the same on all levels. Costs are page reads and writes. Pure and deterministic.
#pragma once

#include <functional>
#include <vector>

namespace lsm::model {

struct KLsm {
    double size_ratio = 10;       ///< T
    std::vector<double> runs;     ///< K_i, level 1 first; the last one holds for deeper levels too
    double bits_per_key = 10;     ///< of the filters, h
    double entries = 0;           ///< N
    double entries_per_page = 1;  ///< B
    double buffer_entries = 1;    ///< m_buf / E
    double write_by_read = 1;     ///< phi
};

/// L = log_T(N E / m_buf + 1).
double endure_levels(const KLsm& design);
/// f_i, the rate of the filters on a level; 1 at most.
double endure_filter_rate(const KLsm& design, int level);
/// Z0: of a lookup of a key that is not there.
double endure_empty_lookup(const KLsm& design);
/// Z1: of a lookup of a key that is there, each as likely.
double endure_found_lookup(const KLsm& design);
/// Q: of a range lookup of that share of all entries.
double endure_range_lookup(const KLsm& design, double selectivity);
/// W: of a write.
double endure_write(const KLsm& design);

/// The largest mean cost over all workloads within `rho` of the expected one, by Kullback-Leibler
/// divergence. `shares` and `costs` are of the kinds of operations; shares sum to 1. By the dual:
/// the least over lambda > 0 of rho lambda + lambda ln sum_i w_i e^(c_i / lambda).
double robust_cost(const std::vector<double>& shares, const std::vector<double>& costs, double rho);

/// The workload that costs that much.
std::vector<double> worst_workload(const std::vector<double>& shares,
                                   const std::vector<double>& costs, double rho);

}  // namespace lsm::model
