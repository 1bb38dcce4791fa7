#include <iostream>

#include "framework/cli/command_line.hpp"
#include "framework/experiment/schema.hpp"

namespace lsm::cli {

int schema_verb(const Arguments& arguments) {
    options::options_description known;
    if (read_arguments("schema", known, arguments)) {
        std::cout << experiment::experiment_schema(
            experiment::make_read_context(posix_file_system(), ""));
    }
    return kDone;
}

}  // namespace lsm::cli
