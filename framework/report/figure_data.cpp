#include "framework/report/figure_data.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/experiment/entry_names.hpp"
#include "framework/experiment/statistics.hpp"
#include "framework/report/axis_range.hpp"
#include "framework/report/figure_panels.hpp"

namespace lsm::report {
namespace {

/// What x names, which decides how everything else is read.
enum class XMeaning { series, setting, metric };

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

class FigureMaker {
  public:
    FigureMaker(const RunData& run, const PlotSpec& spec)
        : run_(run), spec_(spec), panels_(run, spec) {
        const auto groups = run.repeat_groups();
        for (size_t i = 0; i < groups.size(); ++i) {
            for (const size_t trial : groups[i]) {
                repeats_of_[run.trials[trial].number] = i;
            }
        }
        meaning_ = find_meaning();
        check_names();
        choose_line_settings();
    }

    FigureData make() {
        choose_kind();
        collect();
        name_lines();
        make_panels();
        set_axes();
        figure_.title = spec_.title.empty()
                            ? figure_.y.label.text + " by " + lower_first(figure_.x.label.text)
                            : spec_.title;
        return std::move(figure_);
    }

  private:
    struct Group {
        std::map<double, std::vector<std::pair<double, double>>> values;  ///< (x, y) by what aligns
        /// Loose points by the group of their repeats, which stand in the order of the trials.
        std::map<size_t, std::vector<std::pair<double, double>>> scatter;
        std::map<double, double> low;  ///< of the model's band, by what aligns
        std::map<double, double> high;
    };
    static constexpr size_t kMostBands = 3;  ///< of the model in a panel; more hide each other

    struct Place {
        size_t panel;
        size_t line;
        bool model;
        auto operator<=>(const Place&) const = default;
    };

    XMeaning find_meaning() const {
        if (spec_.x == "operations" || spec_.x == "user_bytes") {
            return XMeaning::series;
        }
        return contains(run_.setting_names, spec_.x) ? XMeaning::setting : XMeaning::metric;
    }

    void check_names() const {
        if (meaning_ == XMeaning::metric && !contains(run_.metric_names, spec_.x)) {
            throw Error(ErrorKind::config,
                        "x: '" + spec_.x + "' is no setting and no metric of this run");
        }
        if (!spec_.colour.empty()) {
            run_.require_setting(spec_.colour);
        }
    }

    void choose_line_settings() {
        std::vector<std::string> known;
        for (const std::string& name : {spec_.rows, spec_.panels, spec_.colour}) {
            if (!name.empty()) {
                known.push_back(name);
            }
        }
        if (meaning_ == XMeaning::setting) {
            known.push_back(spec_.x);
        }
        if (!spec_.colour.empty()) {
            line_settings_.push_back(spec_.colour);
        }
        size_t others = 0;
        for (const std::string& name : run_.varying_settings()) {
            if (!contains(known, name) && !run_.determined(known, name)) {
                known.push_back(name);
                ++others;
                if (meaning_ != XMeaning::metric) {
                    line_settings_.push_back(name);
                }
            }
        }
        figure_.connects_points = meaning_ == XMeaning::metric && others == 1;
    }

    void choose_kind() {
        figure_.kind = spec_.kind;
        bool numeric = true;
        bool any_value = false;
        if (meaning_ == XMeaning::setting) {
            for (const Trial& trial : run_.trials) {
                const std::string& value = trial.settings.at(spec_.x);
                numeric = numeric && (value.empty() || parse_real(value).has_value());
                any_value = any_value || !value.empty();
            }
            numeric = numeric && any_value;
        }
        if (figure_.kind == PlotKind::automatic) {
            figure_.kind = meaning_ == XMeaning::metric ? PlotKind::points : PlotKind::line;
            if (!numeric) {
                figure_.kind = PlotKind::bars;
            }
        }
        categorical_ =
            meaning_ == XMeaning::setting && (!numeric || figure_.kind == PlotKind::bars);
    }

