// Where things stand on the paper of a figure: sizes in pixels of 1/96 inch. Pure.
#pragma once

#include <string>
#include <vector>

#include "framework/report/figure_data.hpp"

namespace lsm::report {

/// What a legend calls the model's lines.
inline constexpr const char* kModelName = "cost model";

/// A line's name beside the end of the line.
struct EndLabel {
    size_t style = 0;
    double y = 0;  ///< share of the panel's height, moved apart from its neighbours
};

struct Layout {
    double width = 0;
    double height = 0;
    double left = 0;  ///< margins around all panels
    double right = 0;
    double top = 0;
    double bottom = 0;
    double across = 0;  ///< between panels
    double down = 0;
    size_t rows = 1;
    bool direct_labels =
        false;  ///< names at the line ends in the last panel of each row; else a legend
    bool tilted_ticks = false;  ///< names of categories are too long to stand side by side
};

Layout lay_out(const FigureData& figure);

/// For the last panel of a row, from top to bottom.
std::vector<EndLabel> end_labels(const FigureData& figure, const Panel& panel,
                                 const Layout& layout);

/// About as wide as it will be drawn at 12 pixels.
double text_width(const std::string& text);

}  // namespace lsm::report
