#include "framework/report/gnuplot_layout.hpp"

#include <algorithm>
#include <cmath>

namespace lsm::report {
namespace {

constexpr double kLineHeight = 15;

bool is_row_end(const FigureData& figure, size_t panel) {
    return (panel + 1) % figure.columns == 0 || panel + 1 == figure.panels.size();
}

/// Names fit at the ends when they are few, and every one of them has its line in each row's last
/// panel.
bool can_label_directly(const FigureData& figure) {
    if (figure.kind != PlotKind::line || figure.line_names.size() > 10) {
        return false;
    }
    for (size_t i = 0; i < figure.panels.size(); ++i) {
        size_t measured = 0;
        for (const Line& line : figure.panels[i].lines) {
            measured += line.model ? 0 : 1;
        }
        if (is_row_end(figure, i) && measured != figure.line_names.size()) {
            return false;
        }
    }
    return true;
}

double longest(const std::vector<std::string>& texts) {
    double width = 0;
    for (const std::string& text : texts) {
        width = std::max(width, text_width(text));
    }
    return width;
}

std::vector<std::string> legend_names(const FigureData& figure) {
    std::vector<std::string> names = figure.line_names;
    if (figure.has_model) names.push_back(kModelName);
    return names;
}

double panel_height(const Layout& layout) {
    const double rows = static_cast<double>(layout.rows);
    return (layout.height - layout.top - layout.bottom - (rows - 1) * layout.down) / rows;
}

}  // namespace

double text_width(const std::string& text) {
    const auto characters =
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return 6.6 * static_cast<double>(characters);
}

Layout lay_out(const FigureData& figure) {
    Layout layout;
    const size_t count = figure.panels.size();
    layout.rows = (count + figure.columns - 1) / figure.columns;
    layout.direct_labels = can_label_directly(figure);

    double panel_width = figure.columns == 1 ? 460 : figure.columns == 2 ? 270 : 210;
    const double names = longest(figure.x.tick_names);
    const double slots = static_cast<double>(std::max<size_t>(figure.x.ticks.size(), 1));
    if (figure.kind == PlotKind::bars) {
        panel_width = std::max(panel_width, std::min(slots * 60, 460.0));
        layout.tilted_ticks = (names + 8) * slots > panel_width;
    }
    const double panel_tall = count == 1 ? 270 : layout.rows == 1 ? 210 : 160;
    const bool one_unnamed = figure.line_names.size() == 1 && figure.line_names[0].empty();
    const double legend = one_unnamed && !figure.has_model ? 12
                          : layout.direct_labels           ? 28 + longest(figure.line_names)
                                                           : 52 + longest(legend_names(figure));
    layout.left = 66;
    layout.right = std::max(legend, 16.0);
    layout.top = count == 1 ? 38 : 60;
    layout.bottom = 50 + (layout.tilted_ticks ? names * 0.5 : 0);
    layout.across = 24;
    layout.down = 60 + (layout.tilted_ticks ? names * 0.5 : 0);
    const double columns = static_cast<double>(figure.columns);
    const double rows = static_cast<double>(layout.rows);
    layout.width =
        layout.left + layout.right + columns * panel_width + (columns - 1) * layout.across;
    layout.width = std::max(layout.width, text_width(figure.title) * 1.15 + layout.left + 20);
    layout.height = layout.top + layout.bottom + rows * panel_tall + (rows - 1) * layout.down;
    if (!layout.direct_labels && !one_unnamed) {
        const double entries = static_cast<double>(figure.line_names.size() + figure.has_model);
        // gnuplot breaks a legend that is taller than its panel into columns, which nobody sees.
        const double tall = std::max(static_cast<double>(panel_tall), 24 * entries + 12);
        layout.height = layout.top + layout.bottom + rows * tall + (rows - 1) * layout.down;
    }
    return layout;
}

std::vector<EndLabel> end_labels(const FigureData& figure, const Panel& panel,
                                 const Layout& layout) {
    struct Placed {
        size_t style;
        double at;  ///< pixels above the panel's foot
    };
    const Axis& axis = figure.y;
    const auto place = [&axis](double value) {
        return axis.log ? std::log10(value / axis.low) / std::log10(axis.high / axis.low)
                        : (value - axis.low) / (axis.high - axis.low);
    };
    const double tall = panel_height(layout);
    std::vector<Placed> labels;
    for (const Line& line : panel.lines) {
        if (!line.model && !line.points.empty()) {
            labels.push_back({line.style, tall * place(line.points.back().y / axis.scale.divisor)});
        }
    }
    std::sort(labels.begin(), labels.end(), [](const Placed& a, const Placed& b) {
        return a.at != b.at ? a.at > b.at : a.style < b.style;
    });
    // Down from the top each keeps its distance; what that pushed below the foot moves up again.
    for (size_t i = 1; i < labels.size(); ++i) {
        labels[i].at = std::min(labels[i].at, labels[i - 1].at - kLineHeight);
    }
    double floor = kLineHeight / 2;
    for (size_t i = labels.size(); i-- > 0;) {
        labels[i].at = std::max(labels[i].at, floor);
        floor = labels[i].at + kLineHeight;
    }
    std::vector<EndLabel> ends;
    for (const Placed& label : labels) {
        // Whole thousandths of the panel: enough for the eye, and the same text with every libm.
        const double share = std::round(1000 * label.at / tall) / 1000;
        ends.push_back({label.style, share});
    }
    return ends;
}

}  // namespace lsm::report
