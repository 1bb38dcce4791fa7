#include <iostream>

#include <nlohmann/json.hpp>

#include "framework/base/error.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/comparison.hpp"
#include "framework/report/fail_condition.hpp"

namespace lsm::cli {
namespace {

using Texts = std::vector<std::string>;

/// What was cut off at a line's end looks whole: the manifest knows how many trials there were.
void require_all_trials(FileSystem& files, const report::RunData& run) {
    const std::string manifest = run.folder + "/manifest.json";
    if (!files.exists(manifest)) return;
    const auto json = nlohmann::json::parse(read_text_file(files, manifest), nullptr, false);
    if (!json.is_object() || !json.contains("trials") || !json["trials"].is_number_unsigned() ||
        json["trials"].get<size_t>() == run.trials.size()) {
        return;
    }
    throw Error(ErrorKind::corruption,
                "the table has " + std::to_string(run.trials.size()) + " trials, and the run had " +
                    json["trials"].dump() + " by its manifest.json",
                {run.folder + "/trials.csv", {}, run.trials.size() + 1, {}},
                report::run_again_remedy(run.folder));
}

report::RunData read_finished_run(FileSystem& files, std::string folder) {
    while (folder.size() > 1 && folder.back() == '/') {
        folder.pop_back();
    }
    if (!files.exists(folder)) {
        throw Error(ErrorKind::usage, "there is no folder " + folder);
    }
    if (!files.is_folder(folder) || !files.exists(folder + "/trials.csv")) {
        if (files.is_folder(folder) && files.exists(folder + "/manifest.json")) {
            throw Error(ErrorKind::usage, "this run is not finished: it has no trials.csv",
                        {folder, {}, {}, {}}, "./lab run --resume " + folder + " finishes it");
        }
        const bool above = files.is_folder(folder) && files.exists(folder + "/latest");
        throw Error(ErrorKind::usage, "this is no run's folder: it has no trials.csv",
                    {folder, {}, {}, {}},
                    above ? "did you mean " + folder + "/latest?"
                          : "a run's folder is results/<experiment>/<time>");
    }
    report::RunData run = report::read_run_trials(files, folder);
    require_all_trials(files, run);
    return run;
}

options::options_description compare_options() {
    options::options_description known("options");
    known.add_options()("metric", options::value<Texts>()->value_name("NAME")->composing(),
                        "show this metric and no other; may be given several times")(
        "fail-if", options::value<Texts>()->value_name("CONDITION")->composing(),
        "end with status 1 where this holds of a trial or cannot be told, as in "
        "'write_amplification > +5%'; may be given several times")("json",
                                                                   "print JSON, with all metrics");
    return known;
}

Texts texts(const options::variables_map& values, const char* name) {
    return values.contains(name) ? values[name].as<Texts>() : Texts();
}

std::string checks_text(const std::vector<report::FailCheck>& checks) {
    std::string text = checks.empty() ? "" : "\n";
    for (const report::FailCheck& check : checks) {
        const char* verdict = check.holds()   ? "holds, so this fails: "
                              : check.fails() ? "cannot be told everywhere, so this fails: "
                                              : "does not hold: ";
        text += verdict + check.text + "\n";
        for (const auto* trials : {&check.trials, &check.unchecked}) {
            for (const std::string& trial : *trials) {
                text += "    " + trial + "\n";
            }
        }
    }
    return text;
}

std::string with_checks(const std::string& json, const std::vector<report::FailCheck>& checks) {
    auto document = nlohmann::ordered_json::parse(json);
    document["fail_if"] = nlohmann::ordered_json::array();
    for (const report::FailCheck& check : checks) {
        document["fail_if"].push_back({{"condition", check.text},
                                       {"holds", check.holds()},
                                       {"trials", check.trials},
                                       {"unchecked", check.unchecked},
                                       {"fails", check.fails()}});
    }
    return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

int compare_verb(const Arguments& arguments) {
    const options::options_description known = compare_options();
    const auto values = read_arguments("compare", known, arguments, "run");
    if (!values) {
        return kDone;
    }
    const Texts folders = texts(*values, "run");
    if (folders.size() != 2) {
        throw Error(ErrorKind::usage, "compare takes two runs' folders", {},
                    "./lab compare results/<experiment>/<time> results/<experiment>/latest");
    }
    std::vector<report::FailCondition> conditions;
    for (const std::string& text : texts(*values, "fail-if")) {
        conditions.push_back(report::parse_fail_condition(text));
    }
    FileSystem& files = posix_file_system();
    const report::RunData left = read_finished_run(files, folders[0]);
    const report::RunData right = read_finished_run(files, folders[1]);
    const report::Comparison comparison = report::compare_runs(left, right);
    if (comparison.trials.empty()) {
        throw Error(ErrorKind::usage, "no trial of one run has the settings of one of the other",
                    {},
                    "compare runs of the same experiment; trials belong together that differ in "
                    "nothing but what is the same for the whole of each run");
    }
    const Texts metrics = texts(*values, "metric");
    for (const std::string& metric : metrics) {
        report::require_metric(metric, comparison);
    }
    std::vector<report::FailCheck> checks;
    int status = kDone;
    for (const report::FailCondition& condition : conditions) {
        checks.push_back(report::check_condition(condition, comparison));
        status = checks.back().fails() ? kClaimFailed : status;
    }
    if (values->contains("json")) {
        std::cout << with_checks(report::comparison_json(comparison), checks) << "\n";
    } else {
        std::cout << report::comparison_text(comparison, metrics, wants_colour(Stream::output))
                  << checks_text(checks);
    }
    return status;
}

}  // namespace lsm::cli
