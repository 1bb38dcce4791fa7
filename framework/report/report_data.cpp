#include "framework/report/report_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "framework/base/number.hpp"
#include "framework/report/summary.hpp"

namespace lsm::report {
namespace {

using nlohmann::json;

/// Six significant digits: more than a screen shows, and half the size of all seventeen.
json shortened(double value) {
    if (!std::isfinite(value)) {
        return nullptr;
    }
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    const double rounded = parse_real(text).value_or(value);
    if (rounded == std::floor(rounded) && std::abs(rounded) < 1e15) {
        return static_cast<int64_t>(rounded);
    }
    return rounded;
}

json axis_json(const Axis& axis) {
    json ticks = json::array();
    for (const double tick : axis.ticks) {
        ticks.push_back(shortened(tick));
    }
    return {{"label", axis.text()},       {"log", axis.log},
            {"low", shortened(axis.low)}, {"high", shortened(axis.high)},
            {"ticks", std::move(ticks)},  {"names", axis.tick_names}};
}

json line_json(const Line& line, const FigureData& figure) {
    const bool spread = std::any_of(line.points.begin(), line.points.end(),
                                    [](const Point& point) { return point.low < point.high; });
    json made = {{"name", line.name}, {"style", line.style}, {"model", line.model}};
    json x = json::array();
    json y = json::array();
    json low = json::array();
    json high = json::array();
    const double x_unit = figure.x.scale.divisor;
    const double y_unit = figure.y.scale.divisor;
    const bool loose = figure.kind == PlotKind::points;
    for (const Point& point : loose ? line.points : thinned(line.points, kMostPoints)) {
        x.push_back(shortened(point.x / x_unit));
        y.push_back(shortened(point.y / y_unit));
        low.push_back(shortened(point.low / y_unit));
        high.push_back(shortened(point.high / y_unit));
    }
    made["x"] = std::move(x);
    made["y"] = std::move(y);
    if (spread) {
        made["low"] = std::move(low);
        made["high"] = std::move(high);
    }
    return made;
}

json figure_json(const Figure& figure, size_t number) {
    const FigureData& data = figure.data;
    json panels = json::array();
    for (const Panel& panel : data.panels) {
        json lines = json::array();
        for (const Line& line : panel.lines) {
            lines.push_back(line_json(line, data));
        }
        panels.push_back({{"title", panel.title}, {"lines", std::move(lines)}});
    }
    const char* kind = data.kind == PlotKind::bars     ? "bars"
                       : data.kind == PlotKind::points ? "points"
                                                       : "line";
    return {{"id", "figure-" + std::to_string(number)},
            {"title", data.title},
            {"kind", kind},
            {"connects", data.connects_points},
            {"columns", data.columns},
            {"x", axis_json(data.x)},
            {"y", axis_json(data.y)},
            {"names", data.line_names},
            {"panels", std::move(panels)}};
}

/// The rows of one sample in levels.csv.
struct Frame {
    size_t begin = 0;
    size_t end = 0;
};

/// Samples begin where `operations` changes, or where levels and runs start again: two samples at
/// one moment are the tree before and after it has settled, and the later one counts.
std::vector<Frame> frames_of(const std::vector<LevelRun>& runs) {
    std::vector<Frame> frames;
    for (size_t i = 0; i < runs.size(); ++i) {
        const bool moved = i == 0 || runs[i].operations != runs[i - 1].operations;
        const bool again = !moved && std::pair(runs[i].level, runs[i].run) <=
                                         std::pair(runs[i - 1].level, runs[i - 1].run);
        if (moved) {
            frames.push_back({i, i});
        } else if (again) {
            frames.back().begin = i;
        }
        frames.back().end = i + 1;
    }
    return frames;
}

json frame_json(const std::vector<LevelRun>& runs, const Frame& frame) {
    json levels = json::array();
    for (size_t i = frame.begin; i < frame.end; ++i) {
        const LevelRun& run = runs[i];
        // A level is a place in an array: a file with absurd levels must not make an absurd page.
        if (run.level < 1 || run.level > 100) {
            continue;
        }
        while (levels.size() < run.level) {
            levels.push_back(json::array());
        }
        levels[run.level - 1].push_back(
            {run.logical_bytes, run.entries, run.tombstones, run.tables});
    }
    return {runs[frame.begin].operations, std::move(levels)};
}

/// Keeps every n-th frame and the last one, with the n that brings all trials together below
/// kMostTreeRuns.
json tree_json(const RunData& run) {
    size_t total = 0;
    for (const auto& [trial, runs] : run.levels) {
        total += runs.size();
    }
    const size_t step = std::max<size_t>(1, (total + kMostTreeRuns - 1) / kMostTreeRuns);
    json trials = json::array();
    for (const Trial& trial : run.trials) {
        const auto found = run.levels.find(trial.number);
        if (found == run.levels.end() || found->second.empty()) {
            continue;
        }
        const std::vector<Frame> frames = frames_of(found->second);
        json kept = json::array();
        for (size_t i = (frames.size() - 1) % step; i < frames.size(); i += step) {
            kept.push_back(frame_json(found->second, frames[i]));
        }
        trials.push_back({{"name", trial_name(run, trial)}, {"frames", std::move(kept)}});
    }
    return trials;
}

}  // namespace

std::vector<Point> thinned(const std::vector<Point>& points, size_t most) {
    if (points.size() <= most || most < 4) {
        return points;
    }
    const size_t inner = points.size() - 2;
    const size_t stretches = (most - 2) / 2;
    std::vector<Point> kept = {points.front()};
    for (size_t i = 0; i < stretches; ++i) {
        const size_t begin = 1 + inner * i / stretches;
        const size_t end = 1 + inner * (i + 1) / stretches;
        size_t lowest = begin;
        size_t highest = begin;
        for (size_t j = begin; j < end; ++j) {
            lowest = points[j].y < points[lowest].y ? j : lowest;
            highest = points[j].y > points[highest].y ? j : highest;
        }
        kept.push_back(points[std::min(lowest, highest)]);
        if (lowest != highest) {
            kept.push_back(points[std::max(lowest, highest)]);
        }
    }
    kept.push_back(points.back());
    return kept;
}

std::string report_json(const RunData& run, const std::vector<Figure>& figures) {
    json made = {{"figures", json::array()}, {"tree", tree_json(run)}};
    for (size_t i = 0; i < figures.size(); ++i) {
        made["figures"].push_back(figure_json(figures[i], i + 1));
    }
    // Bytes of a name that are no UTF-8 become the replacement character.
    return made.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace lsm::report
