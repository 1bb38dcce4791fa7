#include "framework/report/gnuplot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "framework/base/csv.hpp"
#include "framework/base/number.hpp"
#include "framework/report/gnuplot_layout.hpp"

namespace lsm::report {
namespace {

struct Style {
    const char* colour;
    const char* dash;
    int point;
    const char* text;  ///< the same hue, dark enough to read on white
};

/// Okabe and Ito 2008, the dark ones first: yellow is the last resort on white paper.
constexpr std::array<Style, 8> kStyles = {{{"#0072B2", "solid", 7, "#0072B2"},
                                           {"#D55E00", "(12,4)", 5, "#B84F00"},
                                           {"#009E73", "(6,3)", 9, "#007A59"},
                                           {"#CC79A7", "(12,3,3,3)", 13, "#A8457C"},
                                           {"#E69F00", "(3,3)", 11, "#966800"},
                                           {"#56B4E9", "(16,4,4,4)", 6, "#1F7FB5"},
                                           {"#000000", "(8,3,3,3,3,3)", 4, "#000000"},
                                           {"#F0E442", "solid", 8, "#7D7500"}}};
constexpr size_t kModelStyles = 100;  // added to a style's number for the model's line
constexpr size_t kModelOverBars = 202;

std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20) {
            c = ' ';
        }
    }
    return line;
}

/// For a comment: a backslash at its end would swallow the next line.
std::string remark(std::string_view text) {
    std::string line = one_line(text);
    return line.ends_with('\\') ? line + " ." : line;
}

std::string number(double value) { return format_number(value); }

/// gnuplot takes the text of a tick for a format.
std::string tick_name(std::string_view text) {
    std::string escaped;
    for (const char c : gnuplot_quoted(text)) {
        escaped += c == '%' ? "%%" : std::string(1, c);
    }
    return escaped;
}

/// Four decimals, for shares of the page.
std::string share(double value) { return format_number(std::round(value * 10000) / 10000); }

class Script {
  public:
    Script(const FigureData& figure, std::string_view name)
        : figure_(figure), name_(name), layout_(lay_out(figure)) {}

    std::string write() {
        header();
        styles();
        axes();
        add("do for [format in 'svg pdf'] {");
        terminal();
        size_t curve = 1;
        for (size_t i = 0; i < figure_.panels.size(); ++i) {
            panel(i, curve);
            curve += figure_.panels[i].lines.size();
        }
        add("    unset multiplot");
        add("    unset output");
        add("}");
        return std::move(text_);
    }

  private:
    void add(const std::string& line) { text_ += line + "\n"; }

    void header() {
        add("# " + remark(figure_.title));
        add("# Run it in this folder to draw " + name_ + ".svg and .pdf again:");
        add("#     gnuplot " + name_ + ".gp");
        add("# The points are in the .csv beside it; `curve` counts the lines of all panels.");
        add("");
        add("name = " + gnuplot_quoted(name_));
        add("data = name . '.csv'");
        unit("x_unit", figure_.x);
        unit("y_unit", figure_.y);
        add("set datafile separator comma");
        add("set datafile columnheaders");
        add("set datafile missing NaN");
        add("x(n) = column('curve') == n ? column('x') / x_unit : NaN");
        add("y(c) = column(c) / y_unit");
        add("");
    }

    void unit(const std::string& name, const Axis& axis) {
        add(name + " = " + number(axis.scale.divisor) +
            (axis.scale.name.empty() ? "" : "  # " + remark(axis.scale.name)));
    }

