#include "framework/base/number.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "framework/base/random.hpp"

namespace lsm {
namespace {

TEST(Number, PrintsTheShortestText) {
    EXPECT_EQ(format_number(0.1), "0.1");
    EXPECT_EQ(format_number(1.0 / 3), "0.3333333333333333");
    EXPECT_EQ(format_number(3.0), "3");
    EXPECT_EQ(format_number(-2.5), "-2.5");
    EXPECT_EQ(format_number(1e6), "1000000");
    EXPECT_EQ(format_number(123456789012.0), "123456789012");
    EXPECT_EQ(format_number(1e20), "1e+20");
    EXPECT_EQ(format_number(1e-7), "1e-07");
    EXPECT_EQ(format_number(0.00025), "0.00025");
    EXPECT_EQ(format_number(uint64_t{18446744073709551615U}), "18446744073709551615");
}

TEST(Number, HasOneTextPerValue) {
    EXPECT_EQ(format_number(0.0), "0");
    EXPECT_EQ(format_number(-0.0), "0");
    EXPECT_EQ(format_number(std::nan("")), "");
    EXPECT_EQ(format_number(std::numeric_limits<double>::infinity()), "inf");
    EXPECT_EQ(format_number(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(Number, EveryFiniteValueReadsBack) {
    Random random(7);
    for (int i = 0; i < 100'000; ++i) {
        const auto value = std::bit_cast<double>(random.next());
        if (!std::isfinite(value)) continue;
        EXPECT_EQ(parse_real(format_number(value)), value);
    }
    EXPECT_EQ(parse_real(format_number(5e-324)), 5e-324);
    EXPECT_EQ(parse_real(format_number(1e15)), 1e15);
}

TEST(Number, ReadsDecimalsOnly) {
    EXPECT_EQ(parse_real("1.5"), 1.5);
    EXPECT_EQ(parse_real("-1e-3"), -0.001);
    EXPECT_EQ(parse_real("2E5"), 2e5);
    for (const char* text : {"", "+1", "nan", "inf", "-inf", "infinity", "0x1p3", "1.5x", " 1",
                             "1 ", "1,5", "e5", "-", "1e400", "."})
        EXPECT_EQ(parse_real(text), std::nullopt) << "'" << text << "'";
}

}  // namespace
}  // namespace lsm
