// A figure before it is drawn: which lines stand in which panel, with which points, under which
// labels. The gnuplot script and the page are both made from this, so they cannot disagree.
//
// Trials fall into panels by the plot's `panels` and `rows` settings and into lines by `colour`.
// Where other settings vary too, and nothing of that determines them, they split lines further, so
// that a line never mixes trials that differ in more than their repeat. Repeats become one point:
// their mean, with its 95 % interval beside it (statistics.hpp). The interval of what is never
// below 0 is cut off there.
//
// Pure; cost linear in the run's data.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/plot_spec.hpp"
#include "framework/report/labels.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

struct Point {
    double x = 0;
    double y = 0;
    double low = 0;  ///< of the interval of the repeats, or of the model's band; else equal to y
    double high = 0;
};

struct Line {
    std::string name;
    size_t style = 0;    ///< the same for the same name in every panel; counts from 0
    bool model = false;  ///< the cost model's line beside the measured one of that style
    std::vector<Point> points;
};

struct Panel {
    std::string title;  ///< empty in a figure of one panel
    std::vector<Line> lines;
};

struct Axis {
    Label label;
    Scale scale;  ///< values are divided by this when they are drawn
    bool log = false;
    double low = 0;  ///< what the axis shows, in scaled units
    double high = 1;
    std::vector<double> ticks;            ///< in scaled units; empty: wherever they fall
    std::vector<std::string> tick_names;  ///< as many as ticks, or none: the numbers themselves

    std::string text() const { return axis_label(label, scale); }
};

struct FigureData {
    std::string title;
    PlotKind kind = PlotKind::line;  ///< never automatic
    Axis x;
    Axis y;  ///< shared by all panels
    size_t columns = 1;
    std::vector<Panel> panels;            ///< row by row
    std::vector<std::string> line_names;  ///< by style
    bool connects_points =
        false;  ///< points of a line follow one swept setting: a thin line joins them
    bool has_repeats = false;
    bool has_model = false;
    bool has_model_band = false;  ///< low and high of a model's points are the papers' conventions
};

/// Throws Error (config) where the run has no such metric or setting, or no value to draw.
FigureData make_figure(const RunData& run, const PlotSpec& spec);

}  // namespace lsm::report
