#include <iostream>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/cli/experiment_options.hpp"

namespace lsm::cli {

int check_verb(const Arguments& arguments) {
    options::options_description known("options");
    add_experiment_options(known);
    const auto values = read_arguments("check", known, arguments, "file");
    if (!values) {
        return kDone;
    }
    for (const experiment::Experiment& one : read_experiments("check", *values)) {
        std::cout << fmt::format("{}: ok, {} {}, {} {}\n", one.file, one.trials.size(),
                                 one.trials.size() == 1 ? "trial" : "trials", one.claims.size(),
                                 one.claims.size() == 1 ? "claim" : "claims");
    }
    return kDone;
}

}  // namespace lsm::cli
