// Runs with a runner that is made up: folders, resuming, errors, the same bytes however it was run.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "framework/base/error.hpp"
#include "framework/experiment/event_lines.hpp"
#include "framework/experiment/run.hpp"
#include "framework/experiment/trial_cache.hpp"
#include "framework/os/sync.hpp"
#include "tests/experiment/small_context.hpp"
#include "tests/os/temp_folder.hpp"
#include "workloads/wrong_answer.hpp"

namespace lsm::experiment {
namespace {

class FixedClock : public Clock {
  public:
    uint64_t nanoseconds() override { return now_ += 1000; }
    void sleep(uint64_t nanoseconds) override { system_clock().sleep(nanoseconds / 50); }
    std::string utc_time() override { return "2026-11-21T08:30:00Z"; }

  private:
    std::atomic<uint64_t> now_{0};
};

TrialResult made_up_result(const Trial& trial) {
    TrialResult result;
    for (uint64_t i = 1; i <= 3; ++i) {
        Sample sample{i * 10,
                      i * 1000,
                      {{"write_amplification", 1.0 / static_cast<double>(trial.number + i)},
                       {"levels", i == 1 ? std::nan("") : 2}}};
        if (i > 1) {
            sample.metrics.emplace_back("level_1_write_amplification", 0.1);
        }
        result.samples.push_back(sample);
    }
    result.levels.push_back({10, 1, 1, 2, 3, 4, 5, 6, 7});
    result.events.push_back(R"({"event":"flush","operations":10})");
    result.metrics = {{"write_amplification", 1.0 / static_cast<double>(trial.number)},
                      {"levels", std::nan("")}};
    result.checked_reads = 5;
    return result;
}

class Runs : public testing::Test {
  protected:
    Runs() {
        experiment_ =
            small_.read(small_experiment("sweep:\n  tree.compaction.policy: [leveling, fifo]\n"
                                         "  tree.compaction.size_ratio: [2, 4, 8]\n"
                                         "expect:\n  - write_amplification(leveling, size_ratio=2) "
                                         "> write_amplification(leveling, size_ratio=4)\n"));
        surroundings_.files = &small_.files();
        surroundings_.clock = &clock_;
        surroundings_.program_fingerprint = [this](FileSystem&) { return program_; };
        surroundings_.source_state = [this](FileSystem&) { return source_; };
        surroundings_.run_trial = [this](const Trial& trial, const TrialHooks& hooks) {
            {
                const std::lock_guard lock(mutex_);
                ran_.insert(trial.number);
            }
            if (hooks.should_stop()) {
                throw TrialStopped();
            }
            if (trial.number == failing_) {
                throw Error(ErrorKind::io, "no space left");
            }
            hooks.progress(1, 2);
            return made_up_result(trial);
        };
    }

    RunFolder start(uint64_t jobs = 1) {
        return start_run(experiment_, "/results", {"run", "small.yaml"}, jobs, surroundings_);
    }

    std::string text(const std::string& path) { return read_text_file(small_.files(), path); }

    std::map<std::string, std::string> tables(const std::string& folder) {
        std::map<std::string, std::string> texts;
        for (const char* name : {"trials.csv", "series.csv", "levels.csv", "events.jsonl"}) {
            texts[name] = text(folder + "/" + name);
        }
        return texts;
    }

