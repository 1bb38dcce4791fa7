#include "framework/report/theory_table.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "framework/report/labels.hpp"
#include "framework/report/summary.hpp"

namespace lsm::report {
namespace {

std::optional<double> metric_of(const Trial* trial, const std::string& name) {
    if (trial == nullptr) return std::nullopt;
    const auto found = trial->metrics.find(name);
    return found == trial->metrics.end() ? std::nullopt : std::optional(found->second);
}

size_t source_of(const Trial& trial) {
    const auto engine = trial.settings.find("engine");
    const std::string name = engine == trial.settings.end() ? "" : engine->second;
    const Source source = name == "simulator"  ? Source::simulated
                          : name == "estimate" ? Source::estimated
                                               : Source::measured;
    return static_cast<size_t>(source);
}

/// The settings that a design and its repeat are known by.
std::map<std::string, std::string> design_of(const Trial& trial) {
    auto settings = trial.settings;
    settings.erase("engine");
    return settings;
}

/// The same trial with each engine; null where it did not run.
struct Counterparts {
    std::map<std::string, std::string> design;
    std::array<const Trial*, kSources.size()> trials{};

    const Trial& any() const {
        return **std::find_if(trials.begin(), trials.end(),
                              [](const Trial* trial) { return trial != nullptr; });
    }
};

std::vector<Counterparts> counterparts_of(const RunData& run) {
    std::vector<Counterparts> rows;
    for (const Trial& trial : run.trials) {
        const auto design = design_of(trial);
        const size_t source = source_of(trial);
        auto row = std::find_if(rows.begin(), rows.end(), [&](const Counterparts& each) {
            return each.design == design && each.trials[source] == nullptr;
        });
        if (row == rows.end()) row = rows.insert(rows.end(), {design, {}});
        row->trials[source] = &trial;
    }
    return rows;
}

std::string design_name(const RunData& run, Trial trial) {
    if (trial.settings.contains("engine")) trial.settings["engine"].clear();
    return trial_name(run, trial);
}

TheoryCell cell_of(const Counterparts& row, const std::string& metric) {
    TheoryCell cell;
    for (size_t i = 0; i < kSources.size(); ++i) {
        cell.figures[i] = metric_of(row.trials[i], metric);
        if (!cell.predicted) cell.predicted = metric_of(row.trials[i], "model_" + metric);
    }
    return cell;
}

std::optional<double> relative(const std::optional<double>& figure,
                               const std::optional<double>& truth) {
    if (!figure || !truth || !(*truth > 0)) return std::nullopt;
    return (*figure - *truth) / *truth;
}

}  // namespace

std::string_view source_name(Source source) {
    constexpr std::array<std::string_view, kSources.size()> kNames{"measured", "simulated",
                                                                   "estimated"};
    return kNames[static_cast<size_t>(source)];
}

std::optional<double> TheoryCell::gap() const {
    for (const auto& truth : figures) {
        if (truth) return relative(predicted, truth);
    }
    return std::nullopt;
}

std::optional<double> TheoryCell::estimate_gap() const {
    for (const Source source : {Source::measured, Source::simulated}) {
        if (of(source)) return relative(of(Source::estimated), of(source));
    }
    return std::nullopt;
}

std::string gap_text(std::optional<double> gap) {
    return gap ? fmt::format("{:+.1f} %", *gap * 100) : "";
}

namespace {

TheoryTable table_of(const RunData& run, const std::vector<const char*>& names) {
    const std::vector<Counterparts> rows = counterparts_of(run);
    TheoryTable table;
    for (const Counterparts& row : rows) table.rows.push_back({design_name(run, row.any()), {}});
    for (const char* name : names) {
        TheoryMetric metric{name, metric_label(name).text, {}, false, false};
        std::vector<TheoryCell> cells;
        for (const Counterparts& row : rows) {
            const TheoryCell& cell = cells.emplace_back(cell_of(row, name));
            for (size_t i = 0; i < kSources.size(); ++i)
                metric.has[i] |= cell.figures[i].has_value();
            metric.has_predicted |= cell.predicted.has_value();
            metric.has_estimate_gap |= cell.estimate_gap().has_value();
        }
        const auto engines = std::count(metric.has.begin(), metric.has.end(), true);
        if (!metric.has_predicted && engines < 2) continue;
        table.metrics.push_back(std::move(metric));
        for (size_t i = 0; i < rows.size(); ++i) table.rows[i].cells.push_back(cells[i]);
    }
    if (table.metrics.empty()) table.rows.clear();
    return table;
}

}  // namespace

TheoryTable theory_table(const RunData& run) {
    return table_of(run, {"write_amplification", "read_amplification_empty",
                          "read_amplification_found", "mean_space_amplification"});
}

std::string estimate_summary(const RunData& run) {
    const TheoryTable table =
        table_of(run, {"write_amplification", "space_amplification", "mean_space_amplification"});
    std::string text;
    for (size_t i = 0; i < table.metrics.size(); ++i) {
        double most = 0;
        const TheoryRow* where = nullptr;
        for (const TheoryRow& row : table.rows) {
            const auto gap = row.cells[i].estimate_gap();
            if (!gap || (where != nullptr && std::abs(*gap) <= std::abs(most))) continue;
            most = *gap;
            where = &row;
        }
        if (where == nullptr) continue;
        text +=
            fmt::format("{}{} {} ({})", text.empty() ? "the estimate is off by at most: " : "; ",
                        table.metrics[i].name, gap_text(most), where->name);
    }
    return text;
}

}  // namespace lsm::report
