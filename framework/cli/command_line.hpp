// Boost.Program_options with this project's manners: strict, errors as lsm::Error with a guess at
// what was meant, and `--help` in every verb.
#pragma once

#include <optional>
#include <string>

#include <boost/program_options.hpp>

#include "framework/cli/verbs.hpp"

namespace lsm::cli {

namespace options = boost::program_options;

/// Reads a verb's arguments; what is no option goes to the positional option `rest`, if there is
/// one. Prints the verb's help and returns nothing when that was asked for.
std::optional<options::variables_map> read_arguments(const std::string& verb,
                                                     const options::options_description& known,
                                                     const Arguments& arguments,
                                                     const std::string& rest = "");

}  // namespace lsm::cli
