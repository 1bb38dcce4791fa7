// Two runs side by side: which trials belong together, what differs in their settings, and which
// differences of their metrics are more than noise.
//
// Trials belong together that have the same settings, but for their seeds and for settings that
// hold for a whole run and are another in the other: those are told as changed. What is left over
// is in one run only.
//
// A difference is real where it could not be chance: in deterministic mode with the same seed any
// at all; with repeats, where the 95 % interval of the difference leaves out 0 (paired where both
// have the same seeds, Welch's t otherwise). One measurement of wall-clock time, or one of another
// seed, says nothing: unknown. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/experiment/statistics.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

enum class Difference { none, real, noise, unknown };
/// "none", "real", "noise" or "unknown".
const char* difference_name(Difference difference);

struct ComparedMetric {
    std::string metric;
    std::optional<experiment::Estimate> left;  ///< empty where no repeat has a value
    std::optional<experiment::Estimate> right;
    std::optional<experiment::Estimate> change;  ///< right - left, where both are there
    Difference difference = Difference::unknown;

    /// The change as a share of the left side; infinite from 0 to something. Precondition: change.
    double relative() const;
};

struct ComparedTrial {
    std::string name;
    uint64_t left = 0;  ///< numbers of the first repeats
    uint64_t right = 0;
    std::vector<ComparedMetric> metrics;  ///< of both runs, in the left one's order

    const ComparedMetric* find(const std::string& metric) const;
};

struct ChangedSetting {
    std::string setting;
    std::string left;  ///< empty: no trial has it
    std::string right;
};

struct Comparison {
    std::string left_folder;
    std::string right_folder;
    std::vector<ChangedSetting> changed;
    std::vector<ComparedTrial> trials;   ///< in the left run's order
    std::vector<std::string> only_left;  ///< names
    std::vector<std::string> only_right;
    std::vector<std::string> metrics;  ///< of either run
};

Comparison compare_runs(const RunData& left, const RunData& right);

/// What the terminal shows; `metrics` empty: the same as a run's summary.
std::string comparison_text(const Comparison& comparison, const std::vector<std::string>& metrics,
                            bool colour);
/// Everything, for programs: a JSON object.
std::string comparison_json(const Comparison& comparison);

}  // namespace lsm::report
