// A run: all trials of an experiment, some side by side, into a folder of their own.
//
// Each trial's result is kept in <folder>/trials/N.json as soon as it is there, by atomic rename;
// the tables are made from these at the end, in the order of the trials, and the trials/ folder
// goes. So a run that was stopped, by a signal or a full disk, is finished later by running only
// what is missing, and ends in the same bytes. Trials that an earlier run has a result of are not
// run at all where the surroundings allow it.
//
// Trials run on threads of an executor; the calling thread watches them, and is the only one that
// calls the observer.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "framework/experiment/claim_result.hpp"
#include "framework/experiment/experiment.hpp"
#include "framework/experiment/manifest_file.hpp"
#include "framework/experiment/read_context.hpp"
#include "framework/experiment/trial_runner.hpp"
#include "framework/os/clock.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::experiment {

/// How far a trial is. Written by the thread that runs it.
struct TrialProgress {
    enum class State { waiting, running, finished, kept, reused, stopped, failed };
    /// kept: from before a resume; reused: an earlier run's result of the same trial.
    std::atomic<State> state{State::waiting};
    std::atomic<uint64_t> done{0};  ///< operations
    std::atomic<uint64_t> total{0};
    std::atomic<uint64_t> started{0};  ///< of the clock, in nanoseconds
    std::atomic<uint64_t> ended{0};
};

/// Hears of a run's progress, on the thread that called run_trials.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    /// Several times a second; once before and once after all.
    virtual void progress(const Experiment& experiment, const std::vector<TrialProgress>& trials,
                          uint64_t nanoseconds) = 0;
};

struct RunOutcome {
    bool interrupted = false;
    uint64_t trials_done = 0;
    uint64_t trials_reused = 0;
    uint64_t checked_reads = 0;
    std::vector<ClaimResult> claims;
    double wall_seconds = 0;
};

/// What a run needs from outside; tests put fakes here.
struct RunSurroundings {
    FileSystem* files = &posix_file_system();
    Clock* clock = &system_clock();
    std::function<TrialResult(const Trial&, const TrialHooks&)> run_trial = experiment::run_trial;
    std::function<bool()> should_stop;  ///< asked often, from several threads
    RunObserver* observer = nullptr;
    std::function<std::string(FileSystem&)> program_fingerprint = experiment::program_fingerprint;
    std::function<SourceState(FileSystem&)> source_state = experiment::source_state;
    /// Makes what people look at of the run's files, once these are written. What it throws, and an
    /// interrupt meanwhile, leaves a run that can be resumed.
    std::function<void(const RunOutcome&)> report;
    bool use_cache = false;  ///< reuse earlier runs' trials (trial_cache.hpp), and keep these
};

/// Where a run keeps its files, and how it began.
struct RunFolder {
    std::string path;
    std::string name;   ///< its own, whatever link the path goes through
    std::string cache;  ///< folder of earlier trials' results
    ManifestFacts facts;
    std::string latest_problem;  ///< why `latest` does not point here; empty where it does
};

/// Makes <results>/<experiment>/<UTC time>/ with experiment.yaml and manifest.json, and points
/// <results>/<experiment>/latest at it. The folder is this run's alone, whoever starts others at
/// the same time; a link that cannot be made is told of and stops nothing. Throws Error (io) before
/// anything has run.
RunFolder start_run(const Experiment& experiment, const std::string& results,
                    const std::vector<std::string>& arguments, uint64_t jobs,
                    const RunSurroundings& surroundings);

/// A run that was stopped: its experiment, read from its own experiment.yaml, and its folder.
/// Throws Error (config) where it is finished, or where the file or this program are not what it
/// began with: its trials would not belong together.
struct ResumedRun {
    Experiment experiment;
    RunFolder folder;
    std::string warning;  ///< that the source has changed since; empty where it has not
};
ResumedRun resume_run(const std::string& folder, const ReadContext& context, uint64_t jobs,
                      const RunSurroundings& surroundings);

/// Whether nothing is left to do: neither trials, nor the report, nor to clear up.
bool is_over(FileSystem& files, const std::string& folder, const ManifestStart& manifest);

/// Runs what is missing, on `folder.facts.jobs` threads; when all trials are done it writes the
/// tables and the finished manifest, has them reported, and removes the trials' own files. The
/// first error of a trial stops the others and is thrown once they have stopped, with the trial's
/// number and settings in front. Holds <folder>/.lock: Error (locked) where another process, or
/// thread, runs the same folder's trials, and (usage) where it has finished them by now.
RunOutcome run_trials(const Experiment& experiment, const RunFolder& folder,
                      const RunSurroundings& surroundings);

}  // namespace lsm::experiment
