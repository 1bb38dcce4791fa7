// How far the estimate is from the simulator, where both can run: loads, inserts and uniform
// updates. LSMLAB_AGREEMENT prints the figures.
#include "framework/base/error.hpp"
#include "tests/simulate/two_worlds.hpp"

namespace lsm {
namespace {

experiment::Trial trial_of(const std::string& compaction, double inserts, double updates) {
    experiment::Trial trial = testing::base_trial(compaction, {{"size_ratio", {{"4"}, false}}});
    trial.settings.memtable_size = 64 << 10;
    trial.settings.table_size = 128 << 10;
    workloads::Phase load;
    load.records = 100'000;
    load.value = {84};
    workloads::Phase run;
    run.kind = workloads::PhaseKind::run;
    run.operations = 200'000;
    run.insert = inserts;
    run.update = updates;
    trial.phases = {load, run};
    trial.measure_every = 2000;
    return trial;
}

struct Estimated {
    std::string policy;
    double inserts;
    double updates;
    double most;  // gap
};

TEST(Estimate, IsCloseToTheSimulator) {
    const std::vector<Estimated> estimated = {
        {"leveling", 0, 1, 0.05},       {"lazy_leveling", 0, 1, 0.05},
        {"tiering", 0, 1, 0.05},        {"one_leveling", 0, 1, 0.05},
        {"leveling", 1, 0, 0.05},       {"lazy_leveling", 1, 1, 0.05},
        {"partial_leveling", 0, 1, 0.1}};
    for (const Estimated& subject : estimated) {
        SCOPED_TRACE(subject.policy);
        const auto trial = trial_of(subject.policy, subject.inserts, subject.updates);
        const auto simulator = testing::run_on("simulator", trial);
        const auto estimate = testing::run_on("estimate", trial);
        for (const char* name : {"write_amplification", "mean_space_amplification",
                                 "peak_space_amplification", "logical_bytes"}) {
            const double exact = testing::metric_of(simulator, name);
            const double guess = testing::metric_of(estimate, name);
            EXPECT_LT(testing::gap(exact, guess), subject.most)
                << name << " " << exact << " " << guess;
            if (std::getenv("LSMLAB_AGREEMENT") != nullptr) {
                std::printf("%-18s %3.1f/%3.1f %-26s %10.4g %10.4g %8.3f %%\n",
                            subject.policy.c_str(), subject.inserts, subject.updates, name, exact,
                            guess, 100 * testing::gap(exact, guess));
            }
        }
        EXPECT_EQ(testing::metric_of(simulator, "levels"), testing::metric_of(estimate, "levels"));
        EXPECT_EQ(testing::metric_of(simulator, "flushes"),
                  testing::metric_of(estimate, "flushes"));
        EXPECT_EQ(testing::metric_of(simulator, "user_bytes"),
                  testing::metric_of(estimate, "user_bytes"));
        EXPECT_LT(testing::gap(testing::metric_of(simulator, "live_entries"),
                               testing::metric_of(estimate, "live_entries")),
                  0.01);
    }
}

TEST(Estimate, RefusesWhatItDoesNotKnow) {
    experiment::Trial trial = trial_of("leveling", 0, 1);
    trial.phases[1].read = 1;
    EXPECT_THROW(testing::run_on("estimate", trial), Error);
    trial = trial_of("leveling", 0, 1);
    trial.phases[1].distribution = "zipfian";
    EXPECT_THROW(testing::run_on("estimate", trial), Error);
    trial = trial_of("leveling", 0, 1);
    trial.phases[0].order = "sequential";
    EXPECT_THROW(testing::run_on("estimate", trial), Error);
    trial = trial_of("leveling", 0, 1);
    trial.phases[1].delete_range = 0.1;
    EXPECT_THROW(testing::run_on("estimate", trial), Error);
    trial = trial_of("leveling", 0, 1);
    trial.phases[0].ttl = 1000;
    EXPECT_THROW(testing::run_on("estimate", trial), Error);
}

TEST(Estimate, RefusesPoliciesThatGoByLookups) {
    EngineSettings settings = testing::base_trial("partial_leveling", {}).settings;
    EXPECT_FALSE(engine_problem("estimate", settings).has_value());
    settings.compaction.options["pick"] = {{"coldest"}, false};
    ASSERT_TRUE(engine_problem("estimate", settings).has_value());
    EXPECT_EQ(engine_problem("estimate", settings)->path, "tree.compaction.policy");
    EXPECT_FALSE(engine_problem("simulator", settings).has_value());
    EXPECT_THROW(open_engine("estimate", settings), Error);
    settings = testing::base_trial("leveling", {}).settings;
    settings.bloom.policy = "measured";
    ASSERT_TRUE(engine_problem("estimate", settings).has_value());
    EXPECT_EQ(engine_problem("estimate", settings)->path, "tree.bloom.policy");
}

}  // namespace
}  // namespace lsm
