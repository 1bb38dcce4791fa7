#include "framework/report/figure_panels.hpp"

#include <algorithm>

#include "framework/report/labels.hpp"

namespace lsm::report {

size_t index_of(std::vector<SettingValues>& known, const SettingValues& values) {
    const auto found = std::find(known.begin(), known.end(), values);
    if (found != known.end()) {
        return static_cast<size_t>(found - known.begin());
    }
    known.push_back(values);
    return known.size() - 1;
}

FigurePanels::FigurePanels(const RunData& run, const PlotSpec& plot) {
    for (const std::string& name : {plot.rows, plot.panels}) {
        if (!name.empty()) {
            run.require_setting(name);
            settings_.push_back(name);
        }
    }
    grid_columns_ = plot.rows.empty() ? 0 : 1;
    find_panels(run);
    fill_grid();
}

void FigurePanels::find_panels(const RunData& run) {
    for (const bool whole : {true, false}) {
        for (const Trial& trial : run.trials) {
            const SettingValues key = values_of(trial, settings_);
            const bool has_all = std::find(key.begin(), key.end(), "") == key.end();
            const bool placed =
                std::any_of(panels_.begin(), panels_.end(),
                            [&](const SettingValues& each) { return belongs(trial, each); });
            if (whole ? has_all : !placed) {
                index_of(panels_, key);
            }
        }
    }
}

void FigurePanels::fill_grid() {
    if (settings_.size() < 2) {
        return;
    }
    std::vector<SettingValues> down, across;
    for (const SettingValues& key : panels_) {
        index_of(down, {key[0]});
        index_of(across, {key[1]});
    }
    panels_.clear();
    for (const SettingValues& row : down) {
        for (const SettingValues& column : across) {
            panels_.push_back({row[0], column[0]});
        }
    }
    grid_columns_ = across.size();
}

bool FigurePanels::belongs(const Trial& trial, const SettingValues& panel) const {
    const SettingValues key = values_of(trial, settings_);
    for (size_t i = 0; i < key.size(); ++i) {
        if (!key[i].empty() && key[i] != panel[i]) {
            return false;
        }
    }
    return true;
}

std::string FigurePanels::title(size_t panel) const {
    const SettingValues& values = panels_[panel];
    std::string title;
    for (size_t i = 0; i < settings_.size(); ++i) {
        const std::string value =
            values[i].empty() ? "none" : setting_value(settings_[i], values[i]);
        title += (i == 0 ? "" : ", ");
        title += title.empty() ? setting_label(settings_[i]).text
                               : lower_first(setting_label(settings_[i]).text);
        title += " " + value;
    }
    return title;
}

size_t FigurePanels::columns() const {
    const size_t count = panels_.size();
    if (grid_columns_ > 0) {
        return grid_columns_;
    }
    constexpr size_t kWidest = 4;
    const size_t rows = (count + kWidest - 1) / kWidest;
    return (count + rows - 1) / rows;
}

}  // namespace lsm::report