    void styles() {
        for (size_t i = 0; i < figure_.line_names.size(); ++i) {
            const Style& style = kStyles[i % kStyles.size()];
            const Style& dash = kStyles[(i + i / kStyles.size()) % kStyles.size()];
            const std::string colour = std::string(" lc rgb '") + style.colour + "'";
            add("set style line " + std::to_string(i + 1) + colour + " lw 2 dt " + dash.dash +
                " pt " + std::to_string(dash.point) + " ps 0.6  # " +
                remark(figure_.line_names[i]));
            if (figure_.has_model) {
                add("set style line " + std::to_string(i + 1 + kModelStyles) + colour +
                    " lw 1 dt (1,3)  # the cost model of it");
            }
        }
        if (figure_.has_model && figure_.kind == PlotKind::bars) {
            add("set style line " + std::to_string(kModelOverBars) +
                " lc rgb '#000000' lw 2 dt (2,2)  # the cost model, across a bar");
        }
        add("set style line 200 lc rgb '#9a9a9a' lw 1 dt solid  # axes");
        add("set style line 201 lc rgb '#e4e4e4' lw 1 dt solid  # grid");
        add("");
    }

    void axes() {
        add("set border 3 ls 200");
        add("set tics nomirror out scale 0.5 textcolor rgb '#404040'");
        add(figure_.kind == PlotKind::bars ? "set grid noxtics ytics back ls 201"
                                           : "set grid xtics ytics back ls 201");
        add("set xrange [" + number(figure_.x.low) + ":" + number(figure_.x.high) + "]");
        add("set yrange [" + number(figure_.y.low) + ":" + number(figure_.y.high) + "]");
        if (figure_.x.log) {
            add("set logscale x");
        }
        if (figure_.y.log) {
            add("set logscale y");
        }
        if (!figure_.y.ticks.empty()) {
            add("set ytics (" + numbers(figure_.y.ticks) + ")");
        }
        if (!figure_.x.tick_names.empty()) {
            std::string ticks;
            for (size_t i = 0; i < figure_.x.ticks.size(); ++i) {
                ticks += (i == 0 ? "" : ", ") + tick_name(figure_.x.tick_names[i]) + " " +
                         number(figure_.x.ticks[i]);
            }
            add(std::string("set xtics ") + (layout_.tilted_ticks ? "rotate by -30 " : "") + "(" +
                ticks + ")");
        } else if (!figure_.x.ticks.empty()) {
            add("set xtics (" + numbers(figure_.x.ticks) + ")");
        } else if (figure_.columns > 2 && !figure_.x.log) {
            // Panels are narrow: few ticks, so that their numbers do not touch.
            add("set xtics " + number(x_step()));
        }
        if (figure_.kind == PlotKind::bars) {
            add("bar = " + number(bar_width()) + "  # a group of bars takes 0.8 of its slot");
            add("set boxwidth bar absolute");
            add("set style fill solid 0.9 noborder");
        }
        add("unset key");
        add("");
    }

    static std::string numbers(const std::vector<double>& values) {
        std::string text;
        for (const double value : values) {
            text += (text.empty() ? "" : ", ") + number(value);
        }
        return text;
    }

    double x_step() const {
        const double span = figure_.x.high - figure_.x.low;
        double step = 1;
        while (step * 4 < span) {
            step *= 10;
        }
        while (step * 4 > span * 10) {
            step /= 10;
        }
        for (const double part : {0.1, 0.2, 0.25, 0.5, 1.0}) {
            if (part * step * 4 >= span) {
                return part * step;
            }
        }
        return step;
    }

    double bar_width() const {
        const double count = static_cast<double>(std::max<size_t>(figure_.line_names.size(), 1));
        return std::round(0.8 / count * 1000) / 1000;
    }

