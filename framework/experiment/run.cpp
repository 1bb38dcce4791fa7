#include "framework/experiment/run.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/experiment/claim_check.hpp"
#include "framework/experiment/folder_removal.hpp"
#include "framework/experiment/result_files.hpp"
#include "framework/experiment/trial_cache.hpp"
#include "framework/experiment/trial_json.hpp"
#include "framework/os/executor.hpp"
#include "workloads/wrong_answer.hpp"

namespace lsm::experiment {
namespace {

constexpr uint64_t kWatchNanoseconds = 50'000'000;

std::string trial_file(const std::string& folder, const Trial& trial) {
    return folder + "/trials/" + format_number(trial.number) + ".json";
}

/// The same error with the trial in front, so that one knows where to look.
[[noreturn]] void rethrow_with_trial(const std::exception_ptr& error, const std::string& trial) {
    try {
        std::rethrow_exception(error);
    } catch (const workloads::WrongAnswer& wrong) {
        throw workloads::WrongAnswer(trial + ": " + wrong.what());
    } catch (const Error& failed) {
        throw Error(failed.kind(), trial + ": " + failed.what());
    }
}

/// Keeps other processes out of a run's folder; its file goes with it.
class RunLock {
  public:
    RunLock(FileSystem& files, const std::string& folder)
        : files_(files), path_(folder + "/.lock"), lock_(files.lock(path_)) {}
    ~RunLock() {
        try {
            if (files_.exists(path_)) {
                files_.remove(path_);  // while it is held: afterwards it might be another's
            }
        } catch (...) {
            // A lock file that nobody holds does no harm.
        }
    }
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

  private:
    FileSystem& files_;
    std::string path_;
    std::unique_ptr<FileLock> lock_;
};

class TrialsRun {
  public:
    TrialsRun(const Experiment& experiment, const RunFolder& folder,
              const RunSurroundings& surroundings)
        : experiment_(experiment),
          folder_(folder),
          surroundings_(surroundings),
          files_(*surroundings.files),
          clock_(*surroundings.clock),
          cache_(files_, folder.cache, folder.facts.program_fingerprint),
          progress_(experiment.trials.size()),
          errors_(experiment.trials.size()) {}

    RunOutcome run() {
        const uint64_t start = clock_.nanoseconds();
        const RunLock lock(files_, folder_.path);
        refuse_finished();
        files_.create_folder(folder_.path + "/trials");
        find_kept();
        run_missing();
        RunOutcome outcome;
        outcome.wall_seconds =
            folder_.facts.wall_seconds + static_cast<double>(clock_.nanoseconds() - start) / 1e9;
        if (surroundings_.use_cache) {
            cache_.trim();
        }
        throw_first_error();
        for (const TrialProgress& one : progress_) {
            outcome.trials_done += is_done(one) ? 1 : 0;
        }
        outcome.trials_reused = reused().size();
        outcome.interrupted = outcome.trials_done < progress_.size();
        if (outcome.interrupted) {
            write_manifest(outcome.wall_seconds, false);
            return outcome;
        }
        finish(outcome);
        if (surroundings_.report) {
            surroundings_.report(outcome);
            // What it drew may be torn.
            outcome.interrupted = should_stop();
        }
        if (!outcome.interrupted) remove_trials();
        return outcome;
    }

  private:
    using State = TrialProgress::State;

    static bool is_done(const TrialProgress& one) {
        return one.state == State::finished || one.state == State::kept ||
               one.state == State::reused;
    }

    /// Numbers of the trials whose results are an earlier run's, in whichever part of this run.
    std::vector<uint64_t> reused() const {
        std::vector<uint64_t> numbers;
        for (size_t i = 0; i < progress_.size(); ++i) {
            const uint64_t number = experiment_.trials[i].number;
            const auto& before = folder_.facts.reused;
            const bool then = std::find(before.begin(), before.end(), number) != before.end();
            if (progress_[i].state == State::reused ||
                (then && progress_[i].state == State::kept)) {
                numbers.push_back(number);
            }
        }
        return numbers;
    }

    /// Another process may have finished the run since this one read its manifest.
    void refuse_finished() {
        const std::string file = folder_.path + "/manifest.json";
        if (is_over(files_, folder_.path, read_manifest(read_text_file(files_, file), file))) {
            throw Error(ErrorKind::usage, "this run is finished; there is nothing to resume",
                        {folder_.path, {}, {}, {}});
        }
    }

    void find_kept() {
        for (size_t i = 0; i < progress_.size(); ++i) {
            for (const auto& phase : experiment_.trials[i].phases) {
                progress_[i].total += phase.total();
            }
            if (has_result(i)) {
                progress_[i].state = State::kept;
            }
        }
    }

    /// A damaged one is no result; the trial is run again.
    bool has_result(size_t index) {
        if (!files_.exists(trial_file(folder_.path, experiment_.trials[index]))) {
            return false;
        }
        try {
            read_result(index);
            return true;
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::corruption) {
                throw;
            }
            return false;
        }
    }

    void run_missing() {
        const auto executor = make_pool_executor(static_cast<int>(folder_.facts.jobs));
        for (size_t i = 0; i < progress_.size(); ++i) {
            if (progress_[i].state == State::waiting) {
                // As flushes: a pool keeps one of its threads free of compactions.
                executor->submit(JobKind::flush, [this, i] { run_one(i); });
            }
        }
        watch();
        while (!all_settled()) {
            clock_.sleep(kWatchNanoseconds);
            watch();
        }
        executor->drain();
        watch();
    }

