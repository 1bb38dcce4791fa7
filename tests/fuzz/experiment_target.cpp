// Experiment files: the whole input is the YAML text.
#include "framework/experiment/experiment_reader.hpp"
#include "framework/os/memory_file_system.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/fuzz/targets.hpp"

namespace lsm::fuzz {

void experiment_target(std::string_view bytes) {
    static const auto kFiles = make_memory_file_system();
    static const experiment::ReadContext kContext = experiment::make_read_context(*kFiles, "");
    decodes([&] { experiment::read_experiment("fuzz.yaml", std::string(bytes), kContext); });
}

}  // namespace lsm::fuzz