    void terminal() {
        const std::string inches =
            share(layout_.width / 96) + "in," + share(layout_.height / 96) + "in";
        add("    if (format eq 'svg') {");
        add("        set terminal svg noenhanced size " + number(std::round(layout_.width)) + "," +
            number(std::round(layout_.height)) + " font 'Helvetica,12' background '#ffffff'");
        add("    } else {");
        add("        set terminal pdfcairo noenhanced size " + inches + " font 'Helvetica,9'");
        add("    }");
        add("    set output name . '.' . format");
        const double w = layout_.width;
        const double h = layout_.height;
        const double left = layout_.left / w;
        const double right = 1 - right_margin() / w;
        const double bottom = layout_.bottom / h;
        const double top = 1 - layout_.top / h;
        add("    set multiplot layout " + std::to_string(layout_.rows) + "," +
            std::to_string(figure_.columns) + " \\");
        add("        margins screen " + share(left) + "," + share(right) + "," + share(bottom) +
            "," + share(top) + " \\");
        add("        spacing screen " + share(layout_.across / w) + "," + share(layout_.down / h));
        add("    set label 1 " + gnuplot_quoted(figure_.title) + " at screen " + share(12 / w) +
            "," + share(1 - 18 / h) + " left font ',14'");
        add("    set label 2 " + gnuplot_quoted(figure_.x.text()) + " at screen " +
            share((left + right) / 2) + "," + share(14 / h) + " center");
        add("    set label 3 " + gnuplot_quoted(figure_.y.text()) + " at screen " + share(16 / w) +
            "," + share((bottom + top) / 2) + " center rotate by 90");
        if (figure_.has_model && layout_.direct_labels) {
            add("    set label 4 'dotted: cost model' at screen " + share(1 - 12 / w) + "," +
                share(1 - 18 / h) + " right textcolor rgb '#404040'");
        }
    }

    /// A title that is wider than the panels leaves the rest of its width empty on the right.
    double right_margin() const { return layout_.right; }

    void panel(size_t i, size_t first_curve) {
        const Panel& panel = figure_.panels[i];
        const bool row_start = i % figure_.columns == 0;
        const bool row_end = (i + 1) % figure_.columns == 0 || i + 1 == figure_.panels.size();
        add("");
        if (!panel.title.empty()) {
            add("    set title " + gnuplot_quoted(panel.title) + " offset 0,-0.5");
        }
        if (figure_.columns > 1) {
            add(row_start ? "    set format y" : "    set format y ''");
        }
        const bool unnamed = figure_.line_names.size() == 1 && figure_.line_names[0].empty();
        const bool legend = i + 1 == figure_.panels.size() && !layout_.direct_labels &&
                            (!unnamed || figure_.has_model);
        if (row_end && layout_.direct_labels && !unnamed) {
            size_t tag = 10;
            for (const EndLabel& label : end_labels(figure_, panel, layout_)) {
                add("    set label " + std::to_string(tag++) + " " +
                    gnuplot_quoted(figure_.line_names[label.style]) + " at graph 1.03," +
                    number(label.y) + " left offset 0.7,-0.25 point ls " +
                    std::to_string(label.style + 1) + " textcolor rgb '" +
                    kStyles[label.style % kStyles.size()].text + "'");
            }
        }
        if (legend) {
            add("    set key at screen " + share(1 - (layout_.right - 8) / layout_.width) + "," +
                share(1 - layout_.top / layout_.height) +
                " left top Left reverse samplen 2 spacing 1.3 width 0");
        }
        curves(panel, first_curve, legend);
        if (row_end && layout_.direct_labels && !unnamed) {
            for (size_t tag = 10; tag < 10 + figure_.line_names.size(); ++tag) {
                add("    unset label " + std::to_string(tag));
            }
        }
        if (i == 0 && figure_.panels.size() > 1) {
            add("    unset label 1; unset label 2; unset label 3; unset label 4");
        }
    }

    void curves(const Panel& panel, size_t first_curve, bool legend) {
        std::vector<std::string> parts;
        for (size_t i = 0; i < panel.lines.size(); ++i) {
            add_curve(panel.lines[i], first_curve + i, parts);
        }
        if (legend) {
            const char* with = figure_.kind == PlotKind::bars     ? "boxes"
                               : figure_.kind == PlotKind::points ? "points"
                                                                  : "linespoints";
            for (size_t i = 0; i < figure_.line_names.size(); ++i) {
                if (!figure_.line_names[i].empty()) {
                    parts.push_back(std::string("keyentry with ") + with + " ls " +
                                    std::to_string(i + 1) + " title " +
                                    gnuplot_quoted(figure_.line_names[i]));
                }
            }
            if (figure_.has_model) {
                const bool bars = figure_.kind == PlotKind::bars;
                parts.push_back("keyentry with lines ls " +
                                std::to_string(bars ? kModelOverBars : 1 + kModelStyles) +
                                " title " + gnuplot_quoted(kModelName));
            }
        }
        if (parts.empty()) {
            // A panel without a value keeps its place in the grid.
            parts.push_back("NaN notitle");
        }
        for (size_t i = 0; i < parts.size(); ++i) {
            add((i == 0 ? "    plot " : "         ") + parts[i] +
                (i + 1 < parts.size() ? ", \\" : ""));
        }
    }