    SmallContext small_;
    FixedClock clock_;
    RunSurroundings surroundings_;
    Experiment experiment_;
    std::string program_ = "build 1";
    SourceState source_{"0123456789abcdef", false};
    Mutex mutex_;
    std::set<uint64_t> ran_;
    uint64_t failing_ = 0;
};

TEST_F(Runs, ThatStartInOneSecondHaveAFolderEach) {
    TempFolder temp;
    surroundings_.files = &posix_file_system();
    std::vector<Experiment> experiments(4, experiment_);
    for (int round = 0; round < 10; ++round) {
        std::vector<RunFolder> folders(experiments.size());
        std::vector<std::thread> threads;
        for (size_t i = 0; i < experiments.size(); ++i) {
            experiments[i].resolved = "seed: " + std::to_string(i) + "\n";
            threads.emplace_back([&, i] {
                folders[i] = start_run(experiments[i], temp.path(), {"run"}, 1, surroundings_);
            });
        }
        for (std::thread& thread : threads) thread.join();
        std::set<std::string> paths;
        for (size_t i = 0; i < folders.size(); ++i) {
            paths.insert(folders[i].path);
            EXPECT_EQ(folders[i].latest_problem, "");
            EXPECT_EQ(read_text_file(posix_file_system(), folders[i].path + "/experiment.yaml"),
                      experiments[i].resolved);
        }
        EXPECT_EQ(paths.size(), folders.size());
    }
}

TEST_F(Runs, GoOnWhereLatestIsNoLink) {
    TempFolder temp;
    surroundings_.files = &posix_file_system();
    posix_file_system().create_folder(temp / "small/latest/mine");
    const RunFolder folder = start_run(experiment_, temp.path(), {"run"}, 1, surroundings_);
    EXPECT_NE(folder.latest_problem.find("small/latest"), std::string::npos);
    EXPECT_TRUE(posix_file_system().exists(temp / "small/latest/mine"));
    EXPECT_TRUE(posix_file_system().exists(folder.path + "/manifest.json"));
}

TEST_F(Runs, WriteTheirFolder) {
    const RunFolder folder = start();
    EXPECT_EQ(folder.path, "/results/small/2026-11-21T08-30-00Z");
    const RunOutcome outcome = run_trials(experiment_, folder, surroundings_);
    EXPECT_FALSE(outcome.interrupted);
    EXPECT_EQ(outcome.trials_done, 4u);
    EXPECT_EQ(outcome.checked_reads, 20u);
    ASSERT_EQ(outcome.claims.size(), 1u);
    EXPECT_EQ(outcome.claims[0].verdict, Verdict::holds);
    EXPECT_EQ(small_.files().list(folder.path),
              (std::vector<std::string>{"events.jsonl", "experiment.yaml", "levels.csv",
                                        "manifest.json", "series.csv", "trials.csv"}));
    EXPECT_EQ(text(folder.path + "/events.jsonl").substr(0, 51),
              "{\"trial\":1,\"event\":\"flush\",\"operations\":10}\n{\"trial");
    EXPECT_EQ(text(folder.path + "/series.csv").substr(0, 181),
              "trial,operations,user_bytes,metric,value\n"
              "1,10,1000,write_amplification,0.5\n"
              "1,20,2000,write_amplification,0.3333333333333333\n"
              "1,20,2000,levels,2\n"
              "1,20,2000,level_1_write_amplification,");
    EXPECT_EQ(text(folder.path + "/levels.csv").substr(0, 116),
              "trial,operations,level,run,tables,entries,tombstones,logical_bytes,stored_bytes,"
              "filter_bits\n"
              "1,10,1,1,2,3,4,5,6,7\n2,1");
    EXPECT_NE(text(folder.path + "/manifest.json").find("\"finished\": \"2026-11-21T08:30:00Z\""),
              std::string::npos);
}

TEST_F(Runs, StartedInTheSameSecondHaveFoldersOfTheirOwn) {
    EXPECT_EQ(start().path, "/results/small/2026-11-21T08-30-00Z");
    EXPECT_EQ(start().path, "/results/small/2026-11-21T08-30-00Z-2");
}

TEST_F(Runs, AreTheSameBytesSideBySide) {
    const RunFolder alone = start(1), together = start(4);
    run_trials(experiment_, alone, surroundings_);
    run_trials(experiment_, together, surroundings_);
    EXPECT_EQ(tables(alone.path), tables(together.path));
}

TEST_F(Runs, ThatWereStoppedGoOnWhereTheyWere) {
    const RunFolder whole = start();
    run_trials(experiment_, whole, surroundings_);
    const RunFolder folder = start();
    ran_.clear();
    surroundings_.should_stop = [this] {
        const std::lock_guard lock(mutex_);
        return ran_.size() > 2;
    };
    const RunOutcome stopped = run_trials(experiment_, folder, surroundings_);
    EXPECT_TRUE(stopped.interrupted);
    EXPECT_EQ(stopped.trials_done, 2u);
    EXPECT_FALSE(small_.files().exists(folder.path + "/trials.csv"));

    surroundings_.should_stop = nullptr;
    ran_.clear();
    ResumedRun resumed = resume_run(folder.path, small_.context(), 2, surroundings_);
    const RunOutcome outcome = run_trials(resumed.experiment, resumed.folder, surroundings_);
    EXPECT_FALSE(outcome.interrupted);
    EXPECT_EQ(ran_, (std::set<uint64_t>{3, 4})) << "finished trials are not run again";
    EXPECT_EQ(outcome.claims.size(), 1u);
    EXPECT_EQ(tables(folder.path), tables(whole.path));
    EXPECT_FALSE(small_.files().exists(folder.path + "/trials"));
    EXPECT_THROW(resume_run(folder.path, small_.context(), 1, surroundings_), Error) << "finished";
}

TEST_F(Runs, KeepWhatWasDoneWhenATrialFails) {
    const RunFolder folder = start();
    failing_ = 3;
    try {
        run_trials(experiment_, folder, surroundings_);
        FAIL() << "the error was lost";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::io);
        EXPECT_STREQ(error.what(), "trial 3 (leveling, size_ratio=8): no space left");
    }
    EXPECT_EQ(ran_, (std::set<uint64_t>{1, 2, 3})) << "no further trial was begun";
    failing_ = 0;
    ran_.clear();
    const ResumedRun resumed = resume_run(folder.path, small_.context(), 1, surroundings_);
    EXPECT_FALSE(run_trials(resumed.experiment, resumed.folder, surroundings_).interrupted);
    EXPECT_EQ(ran_, (std::set<uint64_t>{3, 4}));
}

TEST_F(Runs, CanBeResumedUntilTheirReportIsThere) {
    const RunFolder folder = start();
    surroundings_.report = [](const RunOutcome&) { throw Error(ErrorKind::io, "no space left"); };
    EXPECT_THROW(run_trials(experiment_, folder, surroundings_), Error);
    EXPECT_TRUE(small_.files().exists(folder.path + "/trials.csv"));
    const auto whole = tables(folder.path);

    bool interrupted = false;
    surroundings_.should_stop = [&] { return interrupted; };
    surroundings_.report = [&](const RunOutcome&) { interrupted = true; };
    ran_.clear();
    ResumedRun resumed = resume_run(folder.path, small_.context(), 1, surroundings_);
    EXPECT_TRUE(run_trials(resumed.experiment, resumed.folder, surroundings_).interrupted);

    interrupted = false;
    std::vector<ClaimResult> claims;
    surroundings_.report = [&](const RunOutcome& outcome) { claims = outcome.claims; };
    resumed = resume_run(folder.path, small_.context(), 1, surroundings_);
    EXPECT_FALSE(run_trials(resumed.experiment, resumed.folder, surroundings_).interrupted);
    EXPECT_EQ(claims.size(), 1u);
    EXPECT_TRUE(ran_.empty()) << "nothing is measured again";
    EXPECT_EQ(tables(folder.path), whole);
    EXPECT_THROW(resume_run(folder.path, small_.context(), 1, surroundings_), Error) << "over";
}

TEST_F(Runs, RunTrialsAgainWhoseResultsAreDamaged) {
    const RunFolder folder = start();
    failing_ = 4;
    EXPECT_THROW(run_trials(experiment_, folder, surroundings_), Error);
    failing_ = 0;
    const std::string damaged = folder.path + "/trials/2.json";
    write_text_file(small_.files(), damaged, text(damaged).substr(0, 100));
    ran_.clear();
    const ResumedRun resumed = resume_run(folder.path, small_.context(), 1, surroundings_);
    EXPECT_FALSE(run_trials(resumed.experiment, resumed.folder, surroundings_).interrupted);
    EXPECT_EQ(ran_, (std::set<uint64_t>{2, 4}));
}

TEST_F(Runs, AreNotCarriedOutTwiceAtOnce) {
    const RunFolder folder = start();
    {
        const auto other = small_.files().lock(folder.path + "/.lock");
        try {
            run_trials(experiment_, folder, surroundings_);
            FAIL() << "two runs in one folder";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::locked);
            EXPECT_EQ(exit_status(error.kind()), 4);
        }
        EXPECT_TRUE(ran_.empty());
    }
    const auto run_trial = surroundings_.run_trial;
    uint64_t refused = 0;
    surroundings_.run_trial = [&](const Trial& trial, const TrialHooks& hooks) {
        RunSurroundings others = surroundings_;
        others.run_trial = run_trial;
        try {
            run_trials(experiment_, folder, others);
        } catch (const Error& error) {
            refused += error.kind() == ErrorKind::locked ? 1 : 0;
        }
        return run_trial(trial, hooks);
    };
    EXPECT_EQ(run_trials(experiment_, folder, surroundings_).trials_done, 4u);
    EXPECT_EQ(refused, 4u);
    EXPECT_FALSE(small_.files().exists(folder.path + "/.lock"));
    EXPECT_THROW(run_trials(experiment_, folder, surroundings_), Error) << "finished by now";
}

