#include "framework/base/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace lsm {

uint64_t Histogram::highest_in(uint64_t bucket) {
    constexpr uint64_t kExact = uint64_t{2} << kSubBits;
    if (bucket < kExact) return bucket;
    const uint64_t shift = (bucket >> kSubBits) - 1;
    const uint64_t first = bucket - (shift << kSubBits);
    return (first << shift) + ((uint64_t{1} << shift) - 1);
}

void Histogram::merge(const Histogram& other) {
    for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    minimum_ = std::min(minimum_, other.minimum_);
    maximum_ = std::max(maximum_, other.maximum_);
}

void Histogram::clear() { *this = Histogram(); }

uint64_t Histogram::percentile(double percent) const {
    if (count_ == 0) return 0;
    // Multiplied before it is divided, so that 99 percent of 100 is 99.
    const double records = std::clamp(percent, 0.0, 100.0) * static_cast<double>(count_) / 100;
    const auto wanted = std::max<uint64_t>(1, static_cast<uint64_t>(std::ceil(records)));
    uint64_t seen = 0;
    for (uint64_t bucket = 0; bucket < kBuckets; ++bucket) {
        seen += counts_[bucket];
        if (seen >= wanted) return std::min(highest_in(bucket), maximum_);
    }
    return maximum_;
}

}  // namespace lsm
