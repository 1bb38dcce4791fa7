// Which panels a figure has and which trials stand in each: by the values of the plot's `rows` and
// `panels` settings, in the order in which the trials bring them. With both, every row has all
// panels, so that they stand below each other.
//
// A trial whose policy does not have the panels' setting makes no panel of its own unless there is
// no other: it stands in all of them, to compare with. Pure; cost linear in trials times panels.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/plot_spec.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

/// Values of some settings, in the settings' order.
using SettingValues = std::vector<std::string>;

/// The place of `values` among `known`, where they are put if they are new.
size_t index_of(std::vector<SettingValues>& known, const SettingValues& values);

class FigurePanels {
  public:
    /// Keeps neither run nor plot. Throws Error (config) where the run has no such setting.
    FigurePanels(const RunData& run, const PlotSpec& plot);

    size_t count() const { return panels_.size(); }
    bool holds(size_t panel, const Trial& trial) const { return belongs(trial, panels_[panel]); }
    /// Empty in a figure of one panel.
    std::string title(size_t panel) const;
    /// Panels side by side.
    size_t columns() const;

  private:
    void find_panels(const RunData& run);
    void fill_grid();
    bool belongs(const Trial& trial, const SettingValues& panel) const;

    std::vector<std::string> settings_;  ///< rows first
    std::vector<SettingValues> panels_;
    size_t grid_columns_ = 0;  ///< of a plot with rows; 0: it has none
};

}  // namespace lsm::report
