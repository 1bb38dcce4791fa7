// The workload that a design is asked for: shares of four kinds of operations, and sizes. Read from
// a file of its own, or made of an experiment's phases. Pure.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "framework/experiment/source_text.hpp"
#include "framework/experiment/trial.hpp"

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

/// Of a trial's phases: of its runs, of its loads where it has no run. Error (config) where that is
/// not known before it runs, or is nothing; at the phase's place, where `places` has it.
WorkloadMix mix_of(const Trial& trial, const std::vector<Place>& places = {});

/// Reads a workload file, a map of `entries`, `key`, `value`, `empty_reads`, `found_reads`,
/// `range_reads`, `range_length` and `writes`. Error (config) with everything that is wrong.
WorkloadMix read_mix(const std::string& file, const std::string& text);

}  // namespace lsm::experiment
