// A trial's result as text, for the run's folder: what an interrupted run keeps of its finished
// trials. Reading gives back exactly what was written, to the last bit of every number.
#pragma once

#include <string>
#include <string_view>

#include "framework/experiment/trial.hpp"

namespace lsm::experiment {

std::string trial_json(const TrialResult& result);

/// `file` names the text in errors. Throws Error (corruption) where it is not what trial_json
/// wrote.
TrialResult read_trial_json(std::string_view text, const std::string& file);

}  // namespace lsm::experiment
