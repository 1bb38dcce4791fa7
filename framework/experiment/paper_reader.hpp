// The `paper:` part of an experiment file: which published figure it reproduces.
//
//     paper:
//       title: "Monkey (Dayan et al., SIGMOD 2017)"
//       figure: 11A
//       setup: what they ran
//       scaling: what is run here, and why the shape stays
#pragma once

#include "framework/experiment/experiment.hpp"
#include "framework/experiment/problems.hpp"
#include "framework/experiment/yaml_node.hpp"

namespace lsm::experiment {

/// All four keys are texts and all are needed; what is wrong goes to `problems`.
Paper read_paper(const YamlNode& node, Problems& problems);

/// As it stands in a resolved experiment file; nothing for an experiment without one.
std::string paper_yaml(const Paper& paper);

}  // namespace lsm::experiment
