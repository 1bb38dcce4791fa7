// Monkey against uniform under every strategy whose levels have capacities, at the filter memory
// that both really take, on a tree that goes on being written: Monkey keeps to its budget, and its
// empty lookups never cost more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "framework/experiment/trial_runner.hpp"
#include "framework/policy/registry.hpp"

namespace lsm::experiment {
namespace {

struct Cost {
    double memory = 0;  // filter bytes, mean over the samples
    double probes = 0;  // runs that an empty lookup reads in vain
};

struct Design {
    std::string compaction;
    std::map<std::string, std::string> options;
    bool shrinking = false;  // small values are written over large ones
};

Cost cost_of(const Design& design, const std::string& bloom, const std::string& bits) {
    Trial trial;
    trial.settings.memtable.policy = "skiplist";
    trial.settings.bloom.policy = bloom;
    trial.settings.bloom.options["bits_per_key"] = {{bits}, false};
    trial.settings.filter.policy = "bloom";
    trial.settings.format.policy = "row_block";
    trial.settings.compaction.policy = design.compaction;
    for (const auto& [name, value] : design.options) {
        trial.settings.compaction.options[name] = {{value}, false};
    }
    trial.settings.memtable_size = 4096;
    trial.settings.table_size = 4096;
    workloads::Phase load;
    load.kind = workloads::PhaseKind::load;
    load.key = 16;
    load.value = {design.shrinking ? uint64_t{200} : uint64_t{16}};
    load.records = design.shrinking ? 6000 : 20000;
    workloads::Phase run = load;
    run.kind = workloads::PhaseKind::run;
    run.records = 0;
    run.operations = 60000;
    run.read_missing = 0.8;
    run.update = 0.2;
    run.value = {design.shrinking ? uint64_t{8} : uint64_t{16}};
    run.distribution = "uniform";
    trial.phases = {load, run};
    trial.measure_every = 500;
    const TrialResult result = run_trial(trial);
    std::map<std::string, double> metrics(result.metrics.begin(), result.metrics.end());
    return {metrics.at("mean_filter_memory_bytes"), metrics.at("read_amplification_empty")};
}

/// Of a curve that falls exponentially.
double read_off(const std::vector<Cost>& curve, double memory) {
    for (size_t i = 1; i < curve.size(); ++i) {
        if (memory > curve[i].memory && i + 1 < curve.size()) continue;
        const double share =
            (memory - curve[i - 1].memory) / (curve[i].memory - curve[i - 1].memory);
        return curve[i - 1].probes * std::pow(curve[i].probes / curve[i - 1].probes, share);
    }
    return curve.front().probes;
}

/// Against uniform's curve; the slack is for the spread of some hundred reads in vain.
void expect_no_dearer(const Design& design, double slack) {
    std::vector<Cost> uniform;
    for (const char* bits : {"1", "2", "5", "8"}) {
        uniform.push_back(cost_of(design, "uniform", bits));
        if (uniform.size() == 1) continue;
        const Cost monkey = cost_of(design, "monkey", bits);
        EXPECT_LT(monkey.probes, read_off(uniform, monkey.memory) * slack)
            << bits << " bits, " << monkey.memory << " bytes";
        EXPECT_LT(monkey.memory, uniform.back().memory * 1.03) << bits << " bits";
    }
}

class EqualMemory : public testing::TestWithParam<std::string> {};

TEST_P(EqualMemory, MonkeyNeverCostsMoreThanUniform) { expect_no_dearer({GetParam(), {}}, 1.05); }

TEST_P(EqualMemory, NorWhereEntriesShrink) { expect_no_dearer({GetParam(), {}, true}, 1.05); }

TEST(EqualMemoryOf, NorWhereLevelOneIsTheLargest) {
    expect_no_dearer({"one_leveling", {{"size_ratio", "4"}, {"level1_runs", "50"}}}, 1.05);
    expect_no_dearer({"one_leveling", {{"size_ratio", "4"}, {"level1_runs", "50"}}, true}, 1.05);
}

std::vector<std::string> merging_strategies() {
    std::vector<std::string> names;
    for (const auto& policy : all_policies().compaction().policies()) {
        std::vector<OptionProblem> problems;
        const AnyCompaction strategy(policy.make({}, problems));
        TreeShape shape;
        shape.memtable_bytes = 4096;
        // Monkey reckons with full levels: there must be such a thing.
        if (problems.empty() && strategy.runs_allowed(shape, 1) < 100 &&
            strategy.capacity(shape, 1) > 0) {
            names.push_back(policy.name);
        }
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(AllStrategies, EqualMemory, testing::ValuesIn(merging_strategies()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace lsm::experiment
