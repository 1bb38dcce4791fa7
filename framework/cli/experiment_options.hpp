// What `run` and `check` have in common: the files, and what the command line lays over them.
#pragma once

#include <string>
#include <vector>

#include "framework/cli/command_line.hpp"
#include "framework/experiment/experiment_reader.hpp"

namespace lsm::cli {

/// --set, --seed and --scale.
void add_experiment_options(options::options_description& known);
experiment::ReadOptions experiment_options(const options::variables_map& values);

/// Reads all files named on the command line. Problems of all of them come in one error.
std::vector<experiment::Experiment> read_experiments(const std::string& verb,
                                                     const options::variables_map& values);

}  // namespace lsm::cli
