#include "framework/report/summary.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "framework/base/number.hpp"
#include "framework/experiment/entry_names.hpp"

namespace lsm::report {

const std::vector<std::string>& key_metrics() {
    static const std::vector<std::string> metrics = {
        "write_amplification",      "space_amplification", "read_amplification",
        "read_amplification_empty", "throughput",          "modelled_seconds"};
    return metrics;
}

std::vector<SummaryColumn> summary_columns(const RunData& run,
                                           const std::vector<std::string>& more) {
    std::vector<std::string> wanted = key_metrics();
    wanted.insert(wanted.end(), more.begin(), more.end());
    std::vector<SummaryColumn> columns;
    for (const std::string& metric : wanted) {
        const bool again =
            std::any_of(columns.begin(), columns.end(),
                        [&](const SummaryColumn& column) { return column.metric == metric; });
        if (again) {
            continue;
        }
        std::optional<double> largest;
        for (const Trial& trial : run.trials) {
            const auto found = trial.metrics.find(metric);
            if (found != trial.metrics.end()) {
                largest = std::max(largest.value_or(0), found->second);
            }
        }
        if (largest) {
            const Label label = metric_label(metric);
            columns.push_back({metric, label, scale_for(label, *largest)});
        }
    }
    return columns;
}

std::optional<experiment::Estimate> summary_value(const RunData& run,
                                                  const std::vector<size_t>& repeats,
                                                  const SummaryColumn& column) {
    std::vector<double> values;
    for (const size_t trial : repeats) {
        const auto found = run.trials[trial].metrics.find(column.metric);
        if (found != run.trials[trial].metrics.end()) {
            values.push_back(found->second / column.scale.divisor);
        }
    }
    if (values.empty()) {
        return std::nullopt;
    }
    return experiment::estimate(values);
}

std::string summary_text(const experiment::Estimate& value) {
    std::string text = readable_number(value.mean);
    if (value.has_interval()) {
        char half[32];
        std::snprintf(half, sizeof half, "%.2g", value.plus_minus());
        text += " ± " + (value.plus_minus() < 100 ? half : readable_number(value.plus_minus()));
    }
    return text;
}

std::string interval_note(const RunData& run) {
    size_t most = 1;
    for (const auto& group : run.repeat_groups()) {
        most = std::max(most, group.size());
    }
    return most < 2 ? ""
                    : "mean of " + std::to_string(most) +
                          " repeats ± half of its 95 % interval (Student's t)";
}

std::string trial_name(const RunData& run, const Trial& trial) {
    const std::string name = settings_name(run, trial);
    const auto repeat = trial.settings.find("repeat");
    const bool repeats = std::any_of(run.trials.begin(), run.trials.end(), [](const Trial& each) {
        const auto found = each.settings.find("repeat");
        return found != each.settings.end() && found->second != "1" && !found->second.empty();
    });
    if (!repeats || repeat == trial.settings.end()) {
        return name;
    }
    const bool unnamed = run.telling_settings().empty();
    return (unnamed ? "repeat " : name + ", repeat ") + repeat->second;
}

std::string settings_name(const RunData& run, const Trial& trial) {
    std::string name;
    for (const std::string& setting : run.telling_settings()) {
        const std::string& value = trial.settings.at(setting);
        if (value.empty()) {
            continue;
        }
        name += name.empty() ? "" : ", ";
        if (!setting.ends_with(".policy") && !experiment::is_names_path(setting)) {
            std::string label = setting_label(setting).text;
            if (label[0] >= 'A' && label[0] <= 'Z') {
                label[0] = static_cast<char>(label[0] - 'A' + 'a');
            }
            name += label + " ";
        }
        name += setting_value(setting, value);
    }
    return name.empty() ? "trial " + std::to_string(trial.number) : name;
}

std::string readable_number(double value) {
    constexpr double kExact = 1e15;
    if (value < kExact && value > -kExact &&
        value == static_cast<double>(static_cast<int64_t>(value))) {
        return format_number(value);
    }
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

}  // namespace lsm::report
