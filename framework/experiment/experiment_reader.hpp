// Reads an experiment file: DESIGN 6's keys into an Experiment with all its trials.
//
// Strict: every key, type, range, name, contradiction and claim is checked before anything runs,
// and all problems are reported at once in one Error (config), each with file:line:column, the line
// and a caret. Reading depends on the text, the options and the context alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/experiment/experiment.hpp"
#include "framework/experiment/read_context.hpp"

namespace lsm::experiment {

/// What the command line lays over the file.
struct ReadOptions {
    std::vector<std::string> sets;  ///< "tree.compaction.size_ratio=8"
    std::optional<uint64_t> seed;
    double scale = 1;  ///< of records, operations, key spaces and the distance between samples
};

/// `file` names the text in errors and in the experiment.
Experiment read_experiment(const std::string& file, const std::string& text,
                           const ReadContext& context, const ReadOptions& options = {});

/// The same from a file.
Experiment read_experiment_file(const std::string& file, const ReadContext& context,
                                const ReadOptions& options = {});

}  // namespace lsm::experiment
