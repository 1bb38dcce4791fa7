// Reads the `plots:` list of an experiment.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/draft.hpp"
#include "framework/experiment/metric_names.hpp"
#include "framework/experiment/plot_spec.hpp"

namespace lsm::experiment {

std::vector<PlotSpec> read_plots(const YamlNode& node, const KnownPaths& known,
                                 const MetricNames& metrics, bool realtime, Problems& problems);

/// The plot as one line of YAML, without what is at its default.
std::string plot_text(const PlotSpec& plot);

}  // namespace lsm::experiment
