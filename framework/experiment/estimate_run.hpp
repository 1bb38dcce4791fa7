// A trial on an engine that takes operations by the number (framework/engines/bulk_engine.hpp):
// phases become counts of inserts and updates, and samples are taken as in any other trial.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/engines/bulk_engine.hpp"
#include "framework/experiment/trial_runner.hpp"
#include "workloads/client.hpp"

namespace lsm::experiment {

/// What such an engine can not do; nothing when all is well.
std::optional<workloads::WorkloadProblem> estimate_problem(
    const std::vector<workloads::Phase>& phases);

/// Metrics that a trial on such an engine has no value of.
const std::vector<std::string>& metrics_beyond_estimate();

/// Error(config) for phases that estimate_problem refuses.
TrialResult run_estimate(const Trial& trial, const TrialHooks& hooks, Engine& engine,
                         BulkEngine& bulk);

}  // namespace lsm::experiment
