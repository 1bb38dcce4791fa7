// Bloom sizings: every registered one gives usable answers; Monkey's are the optimum.
#include <gtest/gtest.h>

#include <cmath>

#include "framework/base/random.hpp"
#include "framework/policy/registry.hpp"
#include "policies/bloom/budget.hpp"
#include "policies/bloom/last_level_off.hpp"
#include "policies/bloom/measured.hpp"
#include "policies/bloom/monkey.hpp"

namespace lsm {
namespace {

constexpr double kLn2Squared = 0.4804530139182014;

double ideal_rate(double bits) { return std::exp(-bits * kLn2Squared); }

RunShape run_of(std::vector<uint64_t> tables) {
    RunShape run;
    for (const uint64_t entries : tables) {
        TableShape table;
        table.id = run.tables.size() + 1;
        table.entries = entries;
        run.tables.push_back(table);
    }
    return run;
}

/// A run of one table on each level.
TreeShape tree_of(const std::vector<uint64_t>& entries) {
    TreeShape shape;
    for (const uint64_t run : entries) {
        LevelShape level;
        if (run > 0) level.runs.push_back(run_of({run}));
        shape.levels.push_back(level);
    }
    return shape;
}

double sum_of_rates(const std::vector<double>& bits) {
    double sum = 0;
    for (const double b : bits) sum += ideal_rate(b);
    return sum;
}

std::vector<double> monkey_bits(const std::vector<uint64_t>& runs, double average) {
    std::vector<double> bits;
    for (const uint64_t run : runs) {
        bits.push_back(bloom::Monkey::best_bits_per_key(runs, run, average));
    }
    return bits;
}

/// The same optimum by another road: hand out the memory in small pieces, each to the run where it
/// lowers the sum of the rates most.
std::vector<double> greedy_bits(const std::vector<uint64_t>& runs, double average) {
    double memory = 0;
    for (const uint64_t run : runs) memory += average * static_cast<double>(run);
    const double piece = memory / 200000;
    std::vector<double> bits(runs.size());
    for (int i = 0; i < 200000; ++i) {
        size_t best = 0;
        double best_gain = -1;
        for (size_t run = 0; run < runs.size(); ++run) {
            const double more = piece / static_cast<double>(runs[run]);
            const double gain = ideal_rate(bits[run]) - ideal_rate(bits[run] + more);
            if (gain > best_gain) {
                best_gain = gain;
                best = run;
            }
        }
        bits[best] += piece / static_cast<double>(runs[best]);
    }
    return bits;
}

TEST(Monkey, AgreesWithAnIndependentOptimiser) {
    const std::vector<std::vector<uint64_t>> trees = {
        {100, 1000, 10000}, {5, 5, 5, 700, 90000}, {1, 1000000}, {300, 200, 100}, {7}};
    for (const auto& runs : trees) {
        for (const double average : {0.05, 0.5, 2.0, 5.0, 10.0}) {
            const auto exact = monkey_bits(runs, average);
            const auto greedy = greedy_bits(runs, average);
            for (size_t i = 0; i < runs.size(); ++i) {
                const double step = 300 * average / 200000 * 1000000 / static_cast<double>(runs[i]);
                EXPECT_NEAR(exact[i], greedy[i], 0.02 + step) << runs[i] << " of " << average;
            }
            EXPECT_NEAR(sum_of_rates(exact), sum_of_rates(greedy), 1e-3);
            EXPECT_LE(sum_of_rates(exact), sum_of_rates(greedy) + 1e-9);
        }
    }
}

TEST(Monkey, SpendsExactlyTheBudgetAndNeverLosesToUniform) {
    Random random(9);
    for (int round = 0; round < 2000; ++round) {
        std::vector<uint64_t> runs;
        const uint64_t count = 1 + random.below(20);
        for (uint64_t i = 0; i < count; ++i) {
            const uint64_t scale = uint64_t{1} << random.below(24);
            runs.push_back(1 + random.below(scale));
        }
        const double average = random.unit() * random.unit() * 14 + 0.001;
        const auto bits = monkey_bits(runs, average);
        double spent = 0;
        double keys = 0;
        for (size_t i = 0; i < runs.size(); ++i) {
            ASSERT_GE(bits[i], 0);
            spent += bits[i] * static_cast<double>(runs[i]);
            keys += static_cast<double>(runs[i]);
        }
        EXPECT_NEAR(spent / (keys * average), 1, 1e-9);
        EXPECT_LE(sum_of_rates(bits),
                  static_cast<double>(count) * ideal_rate(average) * (1 + 1e-9));
    }
}

TEST(Monkey, RatesAreProportionalToSizes) {
    const auto bits = monkey_bits({1000, 10000, 100000}, 10);
    EXPECT_NEAR(ideal_rate(bits[1]) / ideal_rate(bits[0]), 10, 1e-9);
    EXPECT_NEAR(ideal_rate(bits[2]) / ideal_rate(bits[1]), 10, 1e-9);
}

TEST(Monkey, IsUniformWhenRunsAreEqual) {
    for (const double average : {0.1, 1.0, 10.0}) {
        for (const double bits : monkey_bits({500, 500, 500, 500}, average)) {
            EXPECT_NEAR(bits, average, 1e-12);
        }
    }
}

TEST(Monkey, GivesTheLargestRunsNothingWhenMemoryIsTiny) {
    const auto bits = monkey_bits({100, 10000, 1000000}, 0.001);
    EXPECT_GT(bits[0], 0);
    EXPECT_EQ(bits[2], 0);
    EXPECT_NEAR(bits[0] * 100 + bits[1] * 10000, 0.001 * 1010100, 1e-6);
}

TEST(Monkey, MatchesDostoevskysCheckValue) {
    // Leveling, T = 10, L = 6, 10 bits: R = .01176 in the limit of full levels.
    std::vector<uint64_t> runs;
    uint64_t size = 90000000;
    for (int level = 0; level < 6; ++level, size /= 10) runs.push_back(size);
    EXPECT_NEAR(sum_of_rates(monkey_bits(runs, 10)), 0.01176, 0.0001);
}

TEST(Monkey, CountsTheRunAsAWholeAndTheJoinedRunOnce) {
    const bloom::Monkey monkey(bloom::Monkey::Options{10});
    TreeShape shape = tree_of({100, 0});
    shape.levels[1].runs.push_back(run_of({2000, 3000, 4000}));
    // 1000 entries join the run of 9000: as if one run of 10000 were written.
    const BloomQuestion joining{shape, 2, 10000, 9000, ideal_rate};
    EXPECT_EQ(monkey.bits_per_key(joining),
              bloom::Monkey::best_bits_per_key({100, 10000}, 10000, 10));
    const BloomQuestion founding{shape, 1, 1000, 0, ideal_rate};
    EXPECT_EQ(monkey.bits_per_key(founding),
              bloom::Monkey::best_bits_per_key({100, 9000, 1000}, 1000, 10));
    const TreeShape empty;
    EXPECT_NEAR(monkey.bits_per_key({empty, 1, 50, 0, ideal_rate}), 10, 1e-12);
}

/// Leveling with size ratio 10 and 100 entries in a full memtable.
std::vector<LevelLimits> limits_of_ten(int levels) {
    std::vector<LevelLimits> limits;
    uint64_t entries = 900;
    for (int level = 0; level < levels; ++level, entries *= 10) limits.push_back({1, entries});
    return limits;
}

TEST(Monkey, ReckonsWithFullLevelsAboveTheDeepest) {
    const bloom::Monkey monkey(bloom::Monkey::Options{10});
    // However full levels 1 and 2 are, and whichever run is being written, each level gets the
    // same.
    const std::vector<uint64_t> full = {900, 9000, 50000};
    const TreeShape low = tree_of({0, 300, 50000}), high = tree_of({700, 8000, 50000});
    for (const TreeShape& shape : {low, high}) {
        TreeShape without_first = shape, without_last = shape;
        without_first.levels[0].runs.clear();
        without_last.levels[2].runs.clear();
        EXPECT_EQ(monkey.bits_per_key({without_first, 1, 100, 0, ideal_rate, limits_of_ten(3)}),
                  bloom::Monkey::best_bits_per_key(full, 900, 10));
        EXPECT_EQ(monkey.bits_per_key({without_last, 3, 50000, 0, ideal_rate, limits_of_ten(3)}),
                  bloom::Monkey::best_bits_per_key(full, 50000, 10));
    }
    // Tiered levels: as many equal runs as the level may have.
    const TreeShape tiered = tree_of({100, 0, 5000});
    EXPECT_EQ(monkey.bits_per_key({tiered, 1, 100, 0, ideal_rate, {{3, 300}, {3, 900}, {3, 2700}}}),
              bloom::Monkey::best_bits_per_key({100, 100, 100, 300, 300, 300, 5000}, 100, 10));
}

/// Full levels of size ratio 10, without the run on `level`: the question is about that one.
TreeShape full_without(int level) {
    TreeShape shape = tree_of({900, 9000, 50000});
    shape.levels[static_cast<size_t>(level - 1)].runs.clear();
    return shape;
}

constexpr uint64_t kFull[] = {900, 9000, 50000};

template <class Sizing>
std::vector<double> bits_by_level(const Sizing& sizing, const std::vector<uint64_t>& probes = {}) {
    std::vector<double> bits;
    for (int level = 1; level <= 3; ++level) {
        TreeShape shape = full_without(level);
        for (size_t i = 0; i < probes.size(); ++i) shape.levels[i].probes = probes[i];
        const uint64_t entries = kFull[level - 1];
        bits.push_back(
            sizing.bits_per_key({shape, level, entries, 0, ideal_rate, limits_of_ten(3)}));
    }
    return bits;
}

double spent(const std::vector<double>& bits) {
    double sum = 0;
    for (size_t i = 0; i < bits.size(); ++i) sum += bits[i] * static_cast<double>(kFull[i]);
    return sum;
}

TEST(Budget, SpendsItsMemoryByMonkeysOptimumWhateverTheTreesSize) {
    for (const uint64_t memory : {1000u, 20000u, 100000u}) {
        const auto bits = bits_by_level(bloom::Budget(bloom::Budget::Options{memory}));
        EXPECT_NEAR(spent(bits), 8.0 * static_cast<double>(memory), 1e-6);
        const double average = 8.0 * static_cast<double>(memory) / 59900;
        const auto monkey = bits_by_level(bloom::Monkey(bloom::Monkey::Options{average}));
        for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(bits[i], monkey[i], 1e-9);
    }
    const auto none = bits_by_level(bloom::Budget(bloom::Budget::Options{0}));
    EXPECT_EQ(none, (std::vector<double>{0, 0, 0}));
}

TEST(LastLevelOff, FiltersAllLevelsButTheDeepest) {
    using bloom::LastLevelOff;
    const auto uniform = bits_by_level(LastLevelOff(LastLevelOff::Options{8, "uniform"}));
    EXPECT_EQ(uniform, (std::vector<double>{8, 8, 0}));
    const auto monkey = bits_by_level(LastLevelOff(LastLevelOff::Options{8, "monkey"}));
    EXPECT_EQ(monkey[2], 0);
    EXPECT_NEAR(spent(monkey), 8 * 9900, 1e-6) << "the bits of the keys above it";
    EXPECT_NEAR(ideal_rate(monkey[1]) / ideal_rate(monkey[0]), 10, 1e-9);
    // A level below the deepest so far is the deepest from now on.
    EXPECT_EQ(LastLevelOff(LastLevelOff::Options{8, "uniform"})
                  .bits_per_key({tree_of({900, 9000}), 3, 5000, 0, ideal_rate, {}}),
              0);
}

TEST(Measured, IsMonkeyWithoutLookupsAndWithEqualOnes) {
    const bloom::Measured measured(bloom::Measured::Options{6});
    const auto monkey = bits_by_level(bloom::Monkey(bloom::Monkey::Options{6}));
    for (const std::vector<uint64_t>& probes :
         {std::vector<uint64_t>{}, {0, 0, 0}, {70, 70, 70}, {0, 70, 0}}) {
        const auto bits = bits_by_level(measured, probes);
        for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(bits[i], monkey[i], 1e-9);
    }
}

TEST(Measured, RatesAreInverseToHowOftenFiltersAreAsked) {
    const bloom::Measured measured(bloom::Measured::Options{6});
    const std::vector<uint64_t> probes = {10000, 4000, 500};
    const auto bits = bits_by_level(measured, probes);
    EXPECT_NEAR(spent(bits), 6 * 59900, 1e-6);
    EXPECT_NEAR(ideal_rate(bits[1]) / ideal_rate(bits[0]), 10 * 10000.0 / 4000, 1e-6);
    EXPECT_NEAR(ideal_rate(bits[2]) / ideal_rate(bits[1]), 50.0 / 9 * 4000.0 / 500, 1e-6);
    // Fewer false positives in all than any shift of memory between two levels would give.
    const auto cost = [&](const std::vector<double>& by_level) {
        double sum = 0;
        for (size_t i = 0; i < 3; ++i) {
            sum += static_cast<double>(probes[i]) * ideal_rate(by_level[i]);
        }
        return sum;
    };
    for (size_t from = 0; from < 3; ++from) {
        for (size_t to = 0; to < 3; ++to) {
            if (from == to) continue;
            auto shifted = bits;
            shifted[from] -= 100.0 / static_cast<double>(kFull[from]);
            shifted[to] += 100.0 / static_cast<double>(kFull[to]);
            EXPECT_GT(cost(shifted), cost(bits));
        }
    }
    EXPECT_LT(cost(bits), cost(bits_by_level(bloom::Monkey(bloom::Monkey::Options{6}))));
}

TEST(Measured, LookupsOfATieredLevelAreSharedByItsRuns) {
    const bloom::Measured measured(bloom::Measured::Options{6});
    TreeShape shape = tree_of({0, 5000});
    shape.levels[0].probes = 3000;  // three runs, a thousand each
    shape.levels[1].probes = 1000;
    const std::vector<LevelLimits> limits = {{3, 300}, {1, 5000}};
    EXPECT_NEAR(measured.bits_per_key({shape, 1, 100, 0, ideal_rate, limits}),
                bloom::Monkey::best_bits_per_key({100, 100, 100, 5000}, 100, 6), 1e-9);
}

TEST(BloomConformance, AnswersAreFiniteNotNegativeAndPure) {
    ASSERT_FALSE(all_policies().bloom().policies().empty());
    const std::vector<TreeShape> shapes = {tree_of({}), tree_of({10, 200, 3000}),
                                           tree_of({0, 0, 1000000}), tree_of({1, 1, 1, 1})};
    for (const auto& policy : all_policies().bloom().policies()) {
        SCOPED_TRACE(policy.name);
        std::vector<OptionProblem> problems;
        const AnyBloomSizing sizing(policy.make({}, problems));
        const AnyBloomSizing same(policy.make({}, problems));
        for (const TreeShape& shape : shapes) {
            for (const int level : {1, 2, 3, 7}) {
                for (const uint64_t entries :
                     {uint64_t{0}, uint64_t{1}, uint64_t{5000}, uint64_t{1} << 40}) {
                    const BloomQuestion question{shape, level,      entries,
                                                 0,     ideal_rate, limits_of_ten(level)};
                    const double bits = sizing.bits_per_key(question);
                    EXPECT_TRUE(std::isfinite(bits));
                    EXPECT_GE(bits, 0);
                    EXPECT_EQ(sizing.bits_per_key(question), bits);
                    EXPECT_EQ(same.bits_per_key(question), bits);
                }
            }
        }
    }
}

}  // namespace
}  // namespace lsm