TEST_F(Runs, TellWrongAnswersFromDamage) {
    surroundings_.run_trial = [](const Trial&, const TrialHooks&) -> TrialResult {
        throw workloads::WrongAnswer("the store answered wrong");
    };
    EXPECT_THROW(run_trials(experiment_, start(), surroundings_), workloads::WrongAnswer);
}

TEST_F(Runs, AreNotResumedByAnotherProgramOrWithAnotherFile) {
    const RunFolder folder = start();
    program_ = "build 2";
    EXPECT_THROW(resume_run(folder.path, small_.context(), 1, surroundings_), Error);
    program_ = "build 1";
    EXPECT_NO_THROW(resume_run(folder.path, small_.context(), 1, surroundings_));
    std::string changed = text(folder.path + "/experiment.yaml");
    changed.replace(changed.find("seed: 42"), 8, "seed: 43");
    write_text_file(small_.files(), folder.path + "/experiment.yaml", changed);
    EXPECT_THROW(resume_run(folder.path, small_.context(), 1, surroundings_), Error);
    EXPECT_THROW(resume_run("/results/nothing", small_.context(), 1, surroundings_), Error);
}

TEST_F(Runs, WriteASummaryOfTheirRepeats) {
    experiment_ = small_.read(small_experiment("repeat: 3\n"));
    const RunFolder folder = start();
    run_trials(experiment_, folder, surroundings_);
    // 1, 1/2 and 1/3: mean 11/18, s = 0.346944, t(2) = 4.303.
    const std::string summary = text(folder.path + "/summary.csv");
    EXPECT_EQ(summary.substr(0, 77),
              "trial,metric,n,mean,low,high\n1,write_amplification,3,0.6111111111111112,-0.25");
    EXPECT_EQ(std::count(summary.begin(), summary.end(), '\n'), 2)
        << "a metric without a value has no row";
}