    void collect() {
        for (const Trial& trial : run_.trials) {
            const size_t line = index_of(lines_, values_of(trial, line_settings_));
            for (size_t panel = 0; panel < panels_.count(); ++panel) {
                if (!panels_.holds(panel, trial)) {
                    continue;
                }
                add(trial, spec_.y, groups_[{panel, line, false}]);
                if (spec_.model) {
                    Group& model = groups_[{panel, line, true}];
                    add(trial, "model_" + spec_.y, model);
                    add_band(trial, model);
                }
            }
        }
        if (figure_.kind != PlotKind::line || lines_.size() > kMostBands) {
            for (auto& [place, group] : groups_) group.low.clear();
        }
        std::erase_if(groups_, [](const auto& entry) {
            return entry.second.values.empty() && entry.second.scatter.empty();
        });
        if (groups_.empty()) {
            throw Error(ErrorKind::config,
                        "this run has no value of '" + spec_.y + "' over '" + spec_.x + "'");
        }
    }

    /// A logarithmic axis cannot show zero: such values are left out there.
    bool drawable(double x, double y) const {
        return std::isfinite(x) && std::isfinite(y) && (!spec_.log_x || x > 0) &&
               (!spec_.log_y || y > 0);
    }

    void add(const Trial& trial, const std::string& metric, Group& group) {
        if (meaning_ == XMeaning::series) {
            const auto of_trial = run_.series.find(trial.number);
            if (of_trial == run_.series.end() || !of_trial->second.contains(metric)) {
                return;
            }
            for (const Sample& sample : of_trial->second.at(metric)) {
                const double x = spec_.x == "operations" ? sample.operations : sample.user_bytes;
                if (drawable(x, sample.value)) {
                    group.values[sample.operations].push_back({x, sample.value});
                }
            }
            return;
        }
        const auto y = trial.metrics.find(metric);
        if (y == trial.metrics.end()) {
            return;
        }
        if (meaning_ == XMeaning::metric) {
            const auto x = trial.metrics.find(spec_.x);
            if (x != trial.metrics.end() && drawable(x->second, y->second)) {
                group.scatter[repeats_of_.at(trial.number)].push_back({x->second, y->second});
            }
            return;
        }
        for (const double x : setting_positions(trial.settings.at(spec_.x))) {
            if (drawable(x, y->second)) {
                group.values[x].push_back({x, y->second});
            }
        }
    }

    /// The model's band, where it has one: `model_<y>_low` and `model_<y>_high`.
    void add_band(const Trial& trial, Group& group) {
        for (const bool low : {true, false}) {
            Group limit;
            add(trial, "model_" + spec_.y + (low ? "_low" : "_high"), limit);
            for (const auto& [aligned, values] : limit.values) {
                auto& of_group = low ? group.low : group.high;
                const auto [place, first] = of_group.emplace(aligned, values.front().second);
                for (const auto& [x, y] : values) {
                    place->second = low ? std::min(place->second, y) : std::max(place->second, y);
                }
            }
        }
    }

    /// The number itself, or the place among the categories in order of appearance. A policy
    /// without the setting is the same at each of its numbers: a level line to compare with.
    std::vector<double> setting_positions(const std::string& value) {
        if (categorical_) {
            return {static_cast<double>(index_of(categories_, {value}))};
        }
        if (const auto number = parse_real(value)) {
            return {*number};
        }
        std::set<double> all;
        for (const Trial& trial : run_.trials) {
            if (const auto number = parse_real(trial.settings.at(spec_.x))) {
                all.insert(*number);
            }
        }
        return {all.begin(), all.end()};
    }

    /// A number says nothing without what it counts.
    std::string colour_name(const std::string& value) const {
        const std::string readable = setting_value(spec_.colour, value);
        if (readable.empty()) {
            return "none";
        }
        const bool number =
            readable[0] >= '0' && readable[0] <= '9' && !experiment::is_names_path(spec_.colour);
        return number ? lower_first(setting_label(spec_.colour).text) + " " + readable : readable;
    }

    void name_lines() {
        for (const SettingValues& line : lines_) {
            std::string name = spec_.colour.empty() ? "" : colour_name(line[0]);
            for (size_t i = spec_.colour.empty() ? 0 : 1; i < line.size(); ++i) {
                const bool tells_apart =
                    std::any_of(lines_.begin(), lines_.end(), [&](const SettingValues& other) {
                        return other[i] != line[i] && (spec_.colour.empty() || other[0] == line[0]);
                    });
                if (tells_apart && !line[i].empty()) {
                    const bool says_itself = experiment::is_names_path(line_settings_[i]);
                    name +=
                        (name.empty() ? "" : ", ") +
                        (says_itself ? ""
                                     : lower_first(setting_label(line_settings_[i]).text) + " ") +
                        setting_value(line_settings_[i], line[i]);
                }
            }
            figure_.line_names.push_back(name);
        }
    }

