#include "framework/cli/run_report.hpp"

#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "framework/cli/progress.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/report.hpp"
#include "framework/report/terminal_table.hpp"
#include "framework/report/theory_table.hpp"

namespace lsm::cli {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json claims_json(const std::vector<ClaimResult>& claims) {
    Json array = Json::array();
    for (const ClaimResult& claim : claims) {
        Json points = Json::array();
        for (const ClaimPoint& point : claim.points) {
            Json json = {{"where", point.where},
                         {"left", number(point.left)},
                         {"right", number(point.right)},
                         {"measured_left", number(point.measured_left)},
                         {"measured_right", number(point.measured_right)},
                         {"verdict", verdict_name(point.verdict)},
                         {"reason", point.reason}};
            if (point.difference) {
                json["difference"] = {{"mean", point.difference->mean},
                                      {"low", point.difference->low},
                                      {"high", point.difference->high},
                                      {"inside_noise", point.difference->inside_noise}};
            }
            points.push_back(std::move(json));
        }
        array.push_back({{"claim", claim.text},
                         {"verdict", verdict_name(claim.verdict)},
                         {"reason", claim.reason},
                         {"says", claim.notes.says},
                         {"theirs", claim.notes.theirs},
                         {"points", points}});
    }
    return array;
}

Json trials_json(const report::RunData& run) {
    Json array = Json::array();
    for (const report::Trial& trial : run.trials) {
        array.push_back(
            {{"trial", trial.number}, {"settings", trial.settings}, {"metrics", trial.metrics}});
    }
    return array;
}

/// Metrics of the claims and the plots, which the table should show.
std::vector<std::string> metrics_of_interest(const experiment::Experiment& experiment) {
    std::vector<std::string> metrics;
    for (const PlotSpec& plot : experiment.plots) {
        metrics.push_back(plot.y);
    }
    return metrics;
}

}  // namespace

std::string resume_hint(const std::string& folder) {
    return "to go on: ./lab run --resume " + folder + "\n";
}

JsonOutput::~JsonOutput() {
    if (!is_wanted_ || (!is_array_ && documents_.empty())) {
        return;
    }
    std::string text;
    for (const std::string& document : documents_) {
        text += (text.empty() ? "" : ",\n") + document;
    }
    std::cout << (is_array_ ? "[\n" + text + "\n]\n" : text + "\n");
}

void JsonOutput::add(const Json& document) { documents_.push_back(document.dump(2)); }

Json planned_json(const experiment::Experiment& experiment) {
    Json trials = Json::array();
    for (const experiment::Trial& trial : experiment.trials) {
        uint64_t operations = 0;
        for (const auto& phase : trial.phases) {
            operations += phase.total();
        }
        Json settings = Json::object();
        for (const auto& [path, value] : trial.label) {
            settings[path] = value;
        }
        trials.push_back({{"trial", trial.number},
                          {"repeat", trial.repeat},
                          {"seed", trial.seed},
                          {"operations", operations},
                          {"settings", settings}});
    }
    return {{"experiment", experiment.name}, {"file", experiment.file}, {"trials", trials}};
}

int report_run(const experiment::Experiment& experiment, const experiment::RunFolder& folder,
               const experiment::RunOutcome& outcome, const ReportStyle& style,
               JsonOutput& documents) {
    FileSystem& files = posix_file_system();
    const report::ReportResult drawn = report::write_report(
        files, folder.path, {experiment.name, experiment.about, experiment.plots, outcome.claims});
    for (const std::string& warning : drawn.warnings) {
        std::cerr << "lsmlab: warning: " << warning << "\n";
    }
    bool all_hold = true;
    for (const ClaimResult& claim : outcome.claims) {
        all_hold = all_hold && is_no_failure(claim.verdict);
    }
    const report::RunData run = report::read_run(files, folder.path);
    if (style.json) {
        const Json json = {{"experiment", experiment.name},
                           {"folder", folder.path},
                           {"report", drawn.path},
                           {"trials_reused", outcome.trials_reused},
                           {"claims", claims_json(outcome.claims)},
                           {"trials", trials_json(run)}};
        documents.add(json);
        return all_hold ? kDone : kClaimFailed;
    }
    const bool colour = wants_colour(Stream::output);
    std::cout << "\n" << report::trials_summary(run, metrics_of_interest(experiment), colour);
    const std::string estimate = report::estimate_summary(run);
    if (!estimate.empty()) std::cout << "\n" << estimate << "\n";
    if (!outcome.claims.empty()) {
        std::cout << "\n" << report::claims_summary(outcome.claims, colour);
    }
    std::cout << "\n";
    if (!style.quiet) {
        std::cerr << fmt::format("{} in {}, {} answers checked\n", experiment.name,
                                 duration_text(outcome.wall_seconds), outcome.checked_reads);
        if (outcome.trials_reused > 0) {
            std::cerr << fmt::format(
                "{} of {} trials are unchanged, so their results are those of an earlier run; "
                "--no-cache runs them again\n",
                outcome.trials_reused, experiment.trials.size());
        }
    }
    std::cout << "report: " << drawn.path << "\n";
    return all_hold ? kDone : kClaimFailed;
}

}  // namespace lsm::cli