class CachedRuns : public Runs {
  protected:
    CachedRuns() { surroundings_.use_cache = true; }

    RunOutcome run(RunFolder& folder) {
        ran_.clear();
        folder = start();
        return run_trials(experiment_, folder, surroundings_);
    }

    std::vector<std::string> entries() {
        std::vector<std::string> names;
        for (const std::string& name : small_.files().list("/results/.cache")) {
            if (name.ends_with(".trial")) {
                names.push_back("/results/.cache/" + name);
            }
        }
        return names;
    }
};

TEST_F(CachedRuns, AreNotRunAgainWhenNothingChanged) {
    RunFolder first, second;
    EXPECT_EQ(run(first).trials_reused, 0u);
    const RunOutcome again = run(second);
    EXPECT_EQ(again.trials_reused, 4u);
    EXPECT_EQ(again.trials_done, 4u);
    EXPECT_EQ(again.checked_reads, 20u);
    EXPECT_TRUE(ran_.empty());
    EXPECT_EQ(tables(first.path), tables(second.path));
    EXPECT_NE(text(first.path + "/manifest.json").find("\"reused_trials\": []"), std::string::npos);
    EXPECT_NE(text(second.path + "/manifest.json").find("\"reused_trials\": [\n    1,"),
              std::string::npos);
}

TEST_F(CachedRuns, RunWhatIsNotTheSame) {
    RunFolder folder;
    run(folder);
    program_ = "build 2";
    EXPECT_EQ(run(folder).trials_reused, 0u) << "another program";
    EXPECT_EQ(run(folder).trials_reused, 4u);
    const std::string sweep = "sweep:\n  tree.compaction.policy: [leveling, tiering, fifo]\n";
    experiment_ = small_.read(small_experiment(sweep + "seed: 43\n"));
    EXPECT_EQ(run(folder).trials_reused, 0u) << "another seed";
    experiment_ = small_.read(small_experiment(sweep + "tree: {memtable: {size: 2 MiB}}\n"));
    EXPECT_EQ(run(folder).trials_reused, 0u) << "another setting";
    experiment_ = small_.read(small_experiment(sweep + "measure: {every: 9}\n"));
    EXPECT_EQ(run(folder).trials_reused, 0u) << "other samples";
    experiment_ = small_.read(small_experiment(sweep));
    EXPECT_EQ(run(folder).trials_reused, 1u) << "fifo is what it was";
    EXPECT_EQ(ran_, (std::set<uint64_t>{1, 2}));
}

TEST_F(CachedRuns, GoByWhatIsSetAndNotByTheNamesOfEntries) {
    const std::string sweep = "sweep:\n  design:\n    - {";
    RunFolder plain, named;
    experiment_ = small_.read(small_experiment(sweep + "tree.memtable.size: 1 MiB}\n"));
    const std::string start = start_line(experiment_.trials[0]);
    run(plain);
    experiment_ =
        small_.read(small_experiment(sweep + "name: small, tree.memtable.size: 1 MiB}\n"));
    EXPECT_EQ(run(named).trials_reused, 1u);
    EXPECT_EQ(start_line(experiment_.trials[0]), start);
    EXPECT_NE(text(named.path + "/trials.csv").find("trial,repeat,seed,sweep.design,"),
              std::string::npos);
}

