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

namespace lsm::experiment {

enum class AdviceOperation { empty_lookup, found_lookup, range_lookup, write };
inline constexpr size_t kAdviceOperations = 4;
const char* advice_operation_name(size_t operation);

/// What is asked for: counts or shares of the operations, in any unit, and sizes.
struct WorkloadMix {
    std::array<double, kAdviceOperations> weights{};
    double entries = 0;
    double entry_bytes = 116;
    double key_bytes = 16;
    double range_length = 50;  ///< entries

    /// The weights, summing to 1.
    std::vector<double> shares() const;
};

/// Of a trial's phases: of its runs, of its loads where it has no run.
WorkloadMix mix_of(const Trial& trial);

/// Reads a workload file, a map of `entries`, `key`, `value`, `empty_reads`, `found_reads`,
/// `range_reads`, `range_length` and `writes`. Error (config) with everything that is wrong.
WorkloadMix read_mix(const std::string& file, const std::string& text);

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
    bool on_frontier = false;  ///< no other is as good in write, found, range and space, and better
};

/// The best design of each strategy, best first.
std::vector<Advice> advise(const AdviceRequest& request, const Registry& registry);

/// Modelled seconds of one operation of each kind.
std::array<double, kAdviceOperations> operation_seconds(const model::DesignCosts& costs,
                                                        const AdviceRequest& request);

/// An experiment file of that design with the mix as its workload. With `shrink` above 1 entries
/// and memory are divided by it, so that the tree has the same shape and the run is short.
std::string advice_yaml(const Advice& advice, const AdviceRequest& request, double shrink,
                        const std::string& engine);

}  // namespace lsm::experiment
