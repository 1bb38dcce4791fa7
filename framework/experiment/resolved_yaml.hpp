// Writes an experiment with every default spelled out: the experiment.yaml of a run's folder.
// Reading it gives the same trials, claims and plots, whatever the defaults are by then.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/experiment.hpp"

namespace lsm::experiment {

/// `settings`: of each trial of the first repeat. Where a default differs between the policies of a
/// sweep it cannot stand in one place; it is then told in a comment.
std::string resolved_yaml(const Experiment& experiment,
                          const std::vector<std::vector<ResolvedSetting>>& settings);

}  // namespace lsm::experiment
