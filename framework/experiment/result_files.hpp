// The tables of a run's folder, made from the trials' results in the order of the trials:
// trials.csv, series.csv, levels.csv and events.jsonl. The same results give the same bytes,
// however and in whatever order the trials were run.
#pragma once

#include <functional>
#include <string>

#include "framework/experiment/experiment.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::experiment {

/// The result of a trial, by its place in experiment.trials; asked for one after the other, so that
/// not all of them need to be in memory.
using ResultOf = std::function<TrialResult(size_t trial)>;

/// Writes the four files into `folder`. Throws Error (io).
void write_result_files(FileSystem& files, const std::string& folder, const Experiment& experiment,
                        const ResultOf& result_of);

}  // namespace lsm::experiment
