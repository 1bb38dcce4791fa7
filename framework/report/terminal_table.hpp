// A table for a terminal or a log: columns by spaces, no boxes, numbers to the right. Colour is the
// caller's decision (is it a terminal, is NO_COLOR set); without it the text has no escape codes.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/experiment/claim_result.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

/// The header and the rows, a line each, every line ended. A column is set to the right when all
/// its cells that are not empty read as numbers ("6.02", "1,024", "12%", "3.5 MiB"). Rows may be
/// shorter than the header. Control characters in cells become spaces.
std::string terminal_table(const std::vector<std::string>& header,
                           const std::vector<std::vector<std::string>>& rows, bool colour);

/// A row per trial: what tells it from the others, then its key metrics: the amplifications and
/// `more`, as far as the run has them.
std::string trials_summary(const RunData& run, const std::vector<std::string>& more, bool colour);

/// "inside the noise at 2 of 6 points".
std::string noise_text(const ClaimResult& claim);
/// "difference -0.1, 95 % -0.3 to 0.1, inside the noise".
std::string difference_text(const ClaimDifference& difference);

/// A line per claim: its verdict and its text, and below it the points where it does not hold, or
/// where that is inside the noise of the repeats.
std::string claims_summary(const std::vector<ClaimResult>& claims, bool colour);

/// Columns that a text takes in a terminal: code points, wide ones not told apart.
size_t terminal_width(std::string_view text);

}  // namespace lsm::report
