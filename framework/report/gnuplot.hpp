// A figure as a CSV file and a gnuplot script that draws it, both meant to be edited by hand and
// run again:
//
//   cd plots && gnuplot 01-write_amplification-by-user_bytes.gp
//
// writes the .svg and .pdf beside the script. Lines differ by colour (Okabe and Ito's palette,
// which colour-blind readers tell apart), dash and point; their names stand at their ends where
// that works, else in a legend beside the data. Needs gnuplot 5.4.
//
// Text from the experiment reaches gnuplot only inside single quotes, where it expands nothing.
#pragma once

#include <string>
#include <string_view>

#include "framework/report/figure_data.hpp"

namespace lsm::report {

/// Columns: curve, x, y, low, high, model, line, panel. `curve` counts the lines of all panels from
/// 1; values are unscaled.
std::string gnuplot_csv(const FigureData& figure);

/// `name` is the figure's file name without extension.
std::string gnuplot_script(const FigureData& figure, std::string_view name);

/// In single quotes, as one line.
std::string gnuplot_quoted(std::string_view text);

}  // namespace lsm::report
