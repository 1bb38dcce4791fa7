// What a comparison of two runs must not show: `write_amplification > +5%`, a bound on how far a
// metric may move from run A to run B. With % the change is relative to A, otherwise (`levels >
// +1`) in the metric's own unit; then the sign must be written, for a bare number would read as the
// metric's value. Means decide; whether a change is inside the noise is told beside it. A trial
// that only one run has, or whose metric only one run has, cannot be checked, and fails the check.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/report/comparison.hpp"

namespace lsm::report {

struct FailCondition {
    std::string text;
    std::string metric;
    std::string relation;  ///< < <= > >=
    double bound = 0;      ///< in percent where relative
    bool relative = false;
};

/// Throws Error (usage) where it is no such condition.
FailCondition parse_fail_condition(std::string_view text);

struct FailCheck {
    std::string text;
    std::vector<std::string> trials;     ///< where it holds: "leveling: +6.2 %, inside the noise"
    std::vector<std::string> unchecked;  ///< where it cannot be told: "tiering: only in A"
    bool holds() const { return !trials.empty(); }
    bool fails() const { return holds() || !unchecked.empty(); }
};

/// Throws Error (usage) where no trial of both runs has the metric.
FailCheck check_condition(const FailCondition& condition, const Comparison& comparison);

/// Throws Error (usage), with a guess, for a metric that neither run has.
void require_metric(const std::string& metric, const Comparison& comparison);

}  // namespace lsm::report
