// Monkey against uniform under every strategy whose levels have capacities, at the filter memory
// that both really take, on a tree that goes on being written: Monkey keeps to its budget, and its
// empty lookups never cost more. Then budget and measured.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "framework/base/number.hpp"
#include "framework/policy/registry.hpp"
#include "sanitized.hpp"
#include "tests/experiment/equal_memory.hpp"

namespace lsm::experiment {
namespace {

/// Against uniform's curve; the slack is for the spread of some hundred reads in vain.
void expect_no_dearer(const Design& design, double slack) {
    std::vector<Cost> uniform;
    for (const char* bits : {"1", "2", "5"}) {
        uniform.push_back(cost_of(design, {"uniform", bits}));
        if (uniform.size() == 1) continue;
        const Cost monkey = cost_of(design, {"monkey", bits});
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

std::vector<Cost> curve_of(const Design& design, const char* policy) {
    return {cost_of(design, {policy, "2"}), cost_of(design, {policy, "5"})};
}

TEST(EqualMemoryOf, BudgetKeepsToItsMemoryAndIsFarCheaperThanUniform) {
    for (const char* compaction : {"leveling", "lazy_leveling", "tiering"}) {
        const Design design{compaction, {{"size_ratio", "4"}}};
        const std::vector<Cost> uniform = curve_of(design, "uniform");
        const double bytes = std::round(uniform.back().memory);
        const Cost budget = cost_of(design, {"budget", "", format_number(bytes)});
        EXPECT_LT(budget.memory, bytes) << compaction;
        EXPECT_GT(budget.memory, bytes / 2) << compaction;
        EXPECT_LT(budget.probes, 0.9 * read_off(uniform, budget.memory)) << compaction;
    }
}

TEST(EqualMemoryOf, MeasuredIsMonkeyForAbsentKeysAndBetterForYoungOnes) {
    for (const char* compaction : {"leveling", "tiering"}) {
        Design design{compaction, {{"size_ratio", "4"}}};
        const Cost absent = cost_of(design, {"measured", "5"});
        const double monkey = read_off(curve_of(design, "monkey"), absent.memory);
        EXPECT_LT(absent.probes, 1.05 * monkey) << "all runs are asked alike";
        EXPECT_GT(absent.probes, 0.9 * monkey);
        design.reads_young = true;
        const Cost young = cost_of(design, {"measured", "5"});
        // A block holds the key, the others were read in vain.
        EXPECT_LT(young.probes - 1, 0.7 * (read_off(curve_of(design, "monkey"), young.memory) - 1))
            << compaction;
    }
}

std::vector<std::string> merging_strategies() {
    std::vector<std::string> names;
    for (const auto& policy : all_policies().compaction().policies()) {
        if (test::kSanitized && policy.name != "lazy_leveling") continue;
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
