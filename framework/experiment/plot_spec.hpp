// One entry of an experiment's `plots:` list, already parsed.
//
//   plots:
//     - {y: write_amplification, x: user_bytes, colour: tree.compaction.policy,
//        panels: tree.compaction.size_ratio, model: true}
//
// What x names decides what is drawn:
// - a series axis (`operations` or `user_bytes`): series.csv as lines over it, a line per trial;
// - a setting by dotted path: every trial's end value from trials.csv, one line per colour when the
//   settings are numbers, else grouped bars;
// - another metric: a point per trial.
// `colour`, `panels` and `rows` are settings by dotted path, or empty. Plain data, copied freely.
#pragma once

#include <string>

namespace lsm {

/// How the values are drawn; `automatic` chooses by x as said above.
enum class PlotKind { automatic, line, points, bars };

struct PlotSpec {
    std::string y = {};       ///< a metric: a column of trials.csv or a metric of series.csv
    std::string x = {};       ///< a series axis, a setting or a metric
    std::string colour = {};  ///< setting that tells lines apart; empty: one line
    std::string panels = {};  ///< setting with a panel per value, side by side; empty: one panel
    std::string rows = {};    ///< setting with a row of panels per value; empty: one row
    bool model = false;  ///< draw `model_<y>` beside it where the run has that column or series
    PlotKind kind = PlotKind::automatic;
    std::string title = {};  ///< empty: made from the labels of y and x
    bool log_x = false;
    bool log_y = false;
};

}  // namespace lsm
