#include "framework/base/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "framework/base/random.hpp"

namespace lsm {
namespace {

/// Values of all magnitudes.
uint64_t any_value(Random& random) { return random.next() >> random.below(64); }

/// What the histogram may answer: the value at this rank, or up to 1/128 more.
void expect_percentiles(const Histogram& histogram, std::vector<uint64_t> values) {
    std::sort(values.begin(), values.end());
    for (const double percent : {0.0, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
        const auto rank = static_cast<size_t>(
            std::max(1.0, std::ceil(percent * static_cast<double>(values.size()) / 100)));
        const uint64_t exact = values[rank - 1];
        const uint64_t answer = histogram.percentile(percent);
        EXPECT_GE(answer, exact) << percent;
        EXPECT_LE(answer - exact, exact / 128) << percent;
    }
}

TEST(Histogram, EmptyOneAnswersZero) {
    const Histogram histogram;
    EXPECT_EQ(histogram.count(), 0);
    EXPECT_EQ(histogram.percentile(50), 0);
    EXPECT_EQ(histogram.min(), 0);
    EXPECT_EQ(histogram.max(), 0);
    EXPECT_EQ(histogram.mean(), 0);
}

TEST(Histogram, SmallValuesAreExact) {
    Histogram histogram;
    for (uint64_t value = 0; value <= 200; ++value) histogram.record(value);
    EXPECT_EQ(histogram.percentile(50), 100);
    EXPECT_EQ(histogram.percentile(0), 0);
    EXPECT_EQ(histogram.percentile(100), 200);
    EXPECT_EQ(histogram.mean(), 100);
}

TEST(Histogram, PercentilesMatchSortedData) {
    Random random(11);
    for (const int size : {1, 2, 10, 1000, 100'000}) {
        Histogram histogram;
        std::vector<uint64_t> values;
        for (int i = 0; i < size; ++i) {
            values.push_back(any_value(random));
            histogram.record(values.back());
        }
        expect_percentiles(histogram, values);
        EXPECT_EQ(histogram.count(), values.size());
        EXPECT_EQ(histogram.max(), *std::max_element(values.begin(), values.end()));
        EXPECT_EQ(histogram.min(), *std::min_element(values.begin(), values.end()));
    }
}

TEST(Histogram, EveryPowerOfTwoAndItsNeighboursAreWithinTheError) {
    for (int power = 0; power < 64; ++power) {
        for (const uint64_t value :
             {(uint64_t{1} << power) - 1, uint64_t{1} << power, (uint64_t{1} << power) + 1}) {
            Histogram histogram;
            histogram.record(value);
            histogram.record(UINT64_MAX);  // so that max() does not hide the bucket's end
            const uint64_t answer = histogram.percentile(50);
            EXPECT_GE(answer, value);
            EXPECT_LE(answer - value, value / 128);
        }
    }
}

TEST(Histogram, MergedEqualsRecordedInOne) {
    Random random(12);
    Histogram one, left, right;
    std::vector<uint64_t> values;
    for (int i = 0; i < 10'000; ++i) {
        values.push_back(any_value(random));
        one.record(values.back());
        (i % 3 == 0 ? left : right).record(values.back());
    }
    left.merge(right);
    left.merge(Histogram());
    expect_percentiles(left, values);
    EXPECT_EQ(left.count(), one.count());
    EXPECT_EQ(left.max(), one.max());
    EXPECT_EQ(left.min(), one.min());
    for (const double percent : {5.0, 50.0, 99.9})
        EXPECT_EQ(left.percentile(percent), one.percentile(percent));
    left.clear();
    EXPECT_EQ(left.count(), 0);
    EXPECT_EQ(left.percentile(99), 0);
}

}  // namespace
}  // namespace lsm
