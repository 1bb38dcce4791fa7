#include "framework/base/math.hpp"

#include <cmath>
#include <limits>

// Only + - * / and exact library functions (floor, frexp, ldexp, fabs) are used, so that IEEE 754
// fixes every bit.
//
// exp:  x = k ln 2 + r with |r| <= ln 2 / 2, and the Taylor series of e^r to degree 13 (the next
// term is below 2^-57). log:  x = 2^k m with m in [sqrt 1/2, sqrt 2), s = (m - 1) / (m + 1), log m
// = 2 (s + s^3/3 + s^5/5 + ...). The leading term is
//       kept as a sum of two doubles (some 60 bits), which pow needs.
// pow:  exp of the product exponent * log base, in two doubles as well: an error of the logarithm's
// last place would else be
//       multiplied by the exponent.

namespace lsm {
namespace {

// ln 2 in two parts; the first has 21 trailing zero bits, so that its product with an exponent of
// up to 11 bits is exact.
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// A value as the unevaluated sum of two doubles, the second far smaller.
struct Pair {
    double high;
    double low;
};

Pair exact_sum(double a, double b) {
    const double sum = a + b;
    const double b_part = sum - a;
    return {sum, (a - (sum - b_part)) + (b - b_part)};
}

/// Dekker's product; the factors must stay below 2^996 in magnitude.
Pair exact_product(double a, double b) {
    constexpr double kSplit = 0x1p27 + 1;
    const double a_scaled = kSplit * a;
    const double a_high = a_scaled - (a_scaled - a);
    const double a_low = a - a_high;
    const double b_scaled = kSplit * b;
    const double b_high = b_scaled - (b_scaled - b);
    const double b_low = b - b_high;
    const double product = a * b;
    return {product,
            ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

double exp_of(Pair x) {
    if (std::isnan(x.high)) return x.high;
    if (x.high > 709.79) return kInfinity;
    if (x.high < -745.2) return 0;
    const double k = std::floor(x.high * 0x1.71547652b82fep+0 + 0.5);
    const double r = (x.high - k * kLn2High) - k * kLn2Low + x.low;
    double sum = 1;
    for (int i = 13; i >= 1; --i) sum = 1 + sum * r / i;
    return std::ldexp(sum, static_cast<int>(k));
}

/// For positive finite x.
Pair log_of(double x) {
    int exponent = 0;
    double m = std::frexp(x, &exponent);
    if (m < 0x1.6a09e667f3bcdp-1) {
        m *= 2;
        --exponent;
    }
    const double numerator = m - 1;
    const Pair denominator = exact_sum(m, 1);
    const double s = numerator / denominator.high;
    const Pair back = exact_product(s, denominator.high);
    const double s_low =
        ((numerator - back.high) - back.low - s * denominator.low) / denominator.high;

    const double square = s * s;
    double series = 0;
    for (int i = 25; i >= 3; i -= 2) series = (series + 1.0 / i) * square;
    const double rest = 2 * s * series + 2 * s_low;

    const double k = exponent;
    const Pair sum = exact_sum(k * kLn2High, 2 * s);
    const Pair result = exact_sum(sum.high, sum.low + (k * kLn2Low + rest));
    return result;
}

}  // namespace

double exact_exp(double x) { return exp_of({x, 0}); }

double exact_log(double x) {
    if (std::isnan(x) || x < 0) return kNotANumber;
    if (x == 0) return -kInfinity;
    if (std::isinf(x)) return x;
    return log_of(x).high;
}

double exact_pow(double base, double exponent) {
    if (exponent == 0 || base == 1) return 1;
    if (std::isnan(base) || std::isnan(exponent) || base < 0) return kNotANumber;
    if (base == 0) return exponent > 0 ? 0 : kInfinity;
    if (std::isinf(base)) return exponent > 0 ? kInfinity : 0;
    const Pair logarithm = log_of(base);
    const double estimate = logarithm.high * exponent;
    if (!(std::fabs(estimate) < 800)) return estimate > 0 ? kInfinity : 0;
    const Pair product = exact_product(logarithm.high, exponent);
    return exp_of({product.high, product.low + logarithm.low * exponent});
}

}  // namespace lsm
