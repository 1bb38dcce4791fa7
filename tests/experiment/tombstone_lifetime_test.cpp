// A run whose strategy promises a lifetime of tombstones (Lethe's D_th) is held to it: with every
// engine, and a breach fails the run.
#include <gtest/gtest.h>

#include "framework/base/csv.hpp"
#include "framework/base/error.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/engines/simulator_engine.hpp"
#include "framework/experiment/run.hpp"
#include "framework/policy/registry.hpp"
#include "policies/compaction/partial_leveling.hpp"
#include "tests/experiment/small_context.hpp"

namespace lsm::experiment {
namespace {

/// Promises what lethe would, and does nothing for it.
struct Careless : compaction::PartialLeveling {
    using PartialLeveling::PartialLeveling;
    uint64_t tombstone_lifetime() const { return 5000; }
};

/// Of 100 B entries: a memtable holds some 300.
std::string lethe_experiment(const std::string& engine, const std::string& compaction,
                             const std::string& more = "") {
    return "experiment: lifetimes\nengine: " + engine +
           "\ntree:\n  memtable: {size: 32 KiB}\n  format: {table_size: 16 KiB}\n"
           "  compaction: " +
           compaction +
           "\nworkload:\n"
           "  - load: {records: 10k, key: 16 B, value: 84 B}\n"
           "  - run: {operations: 20k, update: 0.8, delete: 0.1, insert: 0.1" +
           more + "}\nmeasure: {every: 200}\n";
}

struct Ran {
    std::string error;
    std::string trials;  ///< its table
};

/// The whole run of an experiment, its trials by `strategy` where one is given.
Ran run(const std::string& text, const std::string& strategy = "") {
    const auto files = make_memory_file_system();
    const ReadContext context = make_read_context(posix_file_system(), "lifetimes.yaml");
    const Experiment experiment = read_experiment("lifetimes.yaml", text, context);
    RunSurroundings surroundings;
    surroundings.files = files.get();
    surroundings.program_fingerprint = [](FileSystem&) { return std::string("build"); };
    surroundings.source_state = [](FileSystem&) { return SourceState{"commit", false}; };
    surroundings.run_trial = [&](Trial trial, TrialHooks hooks) {
        Registry registry = all_policies();
        registry.compaction().add<Careless>("careless", "tombstone_lifetime_test.cpp");
        if (!strategy.empty()) trial.settings.compaction = {strategy, {}};
        hooks.open = [&registry](const std::string& engine, const EngineSettings& settings) {
            return engine == "simulator" ? open_simulator_engine(registry, settings)
                                         : open_lsmlab_engine(registry, settings);
        };
        return run_trial(trial, hooks);
    };
    const RunFolder folder = start_run(experiment, "/results", {"run"}, 1, surroundings);
    try {
        run_trials(experiment, folder, surroundings);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::config);
        return {error.what(), ""};
    }
    return {"", read_text_file(*files, folder.path + "/trials.csv")};
}

double column(const std::string& trials, const std::string& name) {
    const CsvTable table = read_csv(trials);
    return std::stod(table.rows.at(0).at(table.required_column(name)));
}

class Lifetimes : public testing::TestWithParam<const char*> {};

TEST_P(Lifetimes, ABreachFailsTheRun) {
    const Ran broken = run(lethe_experiment(GetParam(), "lethe"), "careless");
    for (const char* words : {"trial 1", "careless promises", "5000 ticks", "ticks old"}) {
        EXPECT_NE(broken.error.find(words), std::string::npos) << broken.error;
    }
    EXPECT_EQ(run(lethe_experiment(GetParam(), "partial_leveling")).error, "");
}

TEST_P(Lifetimes, LetheKeepsIt) {
    const Ran lethe =
        run(lethe_experiment(GetParam(), "{policy: lethe, size_ratio: 4, tombstone_ttl: 5k}"));
    ASSERT_EQ(lethe.error, "");
    const double oldest = column(lethe.trials, "peak_tombstone_age_max");
    EXPECT_LE(oldest, 5000);
    EXPECT_GT(oldest, 2500) << "by no means by rewriting all the time";
    EXPECT_LE(column(lethe.trials, "tombstone_age_final_max"), 5000);
}

TEST_P(Lifetimes, PrimitivesWithThatTriggerPromiseItToo) {
    const std::string options =
        "{policy: primitives, size_ratio: 4, granularity: table, movement: expired_tombstones, "
        "tombstone_ttl: 5k, trigger: ";
    const Ran kept = run(lethe_experiment(GetParam(), options + "[tombstone_age, level_size]}"));
    ASSERT_EQ(kept.error, "");
    EXPECT_LE(column(kept.trials, "peak_tombstone_age_max"), 5000);
    const Ran free = run(lethe_experiment(GetParam(), options + "[level_size]}"));
    ASSERT_EQ(free.error, "");
    EXPECT_GT(column(free.trials, "peak_tombstone_age_max"), 5000) << "it promised nothing";
}

TEST_P(Lifetimes, RangeDeletesCountAsWell) {
    const std::string ranges = ", delete_range: 0.01, delete_selectivity: 0.001";
    const Ran broken = run(lethe_experiment(GetParam(), "lethe", ranges), "careless");
    EXPECT_NE(broken.error.find("careless promises"), std::string::npos) << broken.error;
    const Ran lethe = run(
        lethe_experiment(GetParam(), "{policy: lethe, size_ratio: 4, tombstone_ttl: 5k}", ranges));
    ASSERT_EQ(lethe.error, "");
    EXPECT_GT(column(lethe.trials, "peak_range_tombstones"), 0);
    EXPECT_LE(column(lethe.trials, "peak_tombstone_age_max"), 5000);
}

TEST_P(Lifetimes, LessThanAMemtableTakesToFillIsKeptAsWell) {
    for (const int lifetime : {50, 250}) {
        const Ran lethe = run(lethe_experiment(
            GetParam(),
            "{policy: lethe, size_ratio: 4, tombstone_ttl: " + std::to_string(lifetime) + "}",
            ", empty_deletes: 0.3, delete_range: 0.01, delete_selectivity: 0.001"));
        ASSERT_EQ(lethe.error, "");
        EXPECT_LE(column(lethe.trials, "peak_tombstone_age_max"), lifetime);
        EXPECT_LE(column(lethe.trials, "tombstone_age_final_max"), lifetime);
    }
}

TEST_P(Lifetimes, ValuesThatExpireBreakNoPromise) {
    const Ran lethe = run(lethe_experiment(
        GetParam(), "{policy: lethe, size_ratio: 4, tombstone_ttl: 500}", ", ttl: 300"));
    ASSERT_EQ(lethe.error, "");
    EXPECT_LE(column(lethe.trials, "peak_tombstone_age_max"), 500);
}

INSTANTIATE_TEST_SUITE_P(, Lifetimes, testing::Values("lsmlab", "simulator"),
                         [](const auto& engine) { return std::string(engine.param); });

}  // namespace
}  // namespace lsm::experiment
