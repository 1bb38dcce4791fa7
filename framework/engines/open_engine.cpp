#include "framework/base/error.hpp"
#include "framework/base/text.hpp"
#include "framework/engines/engine.hpp"
#include "framework/engines/estimate_engine.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/engines/simulator_engine.hpp"

namespace lsm {

std::vector<std::string> engine_names() { return {"lsmlab", "simulator", "estimate"}; }

std::optional<EngineProblem> engine_problem(std::string_view name, const EngineSettings& settings) {
    if (name == "simulator") return simulator_problem(settings);
    if (name == "estimate") return estimate_engine_problem(all_policies(), settings);
    return std::nullopt;
}

std::unique_ptr<Engine> open_engine(std::string_view name, const EngineSettings& settings) {
    if (name == "lsmlab") return open_lsmlab_engine(all_policies(), settings);
    if (name == "simulator") return open_simulator_engine(all_policies(), settings);
    if (name == "estimate") return open_estimate_engine(all_policies(), settings);
    throw Error(ErrorKind::config, "there is no engine " + std::string(name), {},
                "known engines are " + join(engine_names()));
}

}  // namespace lsm
