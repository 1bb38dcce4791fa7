#include "framework/experiment/trial_runner.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <string>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/printable.hpp"
#include "framework/experiment/device.hpp"
#include "framework/os/memory_file_system.hpp"
#include "tests/support/map_engine.hpp"

namespace lsm::experiment {
namespace {

using lsm::testing::Lie;
using lsm::testing::MapEngine;

Trial small_trial() {
    Trial trial;
    workloads::Phase load;
    load.records = 2500;
    load.value = {84};
    workloads::Phase run;
    run.kind = workloads::PhaseKind::run;
    run.name = "mine";
    run.operations = 3000;
    run.read = run.update = 1;
    trial.phases = {load, run};
    trial.measure_every = 1000;
    trial.columns = {{"engine", "fake"}, {"tree.size", "7"}};
    return trial;
}

TrialHooks hooks_with(Lie lie = Lie::none, bool drops = false) {
    TrialHooks hooks;
    hooks.open = [=](const std::string&, const EngineSettings&) {
        return std::make_unique<MapEngine>(lie, drops);
    };
    return hooks;
}

std::string whole(const TrialResult& result) {
    std::string text;
    for (const Sample& sample : result.samples) {
        text += format_number(sample.operations) + " " + format_number(sample.user_bytes);
        for (const auto& [name, value] : sample.metrics)
            text += " " + name + "=" + format_number(value);
        text += "\n";
    }
    for (const LevelRow& row : result.levels) {
        text += format_number(row.operations) + "," + format_number(row.run) + "," +
                format_number(row.entries) + "\n";
    }
    for (const std::string& line : result.events) text += line + "\n";
    for (const auto& [name, value] : result.metrics)
        text += name + "=" + format_number(value) + "\n";
    return text;
}

double metric(const TrialResult& result, const std::string& name) {
    for (const auto& [found, value] : result.metrics) {
        if (found == name) return value;
    }
    ADD_FAILURE() << "no metric " << name;
    return 0;
}

TEST(TrialRunner, SamplesAtTheMarksAndAtTheEndOfPhases) {
    const TrialResult result = run_trial(small_trial(), hooks_with());
    std::vector<uint64_t> at;
    for (const Sample& sample : result.samples) at.push_back(sample.operations);
    // The load ends at 2500, the run at 5500; that sample is taken anew once the tree has settled.
    EXPECT_EQ(at, (std::vector<uint64_t>{1000, 2000, 2500, 3000, 4000, 5000, 5500}));
    for (const Sample& sample : result.samples) {
        ASSERT_EQ(sample.metrics.size() >= result.samples[0].metrics.size(), true);
        for (size_t i = 0; i < result.samples[0].metrics.size(); ++i) {
            EXPECT_EQ(sample.metrics[i].first, result.samples[0].metrics[i].first);
        }
    }
}

TEST(TrialRunner, MetricsAreThoseOfTheEngineAndTheWorkload) {
    const TrialResult result = run_trial(small_trial(), hooks_with());
    EXPECT_EQ(metric(result, "operations"), 5500);
    EXPECT_EQ(metric(result, "puts") + metric(result, "gets"), 5500);
    EXPECT_EQ(metric(result, "live_bytes"), 2500 * 100);
    EXPECT_EQ(metric(result, "live_entries"), 2500);
    // The fake flushes 1000 writes of 100 B as 100010 B.
    const double flushes = std::floor(metric(result, "puts") / 1000);
    EXPECT_EQ(metric(result, "flush_bytes"), flushes * 100010);
    EXPECT_EQ(metric(result, "write_amplification"),
              flushes * 100010 / (metric(result, "puts") * 100));
    EXPECT_EQ(metric(result, "runs"), flushes);
    EXPECT_EQ(metric(result, "peak_runs"), flushes);
    EXPECT_EQ(result.checked_reads, metric(result, "gets"));
    // The window of the last sample is that of the sample before, not empty.
    EXPECT_FALSE(std::isnan(metric(result, "read_amplification_window")));
    for (const auto& [name, value] : result.metrics) {
        EXPECT_FALSE(name.starts_with("level_")) << name;
        EXPECT_EQ(name.find("latency"), std::string::npos) << name;
    }
    ASSERT_FALSE(result.levels.empty());
    EXPECT_EQ(result.levels.back().run, flushes);
    EXPECT_EQ(result.levels.back().entries, 1000U);
}

TEST(TrialRunner, EventsAreLinesOfJson) {
    const TrialResult result = run_trial(small_trial(), hooks_with());
    std::vector<std::string> kinds;
    for (const std::string& line : result.events)
        kinds.push_back(nlohmann::json::parse(line).at("event"));
    ASSERT_LT(metric(result, "puts"), 4000);  // 2500 of the load, and half of 3000 more or less
    EXPECT_EQ(kinds,
              (std::vector<std::string>{"start", "phase", "flush", "flush", "phase", "flush"}));
    EXPECT_EQ(result.events[0],
              R"({"event":"start","operations":0,"settings":{"engine":"fake","tree.size":"7"}})");
    EXPECT_EQ(
        result.events[2],
        R"({"event":"flush","operations":1000,"writes":1000,"reason":"memtable full","score":0,"bytes_read":0,)"
        R"("bytes_written":100010,"entries_dropped":0,"inputs":[],"outputs":[{"id":1,"level":1,"run":1,)"
        R"("smallest":"\\x01k\\\\","largest":"z\"","bytes":100000,"stored_bytes":100010,"entries":1000,)"
        R"("tombstones":0}]})");
    const auto phase = nlohmann::json::parse(result.events[4]);
    EXPECT_EQ(phase["operations"], 2500);
    EXPECT_EQ(phase["phase"], 2);
    EXPECT_EQ(phase["name"], "mine");
    EXPECT_EQ(phase["options"]["value"], "84 B");
}

TEST(TrialRunner, SameTrialSameResult) {
    const Trial trial = small_trial();
    const std::string once = whole(run_trial(trial, hooks_with()));
    EXPECT_EQ(once, whole(run_trial(trial, hooks_with())));
    Trial other = trial;
    other.seed = 43;
    EXPECT_NE(once, whole(run_trial(other, hooks_with())));
}

TEST(TrialRunner, AWrongAnswerFailsTheTrial) {
    EXPECT_THROW(run_trial(small_trial(), hooks_with(Lie::wrong_byte)), Error);
}

TEST(TrialRunner, ReportsProgressAndStops) {
    Trial trial = small_trial();
    trial.phases[1].operations = 100000;
    TrialHooks hooks = hooks_with();
    uint64_t last = 0;
    hooks.progress = [&](uint64_t done, uint64_t total) {
        EXPECT_GE(done, last);
        EXPECT_EQ(total, 102500U);
        last = done;
    };
    run_trial(trial, hooks);
    EXPECT_EQ(last, 102500U);
    hooks.progress = [&](uint64_t done, uint64_t) { last = done; };
    hooks.should_stop = [&] { return last >= 50000; };
    EXPECT_THROW(run_trial(trial, hooks), TrialStopped);
    EXPECT_LT(last, 60000U);
}

TEST(TrialRunner, BoundsTheNumberOfSamples) {
    Trial trial = small_trial();
    trial.phases[1].operations = 20000;
    trial.measure_every = 1;
    const TrialResult result = run_trial(trial, hooks_with());
    EXPECT_LE(result.samples.size(), kMaxSamples + 3);
    EXPECT_GT(result.samples.size(), kMaxSamples / 2);
}

TEST(TrialRunner, SeveralClientsShareTheWork) {
    Trial trial = small_trial();
    trial.mode = Mode::realtime;
    trial.client_threads = 3;
    trial.phases[1].operations = 30000;
    trial.phases[1].scan = 0.1;
    trial.phases[1].insert = trial.phases[1].remove = 0.5;
    const TrialResult result = run_trial(trial, hooks_with());
    EXPECT_EQ(metric(result, "operations"), 32500);
    EXPECT_GT(result.checked_reads, 10000U);
    EXPECT_GT(metric(result, "throughput"), 0);
    EXPECT_GT(metric(result, "latency_get_p50"), 0);
    EXPECT_GE(metric(result, "latency_get_p99_99"), metric(result, "latency_get_p50"));
    uint64_t before = 0;
    for (const Sample& sample : result.samples) {
        EXPECT_GE(sample.operations, before);
        before = sample.operations;
    }
}

TEST(TrialRunner, OneClientsFailureStopsTheOthers) {
    Trial trial = small_trial();
    trial.mode = Mode::realtime;
    trial.client_threads = 3;
    trial.phases[1].operations = 100000000;
    EXPECT_THROW(run_trial(trial, hooks_with(Lie::wrong_byte)), Error);
}

TEST(TrialRunner, RemovesItsFolderAndNobodyElses) {
    const auto files = make_memory_file_system();
    Trial trial = small_trial();
    trial.settings.storage = "store";
    trial.number = 4;
    TrialHooks hooks;
    hooks.files = files.get();
    std::string opened;
    hooks.open = [&](const std::string&, const EngineSettings& settings) {
        opened = settings.storage;
        files->create_folder(settings.storage + "/sub");
        write_text_file(*files, settings.storage + "/sub/file", "x");
        return std::make_unique<MapEngine>();
    };
    files->create_folder("store");
    write_text_file(*files, "store/other", "x");
    run_trial(trial, hooks);
    EXPECT_EQ(opened, "store/trial-4");
    EXPECT_FALSE(files->exists("store/trial-4"));
    EXPECT_TRUE(files->exists("store/other"));
    hooks.keep_storage = true;
    run_trial(trial, hooks);
    EXPECT_TRUE(files->exists("store/trial-4/sub/file"));
    // What is there already is not ours to write into, nor to remove.
    hooks.keep_storage = false;
    EXPECT_THROW(run_trial(trial, hooks), Error);
    EXPECT_TRUE(files->exists("store/trial-4/sub/file"));
}

/// 2500 puts of 100 B, two tables of 1000: nothing is known to be dropped, but the fake says that
/// it holds 200,000 B in tables and none in a memtable.
TEST(TrialRunner, LiveBytesOfADroppingStoreAreNoMoreThanItHolds) {
    Trial trial = small_trial();
    trial.phases.pop_back();
    const TrialResult result = run_trial(trial, hooks_with(Lie::none, true));
    EXPECT_EQ(metric(result, "live_bytes"), 200000);
}

/// hdd: 8 ms a request, 200 MB a second. 10 reads of 2 MB in all and 5 writes of 4 MB in all:
/// 0.08 + 0.01 + 0.04 + 0.02 = 0.15 s.
TEST(Device, ModelsSecondsByHand) {
    EngineCounters counters;
    counters.device_reads = 10;
    counters.device_read_bytes = 2'000'000;
    counters.device_writes = 5;
    counters.device_written_bytes = 4'000'000;
    EXPECT_DOUBLE_EQ(find_device("hdd")->seconds(counters), 0.15);
    EXPECT_FALSE(find_device("tape"));
    Trial trial = small_trial();
    trial.device = find_device("nvme");
    EXPECT_FALSE(std::isnan(metric(run_trial(trial, hooks_with()), "modelled_seconds")));
}

TEST(Printable, ReadsBack) {
    EXPECT_EQ(printable("abc ~"), "abc ~");
    EXPECT_EQ(printable(std::string("a\\\0\xff\n", 5)), "a\\\\\\x00\\xff\\x0a");
}

}  // namespace
}  // namespace lsm::experiment
