#include "framework/report/theory_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "framework/report/labels.hpp"
#include "framework/report/summary.hpp"

namespace lsm::report {
namespace {

constexpr std::string_view kSimulator = "simulator";

std::optional<double> metric_of(const Trial* trial, const std::string& name) {
    if (trial == nullptr) return std::nullopt;
    const auto found = trial->metrics.find(name);
    return found == trial->metrics.end() ? std::nullopt : std::optional(found->second);
}

bool simulated(const Trial& trial) {
    const auto engine = trial.settings.find("engine");
    return engine != trial.settings.end() && engine->second == kSimulator;
}

/// The settings that a design and its repeat are known by.
std::map<std::string, std::string> design_of(const Trial& trial) {
    auto settings = trial.settings;
    settings.erase("engine");
    return settings;
}

struct Pair {
    std::map<std::string, std::string> design;
    const Trial* measured = nullptr;
    const Trial* simulated = nullptr;
};

std::vector<Pair> pairs_of(const RunData& run) {
    std::vector<Pair> pairs;
    for (const Trial& trial : run.trials) {
        const auto design = design_of(trial);
        auto pair = std::find_if(pairs.begin(), pairs.end(),
                                 [&](const Pair& each) { return each.design == design; });
        const bool taken =
            pair != pairs.end() && (simulated(trial) ? pair->simulated : pair->measured) != nullptr;
        if (pair == pairs.end() || taken) {
            pairs.push_back({design, nullptr, nullptr});
            pair = pairs.end() - 1;
        }
        (simulated(trial) ? pair->simulated : pair->measured) = &trial;
    }
    return pairs;
}

}  // namespace

std::optional<double> TheoryCell::gap() const {
    const std::optional<double> truth = measured ? measured : simulated;
    if (!truth || !predicted || !(*truth > 0)) return std::nullopt;
    return (*predicted - *truth) / *truth;
}

std::string TheoryCell::gap_text() const {
    const auto value = gap();
    if (!value) return "";
    char text[32];
    std::snprintf(text, sizeof text, "%+.1f %%", *value * 100);
    return text;
}

TheoryTable theory_table(const RunData& run) {
    TheoryTable table;
    const std::vector<Pair> pairs = pairs_of(run);
    for (const char* name : {"write_amplification", "read_amplification_empty",
                             "read_amplification_found", "mean_space_amplification"}) {
        TheoryMetric metric{name, metric_label(name).text, false, false};
        bool predicted = false;
        for (const Pair& pair : pairs) {
            metric.has_measured |= metric_of(pair.measured, name).has_value();
            metric.has_simulated |= metric_of(pair.simulated, name).has_value();
            for (const Trial* trial : {pair.measured, pair.simulated}) {
                predicted |= metric_of(trial, std::string("model_") + name).has_value();
            }
        }
        if (predicted) table.metrics.push_back(std::move(metric));
    }
    if (table.metrics.empty()) return table;
    for (const Pair& pair : pairs) {
        const Trial* either = pair.measured != nullptr ? pair.measured : pair.simulated;
        TheoryRow row{trial_name(run, *either), {}};
        for (const TheoryMetric& metric : table.metrics) {
            row.cells.push_back({metric_of(pair.measured, metric.name),
                                 metric_of(pair.simulated, metric.name),
                                 metric_of(either, "model_" + metric.name)});
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace lsm::report
