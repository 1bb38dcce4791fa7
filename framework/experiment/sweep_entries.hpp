// The values of one axis of a sweep, as the file and `--set` write them.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/sweep.hpp"

namespace lsm::experiment {

/// The items of a list, or of a range, with ranges among them spread out.
std::vector<YamlNode> items_of(const YamlNode& node, const std::string& path,
                               const KnownPaths& known, Problems& problems);

/// Reads the items into entries of the axis; a problem for each that is wrong or there twice.
void read_entries(const std::vector<YamlNode>& items, SweepAxis& axis, const KnownPaths& known,
                  Problems& problems);

/// What an entry sets, its name left out, to tell entries apart.
std::string entry_text(const SweepEntry& entry);

}  // namespace lsm::experiment