    void watch() {
        if (surroundings_.observer != nullptr) {
            surroundings_.observer->progress(experiment_, progress_, clock_.nanoseconds());
        }
    }

    bool all_settled() const {
        return std::none_of(progress_.begin(), progress_.end(), [](const TrialProgress& one) {
            return one.state == State::waiting || one.state == State::running;
        });
    }

    bool should_stop() const {
        return stopping_ || (surroundings_.should_stop && surroundings_.should_stop());
    }

    /// On a thread of the executor. Lets nothing out.
    void run_one(size_t index) {
        TrialProgress& progress = progress_[index];
        if (should_stop()) {
            progress.state = State::stopped;
            return;
        }
        progress.started = clock_.nanoseconds();
        progress.state = State::running;
        State end = State::finished;
        try {
            end = settle(index);
        } catch (const TrialStopped&) {
            end = State::stopped;
        } catch (...) {
            errors_[index] = std::current_exception();
            stopping_ = true;
            end = State::failed;
        }
        progress.ended = clock_.nanoseconds();
        progress.state = end;
    }

    /// Puts the trial's result into the run's folder: an earlier run's, or one that is made here.
    State settle(size_t index) {
        const Trial& trial = experiment_.trials[index];
        const std::string file = trial_file(folder_.path, trial);
        if (surroundings_.use_cache) {
            if (const auto known = cache_.find(trial)) {
                write_text_file(files_, file, *known);
                return State::reused;
            }
        }
        const std::string made =
            trial_json(surroundings_.run_trial(placed(index), hooks(progress_[index])));
        write_text_file(files_, file, made);
        if (surroundings_.use_cache) {
            cache_.keep(trial, made);
        }
        return State::finished;
    }

    TrialHooks hooks(TrialProgress& progress) {
        TrialHooks hooks;
        hooks.files = &files_;
        hooks.clock = &clock_;
        hooks.should_stop = [this] { return should_stop(); };
        hooks.progress = [&progress](uint64_t done, uint64_t total) {
            progress.done = done;
            progress.total = total;
        };
        return hooks;
    }

    /// The trial with its storage below this run, so that no two runs ever share a folder; what a
    /// killed run left there goes.
    Trial placed(size_t index) {
        Trial trial = experiment_.trials[index];
        std::string& storage = trial.settings.storage;
        if (storage == "memory") {
            return trial;
        }
        storage = storage_folder(storage);
        const std::string own = storage + "/trial-" + format_number(trial.number);
        remove_folder_tree(files_, own);
        files_.create_folder(storage);
        return trial;
    }

    std::string storage_folder(const std::string& storage) const {
        if (!storage.starts_with("/")) {
            return folder_.path + "/" + storage;
        }
        return storage + "/" + experiment_.name + "-" + folder_.name;
    }

    void throw_first_error() {
        for (size_t i = 0; i < errors_.size(); ++i) {
            if (errors_[i]) {
                const std::string label = trial_label(experiment_, experiment_.trials[i]);
                rethrow_with_trial(
                    errors_[i],
                    fmt::format("trial {}{}", i + 1, label.empty() ? "" : " (" + label + ")"));
            }
        }
    }

    TrialResult read_result(size_t index) {
        const std::string file = trial_file(folder_.path, experiment_.trials[index]);
        return read_trial_json(read_text_file(files_, file), file);
    }

    void finish(RunOutcome& outcome) {
        std::vector<std::map<std::string, double>> metrics;
        write_result_files(files_, folder_.path, experiment_, [&](size_t index) {
            TrialResult result = read_result(index);
            metrics.emplace_back(result.metrics.begin(), result.metrics.end());
            outcome.checked_reads += result.checked_reads;
            return result;
        });
        for (const Claim& claim : experiment_.claims) {
            outcome.claims.push_back(
                check_claim(claim, experiment_,
                            [&](size_t trial, const std::string& name) -> std::optional<double> {
                                const auto found = metrics[trial].find(name);
                                return found == metrics[trial].end() ? std::nullopt
                                                                     : std::optional(found->second);
                            }));
        }
        write_manifest(outcome.wall_seconds, true);
    }

    /// The last thing of a run: one that has them can be resumed.
    void remove_trials() {
        remove_folder_tree(files_, folder_.path + "/trials");
        for (const Trial& trial : experiment_.trials) {
            remove_empty_folder(files_, storage_folder(trial.settings.storage));
        }
    }

    void write_manifest(double wall_seconds, bool finished) {
        ManifestFacts facts = folder_.facts;
        facts.wall_seconds = wall_seconds;
        facts.reused = reused();
        facts.finished = finished ? clock_.utc_time() : "";
        write_text_file(files_, folder_.path + "/manifest.json", manifest_json(experiment_, facts));
    }

    const Experiment& experiment_;
    const RunFolder& folder_;
    const RunSurroundings& surroundings_;
    FileSystem& files_;
    Clock& clock_;
    TrialCache cache_;
    std::vector<TrialProgress> progress_;
    std::vector<std::exception_ptr> errors_;
    std::atomic<bool> stopping_{false};
};

}  // namespace

bool is_over(FileSystem& files, const std::string& folder, const ManifestStart& manifest) {
    return manifest.finished && !files.exists(folder + "/trials");
}

RunOutcome run_trials(const Experiment& experiment, const RunFolder& folder,
                      const RunSurroundings& surroundings) {
    return TrialsRun(experiment, folder, surroundings).run();
}

}  // namespace lsm::experiment
