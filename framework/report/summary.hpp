// What a summary of a run shows of each trial, on the page and in the terminal alike. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/report/labels.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

struct SummaryColumn {
    std::string metric;
    Label label;
    Scale scale;  ///< values are divided by this
};

/// What every reader looks for first, then `more`, as far as any trial has a value of it.
std::vector<SummaryColumn> summary_columns(const RunData& run,
                                           const std::vector<std::string>& more);

/// The value in the column's unit, or nothing.
std::optional<double> summary_value(const Trial& trial, const SummaryColumn& column);

/// What tells a trial from the others: "leveling, size ratio 4".
std::string trial_name(const RunData& run, const Trial& trial);

/// Four significant digits for people; whole numbers in full.
std::string readable_number(double value);

}  // namespace lsm::report