    void add_curve(const Line& line, size_t curve, std::vector<std::string>& parts) const {
        const std::string at = "x(" + std::to_string(curve) + ")";
        const std::string style = " ls " + std::to_string(line.style + 1);
        const auto with = [](const std::string& x, const std::string& rest) {
            return "data using (" + x + "):" + rest + " notitle";
        };
        const bool spread = std::any_of(line.points.begin(), line.points.end(),
                                        [](const Point& point) { return point.low < point.high; });
        // A group's bars stand side by side.
        const double middle = (static_cast<double>(figure_.line_names.size()) - 1) / 2;
        const double slot = static_cast<double>(line.style) - middle;
        if (line.model && figure_.kind == PlotKind::bars) {
            parts.push_back(with(
                at + " + " + number(slot - 0.5) + " * bar",
                "(y('y')):(bar):(0) with vectors nohead ls " + std::to_string(kModelOverBars)));
            return;
        }
        if (line.model) {
            if (spread) {
                parts.push_back(with(at, "(y('low')):(y('high')) with filledcurves" + style +
                                             " fillstyle transparent solid 0.08 noborder"));
            }
            parts.push_back(with(
                at, "(y('y')) with lines ls " + std::to_string(line.style + 1 + kModelStyles)));
            return;
        }
        if (figure_.kind == PlotKind::bars) {
            const std::string place = at + " + " + number(slot) + " * bar";
            parts.push_back(with(place, "(y('y')) with boxes" + style));
            if (spread) {
                parts.push_back(
                    with(place, kSpread + std::string(" with vectors nohead lc rgb '#404040'")));
            }
            return;
        }
        if (figure_.kind == PlotKind::points) {
            if (spread) {
                parts.push_back(
                    with(at, kSpread + (" with vectors nohead" + style + " lw 1 dt solid")));
            }
            parts.push_back(with(at, std::string("(y('y')) with ") +
                                         (figure_.connects_points ? "linespoints" : "points") +
                                         style + (figure_.connects_points ? " lw 1" : "")));
            return;
        }
        if (spread) {
            parts.push_back(with(at, "(y('low')):(y('high')) with filledcurves" + style +
                                         " fillstyle transparent solid 0.15 noborder"));
        }
        // Eight marks or so tell lines apart; a mark per sample would hide them.
        const size_t interval = line.points.size() > 16 ? line.points.size() / 8 : 1;
        parts.push_back(with(at, "(y('y')) with linespoints" + style +
                                     (interval > 1 ? " pi " + std::to_string(interval) : "")));
    }

    static constexpr const char* kSpread = "(y('low')):(0):(y('high') - y('low'))";

    const FigureData& figure_;
    std::string name_;
    Layout layout_;
    std::string text_;
};

}  // namespace

std::string gnuplot_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : one_line(text)) {
        quoted += c;
        if (c == '\'') {
            quoted += c;
        }
    }
    return quoted + "'";
}

std::string gnuplot_csv(const FigureData& figure) {
    std::string text = "curve,x,y,low,high,model,line,panel\n";
    uint64_t curve = 0;
    for (const Panel& panel : figure.panels) {
        for (const Line& line : panel.lines) {
            ++curve;
            for (const Point& point : line.points) {
                append_csv_row(
                    text, {format_number(curve), format_number(point.x), format_number(point.y),
                           format_number(point.low), format_number(point.high),
                           line.model ? "1" : "0", one_line(line.name), one_line(panel.title)});
            }
        }
    }
    return text;
}

std::string gnuplot_script(const FigureData& figure, std::string_view name) {
    return Script(figure, name).write();
}

}  // namespace lsm::report
