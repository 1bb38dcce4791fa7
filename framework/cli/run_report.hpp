// What `run` says at its end: figures and report.html, the table, the claims.
#pragma once

#include <string>

#include "framework/experiment/run.hpp"

namespace lsm::cli {

struct ReportStyle {
    bool quiet = false;
    bool json = false;
};

/// Draws the figures, writes report.html, prints the results. The exit status: 1 when a claim fails
/// or could not be checked; not when it is not asked.
int report_run(const experiment::Experiment& experiment, const experiment::RunFolder& folder,
               const experiment::RunOutcome& outcome, const ReportStyle& style);

/// "to go on: ./lab run --resume FOLDER", a line.
std::string resume_hint(const std::string& folder);

}  // namespace lsm::cli
