// Ranks that follow Zipf's law: rank r of n has a probability in proportion to 1 / (r + 1)^theta, 0
// <= theta < 1.
//
// Source: Gray et al., "Quickly generating billion-record synthetic databases", SIGMOD 1994,
// section 3.2: one uniform draw is turned into a rank by a closed form that is exact for the first
// two ranks and close for the others. YCSB uses the same. The harmonic sum zeta(n) comes from the
// Euler-Maclaurin formula (relative error below 1e-14), so that n may be 10^10, and may grow.
//
// A draw costs some 20 ns: the power is read from a table and corrected by its binomial series, and
// goes through exact_pow only where the series would converge slowly. All arithmetic is plain IEEE,
// the same on every machine. Not thread-safe while growing.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "framework/base/random.hpp"

namespace lsm::workloads {

/// Sum of 1 / i^theta over i = 1..n, 0 <= theta < 1. The terms that are added one by one are kept,
/// so that asking for another n costs two powers.
class Zeta {
  public:
    explicit Zeta(double theta);
    double operator()(uint64_t n) const;

  private:
    static constexpr uint64_t kSummed = 64;
    double theta_;
    double sums_[kSummed + 1];  // of the first 0, 1, ... terms
    double last_power_;         // kSummed^-theta
};

/// x^exponent for x in [0, 1], by table.
class FastPower {
  public:
    explicit FastPower(double exponent);
    double operator()(double x) const;

  private:
    double exponent_;
    double farthest_;         // largest relative distance from a table point that the series takes
    double coefficients_[7];  // of the binomial series, without the leading 1
    std::vector<double> at_points_;
};

class Zipf {
  public:
    Zipf(uint64_t n, double theta);

    uint64_t size() const { return n_; }
    /// Changes n, in some 300 ns; to what it is, in none.
    void resize(uint64_t n);
    /// In [0, n).
    uint64_t draw(Random& random) const;
    /// Theory, for tests and models: how probable a rank is.
    double probability(uint64_t rank) const;

  private:
    uint64_t n_ = 0;
    double theta_;
    Zeta zeta_;
    double zeta_n_ = 0;
    double second_;  // 1 + 2^-theta: below it, rank 1 is drawn
    double eta_ = 0;
    std::shared_ptr<const FastPower> power_;  // x^(1 / (1 - theta))
};

}  // namespace lsm::workloads
