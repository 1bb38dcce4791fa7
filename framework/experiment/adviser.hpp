// Which design is cheapest for a mix of operations, a budget of memory and a device: by the cost
// model, over every strategy that declares a layout and every sizing that takes bits per key.
//
// Searched are the strategy, its `size_ratio`, and `upper_runs` and `last_runs` (K, Z) where it has
// these options, the sizing, its `bits_per_key`, and with it how the memory is split: what filters
// do not take is the memtable. Costs are modelled seconds of the device for one operation, of four
// kinds: empty and found lookups, range lookups, and writes, whose merges read what they rewrite
// and are done in large requests. The objective is their mean by the mix, or with `rho` above 0 the
// mean in the worst workload within that Kullback-Leibler divergence (Endure, VLDB 2022).
//
// Pure and deterministic. Cost: some thousand designs, a fraction of a millisecond each.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "framework/experiment/device.hpp"
#include "framework/experiment/predictions.hpp"
#include "framework/experiment/workload_mix.hpp"

namespace lsm::experiment {

struct AdviceRequest {
    WorkloadMix mix;
    double memory_bytes = 64 << 20;
    double block_bytes = 4096;
    Device device;
    double rho = 0;
};

struct Advice {
    std::vector<std::pair<std::string, std::string>> settings;  ///< by dotted path
    std::string strategy;
    double memtable_bytes = 0;
    double filter_bits = 0;  ///< per key
    model::DesignCosts costs;
    std::array<double, kAdviceOperations> seconds{};  ///< of one operation
    double mean_seconds = 0;
    double worst_seconds = 0;  ///< of the worst workload within rho; the mean where rho is 0
    bool on_frontier = false;  ///< as advice_frontier says
};

/// The best design of each strategy, best first.
std::vector<Advice> advise(const AdviceRequest& request, const Registry& registry);

/// The designs of all strategies that no other is as good as in write amplification, point lookups,
/// range lookups and space at once; best for the mix first. Looked at are `best` and every second
/// value of each axis. Sets `on_frontier` of `best`.
std::vector<Advice> advice_frontier(const AdviceRequest& request, const Registry& registry,
                                    std::vector<Advice>& best);

/// So many of these at most, by the costs of writes: of designs whose costs are near each other the
/// first.
std::vector<Advice> spread_out(const std::vector<Advice>& designs, size_t most);

/// As TrialResult has them.
using RunMetrics = std::vector<std::pair<std::string, double>>;

/// The device's seconds for one operation of each kind, by what a run of the design counted; the
/// model's where the run had no such operation.
std::array<double, kAdviceOperations> run_seconds(const RunMetrics& metrics, const Advice& advice,
                                                  const AdviceRequest& request);

/// Of one operation in the mix; in the worst mix within rho.
double worst_mean(const std::array<double, kAdviceOperations>& seconds,
                  const AdviceRequest& request);

/// Modelled seconds of one operation of each kind.
std::array<double, kAdviceOperations> operation_seconds(const model::DesignCosts& costs,
                                                        const AdviceRequest& request);

/// An experiment file of that design with the mix as its workload. With `shrink` above 1 entries
/// and memory are divided by it, so that the tree has the same shape and the run is short.
std::string advice_yaml(const Advice& advice, const AdviceRequest& request, double shrink,
                        const std::string& engine);

}  // namespace lsm::experiment
