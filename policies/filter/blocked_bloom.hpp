// The cache-local Bloom filter (Putze, Sanders and Singler, 2007): one hash picks a line of 512
// bits, all of a key's bits lie in that line. A probe costs one cache miss instead of up to k, and
// a somewhat higher false positive rate, since some lines hold more keys than others.
//
// Bytes: the lines of 64 bytes, then k. Positions in the line are 9 bits each of a hash of the
// hash. The rate is the average of the standard one at n + sqrt(n) and n - sqrt(n) keys per line,
// where n = 512 / bits per key. The best number of probes by bits per key is taken from RocksDB's
// measurements for lines of 512 bits (util/bloom_impl.h).
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include "framework/base/hash.hpp"
#include "framework/base/math.hpp"
#include "framework/policy/filter.hpp"
#include "framework/policy/options.hpp"

namespace lsm::filter {

class BlockedBloom {
  public:
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about =
        "a Bloom filter whose bits for a key lie in one cache line";

    explicit BlockedBloom(const Options&) {}

    std::string build(std::span<const uint64_t> hashes, double bits_per_key) const {
        if (hashes.empty() || !(bits_per_key > 0)) return {};
        const double bits = bits_per_key * static_cast<double>(hashes.size());
        const auto lines = static_cast<uint64_t>(bits / kLineBits) + 1;
        const unsigned probes = probe_count(bits_per_key);
        std::string filter(lines * kLineBytes + 1, '\0');
        filter.back() = static_cast<char>(probes);
        for (const uint64_t hash : hashes) {
            char* line = filter.data() + line_of(hash, lines) * kLineBytes;
            Positions positions(hash);
            for (unsigned i = 0; i < probes; ++i) {
                const unsigned bit = positions.next();
                line[bit / 8] = static_cast<char>(line[bit / 8] | 1 << bit % 8);
            }
        }
        return filter;
    }

    bool may_contain(std::string_view filter, uint64_t hash) const {
        if (filter.size() <= kLineBytes || filter.size() % kLineBytes != 1) return true;
        const auto probes = static_cast<unsigned char>(filter.back());
        if (probes == 0 || probes > kMostProbes) return true;
        const char* line = filter.data() + line_of(hash, filter.size() / kLineBytes) * kLineBytes;
        Positions positions(hash);
        for (unsigned i = 0; i < probes; ++i) {
            const unsigned bit = positions.next();
            if ((line[bit / 8] >> bit % 8 & 1) == 0) return false;
        }
        return true;
    }

    double false_positive_rate(double bits_per_key) const {
        if (!(bits_per_key > 0)) return 1;
        const double keys = kLineBits / bits_per_key;
        const double spread = std::sqrt(keys);  // exact in IEEE arithmetic, unlike exp and log
        const unsigned probes = probe_count(bits_per_key);
        return (line_rate(keys + spread, probes) +
                line_rate(std::max(keys - spread, 0.0), probes)) /
               2;
    }

  private:
    static constexpr uint64_t kLineBytes = 64;
    static constexpr double kLineBits = 512;
    static constexpr unsigned kMostProbes = 24;

    static double line_rate(double keys, double probes) {
        return exact_pow(1 - exact_exp(-probes * keys / kLineBits), probes);
    }

    static unsigned probe_count(double bits_per_key) {
        constexpr double kUpTo[] = {2.08, 3.58, 5.10, 6.64, 8.30, 10.07, 11.72, 14.0};
        unsigned probes = 1;
        for (const double bits : kUpTo) {
            if (bits_per_key <= bits) return probes;
            ++probes;
        }
        // Beyond: a probe more for every two bits.
        const double more = std::min((bits_per_key - 14.0) / 2, double{kMostProbes});
        return std::min(probes + static_cast<unsigned>(more), kMostProbes);
    }

    static uint64_t line_of(uint64_t hash, uint64_t lines) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<uint64_t>((static_cast<Wide>(hash) * lines) >> 64);
    }

    class Positions {
      public:
        explicit Positions(uint64_t hash) : word_(mix64(hash)) {}
        unsigned next() {
            if (left_ == 0) {
                seed_ = word_ = mix64(seed_ + 0x9e3779b97f4a7c15ULL);
                left_ = kPerWord;
            }
            --left_;
            const auto bit = static_cast<unsigned>(word_ & 511);
            word_ >>= 9;
            return bit;
        }

      private:
        static constexpr unsigned kPerWord = 7;  // 63 of 64 bits
        uint64_t word_;
        uint64_t seed_ = word_;
        unsigned left_ = kPerWord;
    };
};

}  // namespace lsm::filter
