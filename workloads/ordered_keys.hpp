// The numbers of the live keys in order, for checking scans: buckets by the leading bits, each a
// small sorted array. Insert, erase and a walk's start cost a few cache misses. Keys that are
// spread evenly over their range, or ascend, keep the buckets small; a set that grew fourfold is
// laid out anew. Not thread-safe.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

namespace lsm::workloads {

class OrderedKeys {
  public:
    /// Takes the numbers, distinct, in any order.
    explicit OrderedKeys(const std::vector<uint64_t>& numbers) { lay_out(numbers); }

    void insert(uint64_t number) {
        if (count_ >= 4 * laid_out_) lay_out(all());
        auto& bucket = bucket_for(number);
        bucket.insert(std::lower_bound(bucket.begin(), bucket.end(), number), number);
        ++count_;
    }

    void erase(uint64_t number) {
        auto& bucket = bucket_for(number);
        bucket.erase(std::lower_bound(bucket.begin(), bucket.end(), number));
        --count_;
    }

    /// Goes through the numbers from `from` on, upwards or downwards. Valid until the set changes.
    class Walk {
      public:
        Walk(const OrderedKeys& keys, uint64_t from, bool backward)
            : keys_(keys), backward_(backward) {
            bucket_ = std::min<uint64_t>(from >> keys.shift_, keys.buckets_.size() - 1);
            const auto& bucket = keys.buckets_[bucket_];
            // Backwards, `place_` is one beyond the number that comes next.
            const auto at = backward ? std::upper_bound(bucket.begin(), bucket.end(), from)
                                     : std::lower_bound(bucket.begin(), bucket.end(), from);
            place_ = static_cast<uint64_t>(at - bucket.begin());
            settle();
        }

        /// The next number, which stays the next one until take().
        std::optional<uint64_t> peek() const {
            if (done_) return std::nullopt;
            return keys_.buckets_[bucket_][backward_ ? place_ - 1 : place_];
        }
        void take() {
            backward_ ? --place_ : ++place_;
            settle();
        }

      private:
        void settle() {
            if (backward_) {
                while (place_ == 0) {
                    if (bucket_ == 0) {
                        done_ = true;
                        return;
                    }
                    place_ = keys_.buckets_[--bucket_].size();
                }
            } else {
                while (place_ == keys_.buckets_[bucket_].size()) {
                    if (bucket_ + 1 == keys_.buckets_.size()) {
                        done_ = true;
                        return;
                    }
                    ++bucket_;
                    place_ = 0;
                }
            }
        }

        const OrderedKeys& keys_;
        bool backward_;
        uint64_t bucket_ = 0;
        uint64_t place_ = 0;
        bool done_ = false;
    };

  private:
    static constexpr uint64_t kPerBucket = 8;

    void lay_out(std::vector<uint64_t> numbers) {
        std::sort(numbers.begin(), numbers.end());
        count_ = numbers.size();
        laid_out_ = std::max<uint64_t>(count_, 64);
        const uint64_t largest = numbers.empty() ? 1 : numbers.back() | 1U;
        shift_ = 0;
        while ((largest >> shift_) >= 2 * laid_out_ / kPerBucket) ++shift_;
        buckets_.assign((largest >> shift_) + 1, {});
        for (const uint64_t number : numbers) buckets_[number >> shift_].push_back(number);
    }

    std::vector<uint64_t> all() const {
        std::vector<uint64_t> numbers;
        numbers.reserve(count_);
        for (const auto& bucket : buckets_)
            numbers.insert(numbers.end(), bucket.begin(), bucket.end());
        return numbers;
    }

    std::vector<uint64_t>& bucket_for(uint64_t number) {
        uint64_t bucket = number >> shift_;
        if (bucket >= kMaxBuckets * laid_out_) {
            // Far beyond what is there: wider buckets rather than many empty ones.
            auto numbers = all();
            numbers.push_back(number);
            lay_out(numbers);
            bucket = number >> shift_;
            std::erase(buckets_[bucket], number);
            --count_;
        }
        if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
        return buckets_[bucket];
    }

    static constexpr uint64_t kMaxBuckets = 4;  // per number that was laid out

    std::vector<std::vector<uint64_t>> buckets_;
    unsigned shift_ = 0;
    uint64_t count_ = 0;
    uint64_t laid_out_ = 0;
};

}  // namespace lsm::workloads
