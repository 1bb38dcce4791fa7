// What a summary of a run shows of each trial, on the page and in the terminal alike. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/experiment/statistics.hpp"
#include "framework/report/labels.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

struct SummaryColumn {
    std::string metric;
    Label label;
    Scale scale;  ///< values are divided by this
};

/// The metrics that every reader looks for first.
const std::vector<std::string>& key_metrics();

/// These, then `more`, as far as any trial has a value of it.
std::vector<SummaryColumn> summary_columns(const RunData& run,
                                           const std::vector<std::string>& more);

/// What trials that are repeats of each other say together, in the column's unit, or nothing.
std::optional<experiment::Estimate> summary_value(const RunData& run,
                                                  const std::vector<size_t>& repeats,
                                                  const SummaryColumn& column);

/// "3.083", and with repeats "3.083 ± 0.012".
std::string summary_text(const experiment::Estimate& value);

/// What tells a trial from the others: "leveling, size ratio 4", and the repeat where there are
/// several.
std::string trial_name(const RunData& run, const Trial& trial);
/// The same without the repeat.
std::string settings_name(const RunData& run, const Trial& trial);

/// Which interval stands behind the ±, where some trial has repeats; nothing otherwise.
std::string interval_note(const RunData& run);

/// Four significant digits for people; whole numbers in full.
std::string readable_number(double value);

}  // namespace lsm::report
