// Means and intervals, against figures that were worked out by hand.
#include <gtest/gtest.h>

#include "framework/experiment/statistics.hpp"

namespace lsm::experiment {
namespace {

TEST(Statistics, TheIntervalIsStudentsT) {
    const Estimate known = estimate({8, 12, 10, 10, 8, 12, 10, 10});
    EXPECT_EQ(known.mean, 10);
    EXPECT_EQ(known.count, 8u);
    // s^2 = 16 / 7, s / sqrt(8) = 0.534522, t(7) = 2.365.
    EXPECT_NEAR(known.high - 10, 2.365 * 0.534522, 1e-5);
    EXPECT_NEAR(10 - known.low, 2.365 * 0.534522, 1e-5);
}

TEST(Statistics, OneValueHasNoInterval) {
    const Estimate known = estimate({0.1});
    EXPECT_EQ(known.mean, 0.1);
    EXPECT_EQ(known.low, 0.1);
    EXPECT_EQ(known.high, 0.1);
    EXPECT_FALSE(known.has_interval());
    EXPECT_FALSE(known.may_be_zero());
}

TEST(Statistics, EqualValuesAreTheirOwnMean) {
    const Estimate known = estimate({0.1, 0.1, 0.1});
    EXPECT_EQ(known.mean, 0.1);
    EXPECT_EQ(known.low, 0.1);
    EXPECT_EQ(known.high, 0.1);
}

TEST(Statistics, PairsSeeWhatTheScatterOfSeedsHides) {
    const std::vector<double> left{10, 20, 30, 40}, right{11, 21.2, 30.8, 41};
    const Estimate paired = paired_difference(left, right);
    EXPECT_NEAR(paired.mean, 1, 1e-12);
    EXPECT_FALSE(paired.may_be_zero());
    const Estimate independent = independent_difference(left, right);
    EXPECT_NEAR(independent.mean, 1, 1e-12);
    EXPECT_TRUE(independent.may_be_zero());
}

TEST(Statistics, WelchsDegreesAreThoseOfTheUnequalSides) {
    // Squared errors of the means 1/3 and 16/3: degrees = (17/3)^2 / ((1/9)/2 + (256/9)/2) = 2.25.
    const Estimate known = independent_difference({1, 2, 3}, {6, 10, 14});
    EXPECT_NEAR(known.mean, 8, 1e-12);
    EXPECT_NEAR(known.high - 8, 4.303 * 2.380476, 1e-5);
    EXPECT_FALSE(independent_difference({1}, {6, 10, 14}).has_interval());
}

TEST(Statistics, QuantilesFallToThoseOfTheNormalCurve) {
    EXPECT_EQ(t_quantile(1), 12.706);
    EXPECT_EQ(t_quantile(9), 2.262);
    EXPECT_EQ(t_quantile(30), 2.042);
    EXPECT_EQ(t_quantile(35), 2.042) << "on the safe side";
    EXPECT_EQ(t_quantile(1000), 1.980);
    for (uint64_t degrees = 2; degrees < 200; ++degrees) {
        EXPECT_LE(t_quantile(degrees), t_quantile(degrees - 1));
    }
}

}  // namespace
}  // namespace lsm::experiment
