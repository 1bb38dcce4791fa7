// What `run` says at its end: figures and report.html, the table, the claims.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "framework/experiment/run.hpp"

namespace lsm::cli {

struct ReportStyle {
    bool quiet = false;
    bool json = false;
};

/// What `--json` prints: the document of the one file, or an array with one of each of several.
/// Gathered, for nothing may stand between two of them, and printed when it is destroyed: also the
/// part that an error or a signal left.
class JsonOutput {
  public:
    JsonOutput(bool is_wanted, bool is_array) : is_wanted_(is_wanted), is_array_(is_array) {}
    ~JsonOutput();
    JsonOutput(const JsonOutput&) = delete;
    JsonOutput& operator=(const JsonOutput&) = delete;
    void add(const nlohmann::ordered_json& document);

  private:
    bool is_wanted_;
    bool is_array_;
    std::vector<std::string> documents_;
};

/// Draws the figures, writes report.html, prints the results. The exit status: 1 when a claim fails
/// or could not be checked; not when it is not asked.
int report_run(const experiment::Experiment& experiment, const experiment::RunFolder& folder,
               const experiment::RunOutcome& outcome, const ReportStyle& style,
               JsonOutput& documents);

/// The trials of an experiment, for a dry run: number, repeat, seed, operations, swept settings.
nlohmann::ordered_json planned_json(const experiment::Experiment& experiment);

/// "to go on: ./lab run --resume FOLDER", a line.
std::string resume_hint(const std::string& folder);

}  // namespace lsm::cli
