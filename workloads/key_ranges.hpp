// Hot key ranges, as in mixgraph: a range is chosen by its weight a e^(b i) + c e^(d i), the ranges
// standing in random order over the key space, and a key within it by a power law: the hottest x
// ranks of a range get the share a x^b of its operations, and ranks are scattered over the range by
// a hash.
//
// Source: Cao et al., "Characterizing, Modeling, and Benchmarking RocksDB Key-Value Workloads at
// Facebook", FAST 2020, section 6, and its parameters for db_bench. Ranks go as far as the power
// law does, (1/a)^(1/b), 4e7 with the parameters given there; a smaller range folds them.
#pragma once

#include <cstdint>
#include <vector>

#include "framework/base/random.hpp"
#include "workloads/phase.hpp"
#include "workloads/zipf.hpp"

namespace lsm::workloads {

/// Shares of the ranges, which sum to 1, before they are shuffled; nothing where the phase's
/// parameters give no distribution.
std::vector<double> range_shares(const Phase& phase);

class KeyRanges {
  public:
    /// Error-free for a phase whose range_shares are not empty.
    KeyRanges(const Phase& phase, uint64_t seed);

    /// In [0, count), count > 0.
    uint64_t draw(uint64_t count, Random& random) const;

    /// Which of the shares stands at each place of the key space.
    const std::vector<uint32_t>& order() const { return order_; }

  private:
    std::vector<uint32_t> order_;
    std::vector<double> cumulative_;
    FastPower power_;  // u^(1/b)
    double farthest_;  // (1/a)^(1/b)
};

}  // namespace lsm::workloads
