#include "workloads/zipf.hpp"

#include <cmath>

#include "framework/base/math.hpp"

namespace lsm::workloads {

namespace {
constexpr uint64_t kPoints = 4096;
}  // namespace

Zeta::Zeta(double theta) : theta_(theta), last_power_(exact_pow(kSummed, -theta)) {
    sums_[0] = 0;
    for (uint64_t i = 1; i <= kSummed; ++i)
        sums_[i] = sums_[i - 1] + exact_pow(static_cast<double>(i), -theta);
}

double Zeta::operator()(uint64_t n) const {
    if (n <= kSummed) return sums_[n];
    // The rest, kSummed + 1 .. n: integral, half of the ends, and two derivatives; the next term is
    // below 1e-13.
    const auto from = static_cast<double>(kSummed);
    const auto to = static_cast<double>(n);
    const double power_to = exact_pow(to, -theta_);
    const double integral = (to * power_to - from * last_power_) / (1 - theta_);
    const double ends = (power_to - last_power_) / 2;
    const double first = theta_ / 12 * (last_power_ / from - power_to / to);
    const double third = theta_ * (theta_ + 1) * (theta_ + 2) / 720 *
                         (last_power_ / (from * from * from) - power_to / (to * to * to));
    return sums_[kSummed] + integral + ends + first - third;
}

FastPower::FastPower(double exponent) : exponent_(exponent), farthest_(0.1 / (exponent + 1)) {
    double coefficient = 1;
    for (int i = 0; i < 7; ++i) {
        coefficient *= (exponent - i) / (i + 1);
        coefficients_[i] = coefficient;
    }
    at_points_.reserve(kPoints + 1);
    for (uint64_t i = 0; i <= kPoints; ++i) {
        at_points_.push_back(exact_pow(static_cast<double>(i) / kPoints, exponent));
    }
}

double FastPower::operator()(double x) const {
    const double scaled = x * kPoints;
    const auto nearest = static_cast<uint64_t>(scaled + 0.5);
    const auto point = static_cast<double>(nearest);
    const double distance = (scaled - point) / point;
    if (nearest == 0 || std::fabs(distance) > farthest_) return exact_pow(x, exponent_);
    double sum = 0;
    for (int i = 6; i >= 0; --i) sum = (sum + coefficients_[i]) * distance;
    return at_points_[nearest] * (1 + sum);
}

Zipf::Zipf(uint64_t n, double theta)
    : theta_(theta),
      zeta_(theta),
      second_(1 + exact_pow(0.5, theta)),
      power_(std::make_shared<const FastPower>(1 / (1 - theta))) {
    resize(n);
}

void Zipf::resize(uint64_t n) {
    if (n == n_) return;
    n_ = n;
    zeta_n_ = zeta_(n);
    const auto size = static_cast<double>(n);
    eta_ = n <= 2 ? 0 : (1 - exact_pow(2 / size, 1 - theta_)) / (1 - second_ / zeta_n_);
}

uint64_t Zipf::draw(Random& random) const {
    const double uniform = random.unit();
    const double scaled = uniform * zeta_n_;
    if (scaled < 1 || n_ == 1) return 0;
    if (scaled < second_ || n_ == 2) return 1;
    const double x = eta_ * uniform - eta_ + 1;
    const auto rank = static_cast<uint64_t>(static_cast<double>(n_) * (*power_)(x));
    return rank < n_ ? rank : n_ - 1;
}

double Zipf::probability(uint64_t rank) const {
    return exact_pow(static_cast<double>(rank + 1), -theta_) / zeta_n_;
}

}  // namespace lsm::workloads
