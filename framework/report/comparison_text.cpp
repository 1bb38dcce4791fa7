// How a comparison is shown: tables for people, JSON for programs.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "framework/report/comparison.hpp"
#include "framework/report/summary.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::report {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

constexpr size_t kMostNames = 12;

std::string side_text(const std::optional<experiment::Estimate>& side) {
    return side ? summary_text(*side) : "-";
}

std::string change_text(const ComparedMetric& metric) {
    if (!metric.change) return "-";
    if (metric.difference == Difference::none) return "0";
    const double percent = 100 * metric.relative();
    if (!std::isfinite(percent)) return "from 0";
    char text[32];
    std::snprintf(text, sizeof text, "%+.3g %%", percent);
    return text;
}

std::string changed_table(const Comparison& comparison, bool colour) {
    if (comparison.changed.empty()) return "";
    Rows rows;
    for (const ChangedSetting& one : comparison.changed) {
        rows.push_back(
            {one.setting, one.left.empty() ? "-" : one.left, one.right.empty() ? "-" : one.right});
    }
    return terminal_table({"changed setting", "A", "B"}, rows, colour) + "\n";
}

std::string trials_table(const Comparison& comparison, const std::vector<std::string>& metrics,
                         bool colour) {
    Rows rows;
    for (const ComparedTrial& trial : comparison.trials) {
        bool first = true;
        for (const std::string& name : metrics) {
            const ComparedMetric* metric = trial.find(name);
            if (metric == nullptr) continue;
            rows.push_back({first ? trial.name : "", name, side_text(metric->left),
                            side_text(metric->right), change_text(*metric),
                            metric->change ? difference_name(metric->difference) : "-"});
            first = false;
        }
    }
    if (rows.empty()) return "";
    return terminal_table({"trial", "metric", "A", "B", "change", "difference"}, rows, colour) +
           "\n";
}

bool has_repeats(const Comparison& comparison) {
    for (const ComparedTrial& trial : comparison.trials) {
        for (const ComparedMetric& metric : trial.metrics) {
            if (metric.change && metric.change->has_interval()) return true;
        }
    }
    return false;
}

std::string left_over(const char* where, const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += std::string("only in ") + where + ": " + name + "\n";
    }
    return text;
}

/// How many metrics differ, and the names of those that are not in the table.
std::string count_text(const Comparison& comparison, const std::vector<std::string>& shown) {
    size_t differing = 0, hidden = 0;
    std::string names;
    for (const std::string& name : comparison.metrics) {
        const bool differs = std::any_of(
            comparison.trials.begin(), comparison.trials.end(), [&](const ComparedTrial& trial) {
                const ComparedMetric* metric = trial.find(name);
                return metric != nullptr && metric->difference == Difference::real;
            });
        differing += differs ? 1 : 0;
        if (!differs || std::find(shown.begin(), shown.end(), name) != shown.end()) continue;
        if (++hidden <= kMostNames) names += (names.empty() ? "" : ", ") + name;
    }
    std::string text = std::to_string(differing) + " of " +
                       std::to_string(comparison.metrics.size()) +
                       " metrics differ beyond noise in some trial";
    if (hidden > 0) {
        text += "; not shown: " + names;
        if (hidden > kMostNames) text += " and " + std::to_string(hidden - kMostNames) + " more";
    }
    return text + "\n";
}

Json estimate_json(const std::optional<experiment::Estimate>& value) {
    if (!value) return nullptr;
    Json json = {{"mean", value->mean}, {"n", value->count}};
    if (value->has_interval()) {
        json["low"] = value->low;
        json["high"] = value->high;
    }
    return json;
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const std::vector<std::string>& metrics,
                            bool colour) {
    const std::vector<std::string> shown = metrics.empty() ? key_metrics() : metrics;
    std::string text = "A: " + comparison.left_folder + "\nB: " + comparison.right_folder + "\n\n";
    text += changed_table(comparison, colour) + trials_table(comparison, shown, colour);
    text += left_over("A", comparison.only_left) + left_over("B", comparison.only_right);
    text += count_text(comparison, shown);
    if (has_repeats(comparison)) {
        text +=
            "± is half of the mean's 95 % interval; noise: the interval of the difference has 0 "
            "in it\n";
    }
    return text;
}

std::string comparison_json(const Comparison& comparison) {
    Json changed = Json::array(), trials = Json::array();
    for (const ChangedSetting& one : comparison.changed) {
        changed.push_back({{"setting", one.setting}, {"a", one.left}, {"b", one.right}});
    }
    for (const ComparedTrial& trial : comparison.trials) {
        Json metrics = Json::object();
        for (const ComparedMetric& metric : trial.metrics) {
            Json one = {{"a", estimate_json(metric.left)},
                        {"b", estimate_json(metric.right)},
                        {"change", estimate_json(metric.change)},
                        {"relative_change", nullptr},
                        {"difference", difference_name(metric.difference)}};
            if (metric.change && std::isfinite(metric.relative())) {
                one["relative_change"] = metric.relative();
            }
            metrics[metric.metric] = std::move(one);
        }
        trials.push_back({{"name", trial.name},
                          {"a", trial.left},
                          {"b", trial.right},
                          {"metrics", std::move(metrics)}});
    }
    const Json json = {{"a", comparison.left_folder},
                       {"b", comparison.right_folder},
                       {"changed_settings", std::move(changed)},
                       {"trials", std::move(trials)},
                       {"only_in_a", comparison.only_left},
                       {"only_in_b", comparison.only_right}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lsm::report
