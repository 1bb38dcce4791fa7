#include "workloads/value_maker.hpp"

#include <gtest/gtest.h>
#include <lz4.h>

#include <map>
#include <string>

namespace lsm::workloads {
namespace {

Phase phase_with_value(std::vector<uint64_t> value) {
    Phase phase;
    phase.value = std::move(value);
    phase.compressibility = 0.5;
    return phase;
}

TEST(ValueMaker, ValuesMatchThemselvesAndNothingElse) {
    for (const uint64_t bytes : {0, 1, 4, 7, 8, 9, 100, 5000}) {
        const ValueMaker maker(phase_with_value({bytes}), 1);
        std::string value;
        maker.fill(12, 3, value);
        EXPECT_EQ(value.size(), bytes);
        EXPECT_EQ(maker.size(12, 3), bytes);
        EXPECT_TRUE(maker.matches(12, 3, value));
        if (bytes == 0) continue;
        EXPECT_FALSE(maker.matches(12, 4, value));
        if (bytes > 4) {
            EXPECT_FALSE(maker.matches(13, 3, value));
        }
        EXPECT_FALSE(maker.matches(12, 3, value + "x"));
        EXPECT_FALSE(maker.matches(12, 3, value.substr(1)));
        for (const size_t place : {size_t{0}, value.size() / 2, value.size() - 1}) {
            std::string changed = value;
            changed[place] = static_cast<char>(changed[place] ^ 1);
            EXPECT_FALSE(maker.matches(12, 3, changed));
        }
    }
}

TEST(ValueMaker, StampsSayWhoseTheyAre) {
    const ValueMaker maker(phase_with_value({20}), 1);
    std::string value;
    maker.fill(70000, 80000, value);
    EXPECT_EQ(ValueMaker::stamp_of(value)->identifier, 70000U);
    EXPECT_EQ(ValueMaker::stamp_of(value)->version, 80000U);
    EXPECT_FALSE(ValueMaker::stamp_of("1234567"));
}

TEST(ValueMaker, RangeIsUniform) {
    const ValueMaker maker(phase_with_value({50, 149}), 1);
    std::map<uint64_t, int> counts;
    for (uint64_t i = 0; i < 100000; ++i) ++counts[maker.size(i, 1)];
    EXPECT_EQ(counts.begin()->first, 50U);
    EXPECT_EQ(counts.rbegin()->first, 149U);
    double chi = 0;
    for (const auto& [size, count] : counts) chi += (count - 1000) * (count - 1000) / 1000.0;
    EXPECT_LT(chi, 99 + 5 * 14.07);
}

TEST(ValueMaker, ListFollowsItsWeights) {
    Phase phase = phase_with_value({});
    phase.value_sizes = {10, 20, 4000};
    phase.value_weights = {8, 0, 2};
    const ValueMaker maker(phase, 1);
    std::map<uint64_t, int> counts;
    for (uint64_t i = 0; i < 100000; ++i) ++counts[maker.size(1, static_cast<uint32_t>(i))];
    EXPECT_EQ(counts.size(), 2U);
    EXPECT_NEAR(counts[10], 80000, 5 * 126);
}

TEST(ValueMaker, CodecsSaveTheShareThatWasAskedFor) {
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        Phase phase = phase_with_value({1000});
        phase.compressibility = share;
        const ValueMaker maker(phase, 1);
        std::string all;
        std::string value;
        for (uint64_t i = 0; i < 60; ++i) {
            maker.fill(i, 1, value);
            all += value;
        }
        std::string out(static_cast<size_t>(LZ4_compressBound(static_cast<int>(all.size()))), '\0');
        const int bytes = LZ4_compress_default(all.data(), out.data(), static_cast<int>(all.size()),
                                               static_cast<int>(out.size()));
        EXPECT_NEAR(1 - static_cast<double>(bytes) / static_cast<double>(all.size()), share, 0.12);
    }
}

}  // namespace
}  // namespace lsm::workloads
