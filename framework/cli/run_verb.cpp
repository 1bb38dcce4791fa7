#include <iostream>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/cli/experiment_options.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

using experiment::Experiment;
using experiment::Trial;

void print_trials(const Experiment& experiment) {
    std::vector<std::vector<std::string>> rows;
    for (const Trial& trial : experiment.trials) {
        uint64_t operations = 0;
        for (const auto& phase : trial.phases) {
            operations += phase.total();
        }
        rows.push_back({format_number(trial.number), format_number(trial.repeat),
                        format_number(trial.seed), format_count(operations),
                        trial_label(experiment, trial)});
    }
    std::cout << experiment.file << ": " << experiment.name << "\n"
              << report::terminal_table({"trial", "repeat", "seed", "operations", "settings"}, rows,
                                        wants_colour(Stream::output));
}

}  // namespace

int run_verb(const Arguments& arguments) {
    options::options_description known("options");
    add_experiment_options(known);
    known.add_options()("dry-run", "list the trials and run nothing");
    const auto values = read_arguments("run", known, arguments, "file");
    if (!values) {
        return kDone;
    }
    const auto experiments = read_experiments("run", *values);
    if (values->contains("dry-run")) {
        for (const Experiment& one : experiments) {
            print_trials(one);
        }
        return kDone;
    }
    return kDone;
}

}  // namespace lsm::cli
