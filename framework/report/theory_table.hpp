// Theory beside measurement: for each design of a run what the engine measured, what the simulator
// counted and the estimate expects where the same trial ran there too, and what the cost model
// predicts, with the relative gaps. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/report/run_data.hpp"

namespace lsm::report {

/// Where a figure comes from, the most trusted first.
enum class Source { measured, simulated, estimated };
inline constexpr std::array<Source, 3> kSources{Source::measured, Source::simulated,
                                                Source::estimated};
std::string_view source_name(Source source);

struct TheoryCell {
    std::array<std::optional<double>, kSources.size()> figures;
    std::optional<double> predicted;

    const std::optional<double>& of(Source source) const {
        return figures[static_cast<size_t>(source)];
    }
    /// Of the prediction, and of the estimate, to the most trusted other figure, as a share of it.
    std::optional<double> gap() const;
    std::optional<double> estimate_gap() const;
};

/// "-4.2 %"; empty where there is none.
std::string gap_text(std::optional<double> gap);

struct TheoryMetric {
    std::string name;
    std::string label;
    std::array<bool, kSources.size()> has{};
    bool has_predicted = false;
    bool has_estimate_gap = false;

    bool has_source(Source source) const { return has[static_cast<size_t>(source)]; }
};

struct TheoryRow {
    std::string name;
    std::vector<TheoryCell> cells;  ///< one of each metric
};

/// A row stands for the trials that differ in their engine alone. Metrics of which nothing is
/// predicted, and which one engine alone has, are left out; empty where none is left.
struct TheoryTable {
    std::vector<TheoryMetric> metrics;
    std::vector<TheoryRow> rows;
};

TheoryTable theory_table(const RunData& run);

/// How far the estimate is from the simulator (or the engine) at most, metric by metric, in a line;
/// empty where not both ran.
std::string estimate_summary(const RunData& run);

}  // namespace lsm::report
