#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/cli/experiment_options.hpp"
#include "framework/cli/paper_table.hpp"
#include "framework/cli/progress.hpp"
#include "framework/cli/run_report.hpp"
#include "framework/experiment/run.hpp"
#include "framework/os/machine.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

using experiment::Experiment;
using experiment::RunFolder;
using experiment::Trial;

constexpr uint64_t kMostJobs = 256;

void print_trials(const Experiment& experiment) {
    std::vector<std::vector<std::string>> rows;
    for (const Trial& trial : experiment.trials) {
        uint64_t operations = 0;
        for (const auto& phase : trial.phases) {
            operations += phase.total();
        }
        rows.push_back({format_number(trial.number), format_number(trial.repeat),
                        format_number(trial.seed), format_count(operations),
                        trial_label(experiment, trial)});
    }
    std::cout << experiment.file << ": " << experiment.name << "\n"
              << report::terminal_table({"trial", "repeat", "seed", "operations", "settings"}, rows,
                                        wants_colour(Stream::output));
}

options::options_description run_options() {
    options::options_description known("options");
    add_experiment_options(known);
    known.add_options()("jobs", options::value<std::string>()->value_name("N"),
                        "trials side by side; without it one per core in deterministic mode, 1 in "
                        "realtime mode")("out", options::value<std::string>()->value_name("DIR"),
                                         "where results go, instead of results/")(
        "dry-run", "list the trials and run nothing")(
        "resume", options::value<std::string>()->value_name("RUN"),
        "finish a run that was stopped: its folder, results/<experiment>/<time> or .../latest")(
        "no-cache", "run every trial, also those that an earlier run has the result of")(
        "quiet", "no progress; only results and errors")(
        "json",
        "print the results as JSON, or the trials of a dry run; an array where several files are "
        "given");
    return known;
}

uint64_t read_jobs(const options::variables_map& values) {
    if (!values.contains("jobs")) {
        return 0;
    }
    const std::string& text = values["jobs"].as<std::string>();
    const auto jobs = parse_count(text);
    if (!jobs || *jobs < 1 || *jobs > kMostJobs) {
        throw Error(ErrorKind::usage,
                    fmt::format("--jobs is a number from 1 to {}, not {}", kMostJobs, text));
    }
    return *jobs;
}

/// Trials that measure time would disturb each other.
uint64_t jobs_for(const Experiment& experiment, uint64_t wanted) {
    uint64_t jobs = wanted;
    if (jobs == 0) {
        jobs = experiment.mode == experiment::Mode::realtime ? 1 : this_machine().cores;
    }
    return std::max<uint64_t>(1, std::min<uint64_t>(jobs, experiment.trials.size()));
}

std::string results_folder(const options::variables_map& values) {
    if (values.contains("out")) {
        const std::string& folder = values["out"].as<std::string>();
        if (folder.empty()) {
            throw Error(ErrorKind::usage, "--out is a folder, and this is no name of one");
        }
        return folder;
    }
    const char* root = std::getenv("LSMLAB_ROOT");
    return root != nullptr && *root != '\0' ? std::string(root) + "/results" : "results";
}

void refuse_with_resume(const options::variables_map& values) {
    for (const char* other : {"file", "set", "seed", "scale", "out", "dry-run"}) {
        if (values.contains(other)) {
            throw Error(
                ErrorKind::usage,
                std::string("--resume goes on with what the run began with, so it takes no ") +
                    (std::string(other) == "file" ? "file" : std::string("--") + other));
        }
    }
}

