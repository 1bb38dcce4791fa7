// Draws from distributions that have no cheap inverse, by tables that are made once from their
// formulas with exact_exp and exact_pow: the same on every machine, 10 to 30 ns a draw.
//
//   ShareTable   a density over [0, 1): normal (cut off at the ends) and Beta;
//   CountTable   whole numbers 1..limit whose distribution is a generalised Pareto one, rounded up,
//                with all that is above the limit in it. Immutable; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "framework/base/random.hpp"

namespace lsm::workloads {

class ShareTable {
  public:
    static ShareTable normal(double mean, double deviation);
    /// Both shapes from 0.5 on.
    static ShareTable beta(double first, double second);

    /// In [0, 1).
    double draw(Random& random) const;

  private:
    /// `bent`: cells are narrower towards the ends, where Beta's density may be infinite.
    ShareTable(std::vector<double> weights, bool bent);

    bool bent_;
    std::vector<double> cumulative_;  // of the cells before each one; 0 first, 1 last
    std::vector<uint32_t> guide_;     // the first cell that a piece of [0, 1) falls in
};

class CountTable {
  public:
    /// Distribution function 1 - (1 + shape x / scale)^(-1/shape), or 1 - e^(-x/scale) at shape 0.
    CountTable(double shape, double scale, uint64_t limit);

    /// The number at that place of [0, 2^64).
    uint64_t at(uint64_t word) const;
    uint64_t largest() const { return below_.size() + 1; }

  private:
    std::vector<uint64_t> below_;  // at index i: 2^64 times the probability of i + 1 or less
};

}  // namespace lsm::workloads
