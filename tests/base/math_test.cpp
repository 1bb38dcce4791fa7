#include "framework/base/math.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "framework/base/random.hpp"

namespace lsm {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Both are close to the truth, so the C library's is good enough to compare with.
double relative_error(double ours, double theirs) {
    if (ours == theirs) return 0;
    return std::fabs(ours - theirs) / std::fabs(theirs);
}

TEST(Math, ExpIsCloseToTheCLibrary) {
    Random random(1);
    double worst = 0;
    for (int i = 0; i < 200'000; ++i) {
        const double x = (random.unit() * 2 - 1) * 700;
        worst = std::max(worst, relative_error(exact_exp(x), std::exp(x)));
        const double small = std::ldexp(random.unit() * 2 - 1, -static_cast<int>(random.below(60)));
        worst = std::max(worst, relative_error(exact_exp(small), std::exp(small)));
    }
    EXPECT_LT(worst, 1e-14);
}

TEST(Math, LogIsCloseToTheCLibrary) {
    Random random(2);
    double worst = 0;
    for (int i = 0; i < 200'000; ++i) {
        const double x = std::ldexp(1 + random.unit(), static_cast<int>(random.below(2000)) - 1000);
        worst = std::max(worst, relative_error(exact_log(x), std::log(x)));
        // Near 1 the logarithm is small and nothing may cancel.
        const double near =
            1 + std::ldexp(random.unit() - 0.5, -static_cast<int>(random.below(45)));
        worst = std::max(worst, relative_error(exact_log(near), std::log(near)));
    }
    EXPECT_LT(worst, 1e-14);
}

TEST(Math, PowIsCloseToTheCLibrary) {
    Random random(3);
    double worst = 0;
    for (int i = 0; i < 200'000; ++i) {
        const double base = std::ldexp(1 + random.unit(), static_cast<int>(random.below(80)) - 40);
        const double exponent = (random.unit() * 2 - 1) * 24;
        const double theirs = std::pow(base, exponent);
        if (theirs < 1e-300 || theirs > 1e300) continue;
        worst = std::max(worst, relative_error(exact_pow(base, exponent), theirs));
    }
    EXPECT_LT(worst, 1e-14);
    EXPECT_LT(relative_error(exact_pow(1 + 1e-12, 3e14), std::pow(1 + 1e-12, 3e14)), 1e-13);
}

TEST(Math, WholePowersAreExact) {
    for (int base = 2; base <= 10; ++base) {
        double power = 1;
        for (int exponent = 0; power < 1e15; ++exponent) {
            EXPECT_EQ(exact_pow(base, exponent), power) << base << "^" << exponent;
            power *= base;
        }
    }
    EXPECT_EQ(exact_pow(4, 0.5), 2);
}

TEST(Math, Ends) {
    EXPECT_EQ(exact_exp(0), 1);
    EXPECT_EQ(exact_exp(-1000), 0);
    EXPECT_EQ(exact_exp(710), kInfinity);
    EXPECT_EQ(exact_exp(-kInfinity), 0);
    EXPECT_EQ(exact_exp(kInfinity), kInfinity);
    EXPECT_EQ(exact_exp(-745.1), 5e-324);
    EXPECT_TRUE(std::isfinite(exact_exp(709.78)));
    EXPECT_EQ(exact_log(1), 0);
    EXPECT_EQ(exact_log(0), -kInfinity);
    EXPECT_EQ(exact_log(kInfinity), kInfinity);
    EXPECT_TRUE(std::isnan(exact_log(-1)));
    EXPECT_LT(relative_error(exact_log(5e-324), std::log(5e-324)), 1e-15);
    EXPECT_EQ(exact_pow(0, 2), 0);
    EXPECT_EQ(exact_pow(0, -1), kInfinity);
    EXPECT_EQ(exact_pow(0, 0), 1);
    EXPECT_EQ(exact_pow(1, kInfinity), 1);
    EXPECT_EQ(exact_pow(2, kInfinity), kInfinity);
    EXPECT_EQ(exact_pow(2, -kInfinity), 0);
    EXPECT_EQ(exact_pow(0.5, kInfinity), 0);
    EXPECT_EQ(exact_pow(2, 5000), kInfinity);
    EXPECT_TRUE(std::isnan(exact_pow(-1, 2)));
}

// The bits are part of the contract: results that were kept must come out again on every machine.
TEST(Math, BitsStayAsTheyAre) {
    uint64_t bits = 0;
    Random random(4);
    for (int i = 0; i < 10'000; ++i) {
        const double x = random.unit() * 50 + 0.001;
        const double y = random.unit() * 8 - 4;
        for (const double value : {exact_exp(y), exact_log(x), exact_pow(x, y)})
            bits = mix64(bits ^ std::bit_cast<uint64_t>(value));
    }
    EXPECT_EQ(bits, 5547832304557313079U);
}

}  // namespace
}  // namespace lsm
