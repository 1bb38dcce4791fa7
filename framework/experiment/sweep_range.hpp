// Ranges in a sweep: {from: 2, to: 10, step: 2}, or {from: 1 MiB, to: 1 GiB, points: 6, scale:
// log}, spread out into the values that they stand for. The values are written as people write
// them, so that a run's own experiment.yaml shows what was swept. Pure; the same values on every
// machine.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/draft.hpp"

namespace lsm::experiment {

/// True for a map that is meant as a range: it says where it begins or ends.
bool is_range(const YamlNode& node);

/// The values of a range of the setting `path`, as scalars at the range's place. Whole numbers are
/// rounded where they fall between, real ones to 12 digits (4 on a logarithmic scale). Adds a
/// problem, and returns nothing, where the range is wrong.
std::vector<YamlNode> expand_range(const YamlNode& node, const std::string& path,
                                   const KnownPaths& known, Problems& problems);

}  // namespace lsm::experiment
