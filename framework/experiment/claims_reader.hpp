// The `expect:` list of an experiment file. A claim is a line of text, or a map with the text and
// what is to be said beside it:
//
//     - write_amplification(tiering) < write_amplification(leveling)
//     - claim: write_amplification(tiering) < write_amplification(leveling)
//       says: tiering writes less               in words
//       theirs: 4.8 < 16.07                     the paper's figures
//       because: ...                            it does not reproduce, and why
//
// A run's own experiment.yaml also has {claim: TEXT, not_asked: REASON}.
#pragma once

#include <vector>

#include "framework/experiment/claim.hpp"
#include "framework/experiment/experiment.hpp"
#include "framework/experiment/metric_names.hpp"
#include "framework/experiment/problems.hpp"
#include "framework/experiment/yaml_node.hpp"

namespace lsm::experiment {

/// The claims that are right; what is wrong with others goes to `problems`. `written`: the axes of
/// the file's own sweep; null where they are wrong themselves, and then only metrics are looked up.
std::vector<Claim> read_claims(const YamlNode& list, const Experiment& experiment,
                               const std::vector<SweepAxis>* written, const MetricNames& metrics,
                               Problems& problems);

/// An item of the list in a resolved experiment file, below its "  - ".
std::string claim_yaml(const Claim& claim);

}  // namespace lsm::experiment