    void make_panels() {
        figure_.panels.resize(panels_.count());
        for (size_t i = 0; i < panels_.count(); ++i) {
            figure_.panels[i].title = panels_.title(i);
        }
        for (auto& [place, group] : groups_) {
            Line line;
            line.name = figure_.line_names[place.line];
            line.style = place.line;
            line.model = place.model;
            line.points = merged(group);
            figure_.has_model = figure_.has_model || place.model;
            figure_.panels[place.panel].lines.push_back(std::move(line));
        }
        figure_.columns = panels_.columns();
    }

    std::vector<Point> merged(const Group& group) {
        std::vector<Point> points;
        for (const auto& [repeats, values] : group.scatter) {
            points.push_back(point_of(values));
        }
        for (const auto& [aligned, values] : group.values) {
            points.push_back(point_of(values));
            const auto low = group.low.find(aligned);
            const auto high = group.high.find(aligned);
            if (low == group.low.end() || high == group.high.end()) continue;
            figure_.has_model_band = true;
            points.back().low = low->second;
            points.back().high = high->second;
        }
        return points;
    }

    Point point_of(const std::vector<std::pair<double, double>>& values) {
        std::vector<double> xs;
        std::vector<double> ys;
        for (const auto& [x, y] : values) {
            xs.push_back(x);
            ys.push_back(y);
        }
        figure_.has_repeats = figure_.has_repeats || ys.size() > 1;
        const experiment::Estimate known = experiment::estimate(ys);
        const double least = *std::min_element(ys.begin(), ys.end());
        double low = least >= 0 ? std::max(known.low, 0.0) : known.low;
        low = spec_.log_y && low <= 0 ? least : low;
        return {experiment::estimate(xs).mean, known.mean, low, known.high};
    }

    void set_axes() {
        figure_.x.label =
            meaning_ == XMeaning::setting ? setting_label(spec_.x) : metric_label(spec_.x);
        figure_.y.label = metric_label(spec_.y);
        figure_.x.log = spec_.log_x && !categorical_;
        figure_.y.log = spec_.log_y && figure_.kind != PlotKind::bars;
        std::set<double> xs;
        std::vector<double> ys;
        for (const Panel& panel : figure_.panels) {
            for (const Line& line : panel.lines) {
                for (const Point& point : line.points) {
                    xs.insert(point.x);
                    ys.insert(ys.end(), {point.low, point.high});
                }
            }
        }
        figure_.y.scale = scale_for(figure_.y.label, *std::max_element(ys.begin(), ys.end()));
        fit_value_axis(figure_.y, ys);
        if (categorical_) {
            for (size_t i = 0; i < categories_.size(); ++i) {
                figure_.x.ticks.push_back(static_cast<double>(i));
                const std::string& value = categories_[i][0];
                figure_.x.tick_names.push_back(value.empty() ? "none"
                                                             : setting_value(spec_.x, value));
            }
            figure_.x.label.unit_text.clear();
            figure_.x.low = -0.5;
            figure_.x.high = static_cast<double>(categories_.size()) - 0.5;
        } else if (meaning_ == XMeaning::setting) {
            fit_setting_axis(figure_.x, std::vector<double>(xs.begin(), xs.end()));
        } else {
            figure_.x.scale = scale_for(figure_.x.label, *xs.rbegin());
            fit_value_axis(figure_.x, std::vector<double>(xs.begin(), xs.end()));
            if (meaning_ == XMeaning::series && !figure_.x.log) {
                figure_.x.high = *xs.rbegin() / figure_.x.scale.divisor;
                figure_.x.high = figure_.x.high > 0 ? figure_.x.high : 1;
            }
        }
    }

    const RunData& run_;
    const PlotSpec& spec_;
    const FigurePanels panels_;
    XMeaning meaning_ = XMeaning::series;
    bool categorical_ = false;
    std::vector<std::string> line_settings_;
    std::vector<SettingValues> lines_;
    std::vector<SettingValues> categories_;
    std::map<Place, Group> groups_;
    std::map<uint64_t, size_t> repeats_of_;  ///< a trial's number, to its group of repeats
    FigureData figure_;
};

}  // namespace

FigureData make_figure(const RunData& run, const PlotSpec& spec) {
    return FigureMaker(run, spec).make();
}

}  // namespace lsm::report
