// The simulator (framework/simulate) behind the engine interface: policies by name from the
// registry.
#pragma once

#include <memory>

#include "framework/engines/engine.hpp"
#include "framework/policy/registry.hpp"
#include "framework/simulate/shaped_tree.hpp"

namespace lsm {

/// Settings of which the simulator knows nothing and without which its figures would mislead.
std::optional<EngineProblem> simulator_problem(const EngineSettings& settings);

/// What the simulator and the estimate are made of. Error(config) lists everything that is wrong.
simulate::SimulatorOptions simulator_options(const Registry& registry,
                                             const EngineSettings& settings);

/// Error(config) lists everything that is wrong, settings that the simulator does not know among
/// it.
std::unique_ptr<Engine> open_simulator_engine(const Registry& registry,
                                              const EngineSettings& settings);

}  // namespace lsm
