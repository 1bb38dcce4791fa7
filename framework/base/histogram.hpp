// Counts of latencies in buckets whose width grows with the value, as HdrHistogram has them: exact
// below 256, then 128 buckets per power of two, so that a percentile is at most 1/128 above the
// value that was recorded. All of uint64_t fits.
//
// record costs a few instructions and one counter; the object is 58 KiB. Not thread-safe: one per
// thread, merged afterwards. Leaves out: resizing, correction for coordinated omission,
// compression.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace lsm {

class Histogram {
  public:
    Histogram() : counts_(kBuckets) {}

    void record(uint64_t nanoseconds) {
        ++counts_[bucket_of(nanoseconds)];
        ++count_;
        sum_ += static_cast<double>(nanoseconds);
        minimum_ = nanoseconds < minimum_ ? nanoseconds : minimum_;
        maximum_ = nanoseconds > maximum_ ? nanoseconds : maximum_;
    }

    void merge(const Histogram& other);
    void clear();

    uint64_t count() const { return count_; }
    /// 0 when nothing was recorded; so are the others.
    uint64_t min() const { return count_ == 0 ? 0 : minimum_; }
    uint64_t max() const { return maximum_; }
    double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
    /// The value that `percent` (0 to 100) of the records do not exceed: the highest of its bucket,
    /// never above max().
    uint64_t percentile(double percent) const;

  private:
    static constexpr int kSubBits = 7;
    static constexpr uint64_t kBuckets = (64 - kSubBits + 1) << kSubBits;

    static uint64_t bucket_of(uint64_t value) {
        const int width = static_cast<int>(std::bit_width(value));
        const int shift = width > kSubBits + 1 ? width - kSubBits - 1 : 0;
        return (static_cast<uint64_t>(shift) << kSubBits) + (value >> shift);
    }
    static uint64_t highest_in(uint64_t bucket);

    std::vector<uint64_t> counts_;
    uint64_t count_ = 0;
    double sum_ = 0;
    uint64_t minimum_ = UINT64_MAX;
    uint64_t maximum_ = 0;
};

}  // namespace lsm
