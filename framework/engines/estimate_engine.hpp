// The estimate (framework/simulate/estimated_tree.hpp) behind the engine interface.
#pragma once

#include <memory>

#include "framework/engines/engine.hpp"
#include "framework/policy/registry.hpp"

namespace lsm {

/// Settings without which its figures would mislead: the simulator's, and policies that go by
/// lookups.
std::optional<EngineProblem> estimate_engine_problem(const Registry& registry,
                                                     const EngineSettings& settings);

/// Error(config) lists everything that is wrong, as for the simulator.
std::unique_ptr<Engine> open_estimate_engine(const Registry& registry,
                                             const EngineSettings& settings);

}  // namespace lsm
