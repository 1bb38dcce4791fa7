#include "workloads/key_ranges.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "framework/base/math.hpp"
#include "workloads/key_chooser.hpp"

namespace lsm::workloads {

std::vector<double> range_shares(const Phase& phase) {
    std::vector<double> weights;
    double sum = 0;
    for (uint64_t i = 1; i <= phase.ranges; ++i) {
        const auto place = static_cast<double>(i);
        const double one = phase.range_weights[0] * exact_exp(phase.range_weights[1] * place) +
                           phase.range_weights[2] * exact_exp(phase.range_weights[3] * place);
        if (!(one >= 0) || !std::isfinite(one)) return {};
        weights.push_back(one);
        sum += one;
    }
    if (!(sum > 0) || !std::isfinite(sum)) return {};
    for (double& one : weights) one /= sum;
    return weights;
}

KeyRanges::KeyRanges(const Phase& phase, uint64_t seed)
    : order_(phase.ranges),
      power_(1 / phase.range_power[1]),
      farthest_(exact_pow(1 / phase.range_power[0], 1 / phase.range_power[1])) {
    std::iota(order_.begin(), order_.end(), 0U);
    Random random = Random::stream(seed, "key ranges");
    for (uint64_t i = phase.ranges; i > 1; --i) std::swap(order_[i - 1], order_[random.below(i)]);
    const std::vector<double> shares = range_shares(phase);
    double below = 0;
    for (const uint32_t range : order_) cumulative_.push_back(below += shares[range]);
    cumulative_.back() = 1;
}

uint64_t KeyRanges::draw(uint64_t count, Random& random) const {
    const double which = random.unit();
    const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), which);
    const auto ranges = static_cast<uint64_t>(cumulative_.size());
    const auto range = std::min(static_cast<uint64_t>(found - cumulative_.begin()), ranges - 1);
    const double rank = std::min(power_(random.unit()) * farthest_, 0x1p62);
    const uint64_t first = range * count / ranges;
    const uint64_t keys = std::max<uint64_t>((range + 1) * count / ranges - first, 1);
    return std::min(first + fnv_hash(static_cast<uint64_t>(rank)) % keys, count - 1);
}

}  // namespace lsm::workloads
