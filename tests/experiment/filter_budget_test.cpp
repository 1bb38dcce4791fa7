// The budget sizing under every strategy that merges: how far a tree that grows, and then is
// updated, holds to it (policies/bloom/budget.hpp says why not always).
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "framework/base/number.hpp"
#include "framework/experiment/trial_runner.hpp"
#include "framework/policy/registry.hpp"

namespace lsm::experiment {
namespace {

struct FilterMemory {
    double mean = 0;
    double peak = 0;
};

FilterMemory filter_memory(const std::string& compaction, const std::string& memory) {
    Trial trial;
    trial.engine = "simulator";
    trial.settings.memtable.policy = "skiplist";
    trial.settings.bloom.policy = "budget";
    trial.settings.bloom.options["memory"] = {{memory}, false};
    trial.settings.filter.policy = "bloom";
    trial.settings.format.policy = "row_block";
    trial.settings.compaction.policy = compaction;
    trial.settings.memtable_size = 32 << 10;
    trial.settings.table_size = 32 << 10;
    workloads::Phase load;
    load.kind = workloads::PhaseKind::load;
    load.key = 16;
    load.value = {84};
    load.records = 20000;
    workloads::Phase run = load;
    run.kind = workloads::PhaseKind::run;
    run.records = 0;
    run.operations = 40000;
    run.update = 1;
    run.distribution = "uniform";
    trial.phases = {load, run};
    trial.measure_every = 500;
    const TrialResult result = run_trial(trial);
    const std::map<std::string, double> metrics(result.metrics.begin(), result.metrics.end());
    return {metrics.at("mean_filter_memory_bytes"), metrics.at("peak_filter_memory_bytes")};
}

class FilterBudget : public testing::TestWithParam<std::string> {};

bool has_capacities(const std::string& compaction) {
    std::vector<OptionProblem> problems;
    const AnyCompaction strategy(all_policies().compaction().find(compaction)->make({}, problems));
    TreeShape shape;
    shape.memtable_bytes = 32 << 10;
    return strategy.capacity(shape, 1) > 0;
}

TEST_P(FilterBudget, IsKeptOnAverageWhereLevelsHaveCapacities) {
    for (const double memory : {8192.0, 65536.0}) {
        const FilterMemory held = filter_memory(GetParam(), format_number(memory));
        if (has_capacities(GetParam())) {
            EXPECT_LE(held.mean, 1.1 * memory);
        }
        EXPECT_LE(held.peak, 3 * memory) << "while the tree grows";
    }
}

std::vector<std::string> merging_strategies_of_all() {
    std::vector<std::string> names;
    for (const auto& policy : all_policies().compaction().policies()) {
        if (policy.name != "fifo" && policy.name != "never") names.push_back(policy.name);
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(AllStrategies, FilterBudget,
                         testing::ValuesIn(merging_strategies_of_all()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace lsm::experiment
