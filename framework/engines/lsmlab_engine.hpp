// lsmlab's own tree behind the engine interface: policies by name from the registry, files in
// memory or in a folder, and an inline or a pooled executor by mode.
#pragma once

#include <memory>

#include "framework/engines/engine.hpp"
#include "framework/policy/registry.hpp"
#include "framework/tree/any_tree.hpp"

namespace lsm {

/// The tree's options for these settings; files, clock and executor are left open. Error(config)
/// lists everything that is wrong.
AnyTree::Options tree_options(const Registry& registry, const EngineSettings& settings);

std::unique_ptr<Engine> open_lsmlab_engine(const Registry& registry,
                                           const EngineSettings& settings);

}  // namespace lsm
