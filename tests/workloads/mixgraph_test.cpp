// The distributions of mixgraph and of KVBench against their formulas, with fixed seeds: moments,
// quantiles and chi-square; bounds are some five standard deviations of a true draw.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "framework/base/math.hpp"
#include "workloads/draw_table.hpp"
#include "workloads/key_chooser.hpp"
#include "workloads/key_ranges.hpp"

namespace lsm::workloads {
namespace {

constexpr int kMixgraphDraws = 200000;

double gpd_below(double shape, double scale, double x) {
    return 1 - std::pow(1 + shape * x / scale, -1 / shape);
}

TEST(CountTable, FollowsTheGeneralisedPareto) {
    const struct {
        double shape, scale;
        uint64_t limit;
    } cases[] = {{0.2615, 25.45, 1024}, {2.517, 14.236, 10000}, {0.5, 3, 40}};
    for (const auto& one : cases) {
        const CountTable table(one.shape, one.scale, one.limit);
        Random random(4);
        std::vector<int> counts(one.limit + 1);
        for (int i = 0; i < kMixgraphDraws; ++i) ++counts.at(table.at(random.next()));
        EXPECT_EQ(counts[0], 0);
        // Cells of the distribution function at the value's upper end, the last open.
        double chi = 0;
        int cells = 0;
        uint64_t from = 0;
        for (const uint64_t to : {1, 2, 4, 8, 15, 30, 39}) {
            const double share = gpd_below(one.shape, one.scale, static_cast<double>(to)) -
                                 gpd_below(one.shape, one.scale, static_cast<double>(from));
            const double seen = std::accumulate(counts.begin() + static_cast<long>(from) + 1,
                                                counts.begin() + static_cast<long>(to) + 1, 0.0);
            chi += (seen - share * kMixgraphDraws) * (seen - share * kMixgraphDraws) /
                   (share * kMixgraphDraws);
            ++cells;
            from = to;
        }
        EXPECT_LT(chi, cells + 5 * std::sqrt(2.0 * cells)) << one.shape;
        const double cut = 1 - gpd_below(one.shape, one.scale, static_cast<double>(one.limit - 1));
        EXPECT_NEAR(counts[one.limit], cut * kMixgraphDraws,
                    5 * std::sqrt(cut * kMixgraphDraws) + 1);
    }
}

TEST(CountTable, MeanOfMixgraphsValues) {
    const CountTable table(0.2615, 25.45, 1024);
    Random random(5);
    double sum = 0;
    for (int i = 0; i < kMixgraphDraws; ++i) sum += static_cast<double>(table.at(random.next()));
    // scale / (1 - shape), half a byte for rounding up, little lost at the limit.
    EXPECT_NEAR(sum / kMixgraphDraws, 25.45 / (1 - 0.2615) + 0.5, 0.6);
}

TEST(CountTable, ExponentialAtShapeZeroAndEndingBelowZero) {
    const CountTable exponential(0, 10, 200);
    const CountTable ending(-0.5, 10, 200);  // ends at 20
    Random random(6);
    double sum = 0;
    uint64_t largest = 0;
    for (int i = 0; i < kMixgraphDraws; ++i) {
        sum += static_cast<double>(exponential.at(random.next()));
        largest = std::max(largest, ending.at(random.next()));
    }
    EXPECT_NEAR(sum / kMixgraphDraws, 1 / (1 - std::exp(-0.1)), 0.15);
    EXPECT_LE(largest, 20U);
    EXPECT_GE(largest, 19U);
}

struct Moments {
    double mean = 0;
    double variance = 0;
};

Moments moments_of(const ShareTable& table) {
    Random random(8);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < kMixgraphDraws; ++i) {
        const double drawn = table.draw(random);
        EXPECT_TRUE(drawn >= 0 && drawn < 1);
        sum += drawn;
        squares += drawn * drawn;
    }
    const double mean = sum / kMixgraphDraws;
    return {mean, squares / kMixgraphDraws - mean * mean};
}

TEST(ShareTable, BetaHasItsMoments) {
    const double shapes[][2] = {{1, 1}, {0.5, 0.5}, {2, 5}, {8, 1}, {1, 8}, {40, 60}};
    for (const auto& [first, second] : shapes) {
        const Moments moments = moments_of(ShareTable::beta(first, second));
        const double sum = first + second;
        const double variance = first * second / (sum * sum * (sum + 1));
        EXPECT_NEAR(moments.mean, first / sum, 5 * std::sqrt(variance / kMixgraphDraws)) << first;
        EXPECT_NEAR(moments.variance / variance, 1, 0.02) << first;
    }
}

TEST(ShareTable, ArcsineQuantilesOfTheSymmetricBeta) {
    // Beta(1/2, 1/2) has the distribution function (2 / pi) asin(sqrt x): infinite at both ends.
    const ShareTable table = ShareTable::beta(0.5, 0.5);
    Random random(9);
    std::vector<double> drawn(kMixgraphDraws);
    for (double& one : drawn) one = table.draw(random);
    std::sort(drawn.begin(), drawn.end());
    double worst = 0;
    for (int i = 0; i < kMixgraphDraws; ++i) {
        const double below = 2 / M_PI * std::asin(std::sqrt(drawn[i]));
        worst = std::max(worst, std::fabs(below - (i + 0.5) / kMixgraphDraws));
    }
    EXPECT_LT(worst, 2.0 / std::sqrt(kMixgraphDraws));  // Kolmogorov and Smirnov: p = 0.0007
}

TEST(ShareTable, NormalQuantiles) {
    const ShareTable table = ShareTable::normal(0.4, 0.05);
    Random random(10);
    int below[3] = {};
    for (int i = 0; i < kMixgraphDraws; ++i) {
        const double drawn = table.draw(random);
        below[0] += drawn < 0.35;
        below[1] += drawn < 0.4;
        below[2] += drawn < 0.5;
    }
    EXPECT_NEAR(below[0] / double{kMixgraphDraws}, 0.158655, 0.004);
    EXPECT_NEAR(below[1] / double{kMixgraphDraws}, 0.5, 0.006);
    EXPECT_NEAR(below[2] / double{kMixgraphDraws}, 0.977250, 0.002);
}

TEST(ShareTable, NormalIsCutAtTheEnds) {
    const Moments moments = moments_of(ShareTable::normal(0.5, 10));  // as good as uniform
    EXPECT_NEAR(moments.mean, 0.5, 0.004);
    EXPECT_NEAR(moments.variance, 1.0 / 12, 0.002);
}

TEST(KeyRanges, SharesAreTheFormulas) {
    const RunPhase phase;
    const auto shares = range_shares(phase);
    ASSERT_EQ(shares.size(), 30U);
    double sum = 0;
    const auto weight = [](int i) {
        return 14.18 * std::exp(-2.917 * i) + 0.0164 * std::exp(-0.08082 * i);
    };
    for (int i = 1; i <= 30; ++i) sum += weight(i);
    for (int i = 1; i <= 30; ++i) EXPECT_NEAR(shares[i - 1], weight(i) / sum, 1e-9);
}

TEST(KeyRanges, DrawsTheRangesAndThePowerLaw) {
    RunPhase phase;
    const KeyRanges ranges(phase, 1);
    const auto shares = range_shares(phase);
    Random random(11);
    const uint64_t keys = 30000;
    std::vector<int> counts(keys);
    for (int i = 0; i < kMixgraphDraws; ++i) ++counts.at(ranges.draw(keys, random));
    double chi = 0;
    for (uint64_t place = 0; place < 30; ++place) {
        const double expected = shares[ranges.order()[place]] * kMixgraphDraws;
        const double seen =
            std::accumulate(counts.begin() + static_cast<long>(place) * 1000,
                            counts.begin() + static_cast<long>(place + 1) * 1000, 0.0);
        chi += (seen - expected) * (seen - expected) / expected;
    }
    EXPECT_LT(chi, 29 + 5 * std::sqrt(2.0 * 29));
    // Rank 0 has the share a 1^b of its range, beside what else falls on its key.
    const auto hottest = static_cast<uint64_t>(
        std::find(ranges.order().begin(), ranges.order().end(), 0U) - ranges.order().begin());
    const double share = shares[0] * (0.002312 + (1 - 0.002312) / 1000);
    EXPECT_NEAR(counts[hottest * 1000 + fnv_hash(0) % 1000], share * kMixgraphDraws,
                5 * std::sqrt(share * kMixgraphDraws));
}

TEST(KeyRanges, NoSharesWhereTheFormulaGivesNone) {
    RunPhase phase;
    phase.range_weights = {1, 1000, 0, 0};
    EXPECT_TRUE(range_shares(phase).empty());
    phase.range_weights = {-1, 0, 0, 0};
    EXPECT_TRUE(range_shares(phase).empty());
    phase.range_weights = {1, 0, 0, 0};
    phase.ranges = 4;
    EXPECT_EQ(range_shares(phase), (std::vector<double>{0.25, 0.25, 0.25, 0.25}));
}

TEST(KeyRanges, SmallSetsStayInRange) {
    RunPhase phase;
    const KeyRanges ranges(phase, 1);
    Random random(1);
    for (uint64_t count = 1; count < 70; ++count) {
        for (int i = 0; i < 200; ++i) EXPECT_LT(ranges.draw(count, random), count);
    }
}

}  // namespace
}  // namespace lsm::workloads