/// Runs the trials of one folder and shows what came out. The exit status.
int carry_out(const Experiment& experiment, const RunFolder& folder, const ReportStyle& style,
              experiment::RunSurroundings surroundings, JsonOutput& documents, PaperTable& papers) {
    ProgressDisplay display(style.quiet ? ProgressDisplay::Style::silent
                                        : ProgressDisplay::style_here());
    surroundings.observer = &display;
    if (!style.quiet) {
        std::cerr << fmt::format("{}: {} {}, {} at a time, seed {}; {}\n", experiment.name,
                                 experiment.trials.size(),
                                 experiment.trials.size() == 1 ? "trial" : "trials",
                                 folder.facts.jobs, experiment.seed, folder.path);
    }
    int status = kDone;
    surroundings.report = [&](const experiment::RunOutcome& outcome) {
        papers.add(experiment, outcome.claims);
        status = report_run(experiment, folder, outcome, style, documents);
    };
    experiment::RunOutcome outcome;
    try {
        outcome = run_trials(experiment, folder, surroundings);
    } catch (const Error& error) {
        // What the experiment or a policy of it did wrong goes wrong again.
        const ErrorKind kind = error.kind();
        if (kind != ErrorKind::locked && kind != ErrorKind::usage && kind != ErrorKind::config) {
            std::cerr << resume_hint(folder.path);
        }
        throw;
    }
    if (outcome.interrupted) {
        std::cerr << fmt::format("lsmlab: interrupted; {} of {} trials are done\n",
                                 outcome.trials_done, experiment.trials.size())
                  << resume_hint(folder.path);
        return kInterrupted;
    }
    return status;
}

/// Finishes the run that `--resume` names. The exit status.
int resume(const options::variables_map& values, uint64_t jobs, const ReportStyle& style,
           const experiment::RunSurroundings& surroundings) {
    refuse_with_resume(values);
    std::string folder = values["resume"].as<std::string>();
    while (folder.size() > 1 && folder.back() == '/') {
        folder.pop_back();
    }
    const auto context = experiment::make_read_context(posix_file_system(), folder);
    auto resumed = resume_run(folder, context, jobs, surroundings);
    resumed.folder.facts.jobs = jobs_for(resumed.experiment, jobs);
    if (!resumed.warning.empty()) {
        std::cerr << "lsmlab: warning: " << resumed.warning << "\n";
    }
    const InterruptGuard guard;
    JsonOutput documents(style.json, false);
    PaperTable papers;
    return carry_out(resumed.experiment, resumed.folder, style, surroundings, documents, papers);
}

}  // namespace

int run_verb(const Arguments& arguments) {
    const options::options_description known = run_options();
    const auto values = read_arguments("run", known, arguments, "file");
    if (!values) {
        return kDone;
    }
    const uint64_t jobs = read_jobs(*values);
    const ReportStyle style{values->contains("quiet"), values->contains("json")};
    experiment::RunSurroundings surroundings;
    surroundings.should_stop = InterruptGuard::interrupted;
    surroundings.use_cache = !values->contains("no-cache");
    if (values->contains("resume")) {
        return resume(*values, jobs, style, surroundings);
    }
    const std::string results = results_folder(*values);
    const auto experiments = read_experiments("run", *values);
    JsonOutput documents(style.json, experiments.size() > 1);
    if (values->contains("dry-run")) {
        for (const Experiment& one : experiments) {
            if (style.json) {
                documents.add(planned_json(one));
            } else {
                print_trials(one);
            }
        }
        return kDone;
    }
    int status = kDone;
    PaperTable papers;
    const InterruptGuard guard;
    for (const Experiment& one : experiments) {
        Arguments all{"run"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        const RunFolder folder = start_run(one, results, all, jobs_for(one, jobs), surroundings);
        if (!folder.latest_problem.empty()) {
            std::cerr << fmt::format("lsmlab: warning: `latest` does not point at this run: {}\n",
                                     folder.latest_problem);
        }
        const int own = carry_out(one, folder, style, surroundings, documents, papers);
        if (own == kInterrupted) {
            return own;
        }
        status = std::max(status, own);
    }
    if (!papers.empty() && !style.json) {
        std::cout << "\n" << papers.text(wants_colour(Stream::output));
    }
    return status;
}

}  // namespace lsm::cli
