// Reads the `plots:` list of an experiment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/experiment/draft.hpp"
#include "framework/experiment/metric_names.hpp"
#include "framework/experiment/plot_spec.hpp"

namespace lsm::experiment {

/// What a plot may name as a setting: those of an experiment, and labels of the sweep whose entries
/// have names.
struct PlotSettings {
    const KnownPaths& paths;
    const std::vector<SweepAxis>& written;  ///< the file's sweep
    const std::vector<SweepAxis>& swept;    ///< what --set left of it

    /// The path that `text` stands for.
    std::optional<std::string> find(const std::string& text) const;
    /// True for the names of a label that --set took away.
    bool is_lost(const std::string& path) const;
};

/// A plot over the names of a label that --set took away is left out; one that uses them otherwise
/// is drawn without.
std::vector<PlotSpec> read_plots(const YamlNode& node, const PlotSettings& known,
                                 const MetricNames& metrics, const MetricSource& source,
                                 Problems& problems);

/// The plot as one line of YAML, without what is at its default.
std::string plot_text(const PlotSpec& plot);

}  // namespace lsm::experiment
