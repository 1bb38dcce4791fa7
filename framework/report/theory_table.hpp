// Theory beside measurement: for each design of a run what the engine measured, what the simulator
// counted where the same trial ran there too, and what the cost model predicts, with the relative
// gap. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/report/run_data.hpp"

namespace lsm::report {

struct TheoryCell {
    std::optional<double> measured;
    std::optional<double> simulated;
    std::optional<double> predicted;

    /// (predicted - measured) / measured, of the simulated where nothing was measured.
    std::optional<double> gap() const;
    /// "-4.2 %"; empty where there is none.
    std::string gap_text() const;
};

struct TheoryMetric {
    std::string name;
    std::string label;
    bool has_measured = false;
    bool has_simulated = false;
};

struct TheoryRow {
    std::string name;
    std::vector<TheoryCell> cells;  ///< one of each metric
};

/// Empty where the run has no prediction. A row stands for the trials that differ in their engine
/// alone; metrics of which nothing is predicted are left out.
struct TheoryTable {
    std::vector<TheoryMetric> metrics;
    std::vector<TheoryRow> rows;
};

TheoryTable theory_table(const RunData& run);

}  // namespace lsm::report