TEST_F(CachedRuns, InRealtimeModeAreAlwaysRun) {
    experiment_ = small_.read(small_experiment("mode: realtime\n"));
    RunFolder folder;
    run(folder);
    EXPECT_EQ(run(folder).trials_reused, 0u);
    EXPECT_FALSE(small_.files().exists("/results/.cache"));
}

TEST_F(CachedRuns, IgnoreDamagedEntries) {
    RunFolder folder;
    run(folder);
    const auto whole = tables(folder.path);
    const auto names = entries();
    ASSERT_EQ(names.size(), 4u);
    FileSystem& files = small_.files();
    std::string flipped = text(names[0]);
    flipped[flipped.size() - 5] ^= 1;
    write_text_file(files, names[0], flipped);
    write_text_file(files, names[1], text(names[1]).substr(0, 300));
    write_text_file(files, names[2], "");
    write_text_file(files, names[3], text(names[0]));
    EXPECT_EQ(run(folder).trials_reused, 0u);
    EXPECT_EQ(tables(folder.path), whole);
    EXPECT_EQ(run(folder).trials_reused, 4u) << "they were written anew";
}

TEST_F(CachedRuns, KeepWhatAStoppedRunHadDone) {
    RunFolder folder;
    failing_ = 3;
    EXPECT_THROW(run(folder), Error);
    failing_ = 0;
    RunFolder other;
    EXPECT_EQ(run(other).trials_reused, 2u);
    ran_.clear();
    const ResumedRun resumed = resume_run(folder.path, small_.context(), 1, surroundings_);
    run_trials(resumed.experiment, resumed.folder, surroundings_);
    EXPECT_EQ(tables(folder.path), tables(other.path));
}

TEST_F(CachedRuns, GoOnWhereTheCacheCannotBeWritten) {
    small_.files().create_folder("/results");
    write_text_file(small_.files(), "/results/.cache", "a file");
    RunFolder folder;
    EXPECT_EQ(run(folder).trials_done, 4u);
}

TEST_F(CachedRuns, AreTrimmedToTheLastUsed) {
    RunFolder folder;
    run(folder);
    write_text_file(small_.files(), "/results/.cache/killed.trial.new", "half");
    const uint64_t size = small_.files().file_size(entries().front());
    TrialCache cache(small_.files(), "/results/.cache", program_);
    ASSERT_TRUE(cache.find(experiment_.trials[0]));
    cache.trim(2 * size + size / 2);
    EXPECT_EQ(entries().size(), 2u);
    EXPECT_FALSE(small_.files().exists("/results/.cache/killed.trial.new"));
    EXPECT_TRUE(cache.find(experiment_.trials[0])) << "used last";
    EXPECT_TRUE(cache.find(experiment_.trials[3])) << "used before, in the order of the run";
    cache.trim(0);
    EXPECT_TRUE(entries().empty());
}

TEST_F(Runs, KeepTheCommitThatTheyBeganWith) {
    const RunFolder folder = start();
    source_ = {"fedcba9876543210", true};
    failing_ = 1;
    EXPECT_THROW(run_trials(experiment_, folder, surroundings_), Error);
    failing_ = 0;
    const ResumedRun resumed = resume_run(folder.path, small_.context(), 1, surroundings_);
    EXPECT_EQ(resumed.warning,
              "the run was begun with the source at commit 0123456789ab, which is at commit "
              "fedcba987654 with changes now; manifest.json has both");
    run_trials(resumed.experiment, resumed.folder, surroundings_);
    const std::string manifest = text(folder.path + "/manifest.json");
    EXPECT_NE(manifest.find("\"commit\": \"0123456789abcdef\",\n  \"dirty\": false"),
              std::string::npos)
        << manifest;
    EXPECT_NE(manifest.find("\"commit\": \"fedcba9876543210\",\n      \"dirty\": true"),
              std::string::npos)
        << manifest;
}

TEST_F(Runs, DoNotBeginWhereTheResultsCannotBe) {
    write_text_file(small_.files(), "/results", "a file");
    EXPECT_THROW(start(), Error);
    EXPECT_TRUE(ran_.empty());
}

}  // namespace
}  // namespace lsm::experiment
