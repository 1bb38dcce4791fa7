// The Bloom filter (Bloom, 1970): a key sets k bits of an array; a key whose k bits are not all set
// was never added.
//
// The k positions come from two hashes, first + i * second (Kirsch and Mitzenmacher, 2006), each
// mapped to the array by a multiplication instead of a division. Bytes: the array, then k. With
// b bits per key, k = round(b ln 2), at least 1, and the false positive rate is (1 - e^(-k/b))^k.
// A probe touches up to k cache lines; blocked_bloom touches one.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "framework/base/hash.hpp"
#include "framework/base/math.hpp"
#include "framework/policy/filter.hpp"
#include "framework/policy/options.hpp"

namespace lsm::filter {

class Bloom {
  public:
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about = "the standard Bloom filter: k bits anywhere";

    explicit Bloom(const Options&) {}

    std::string build(std::span<const uint64_t> hashes, double bits_per_key) const {
        if (hashes.empty() || !(bits_per_key > 0)) return {};
        const double bits = bits_per_key * static_cast<double>(hashes.size());
        const auto bytes = static_cast<size_t>(bits / 8) + 1;
        const unsigned probes = probe_count(bits_per_key);
        std::string filter(bytes + 1, '\0');
        filter.back() = static_cast<char>(probes);
        for (const uint64_t hash : hashes) {
            Positions positions(hash, bytes * 8);
            for (unsigned i = 0; i < probes; ++i) {
                const uint64_t bit = positions.next();
                filter[bit / 8] = static_cast<char>(filter[bit / 8] | 1 << bit % 8);
            }
        }
        return filter;
    }

    bool may_contain(std::string_view filter, uint64_t hash) const {
        if (filter.size() < 2) return true;
        const auto probes = static_cast<unsigned char>(filter.back());
        if (probes == 0 || probes > kMostProbes) return true;
        Positions positions(hash, (filter.size() - 1) * 8);
        for (unsigned i = 0; i < probes; ++i) {
            const uint64_t bit = positions.next();
            if ((filter[bit / 8] >> bit % 8 & 1) == 0) return false;
        }
        return true;
    }

    double false_positive_rate(double bits_per_key) const {
        if (!(bits_per_key > 0)) return 1;
        const double probes = probe_count(bits_per_key);
        return exact_pow(1 - exact_exp(-probes / bits_per_key), probes);
    }

  private:
    static constexpr unsigned kMostProbes = 30;

    static unsigned probe_count(double bits_per_key) {
        constexpr double kLn2 = 0.6931471805599453;
        const double best = std::min(bits_per_key * kLn2, double{kMostProbes});
        return std::max(1U, static_cast<unsigned>(best + 0.5));
    }

    class Positions {
      public:
        Positions(uint64_t hash, uint64_t bits) : at_(hash), step_(mix64(hash)), bits_(bits) {}
        uint64_t next() {
            __extension__ using Wide = unsigned __int128;
            const auto bit = static_cast<uint64_t>((static_cast<Wide>(at_) * bits_) >> 64);
            at_ += step_;
            return bit;
        }

      private:
        uint64_t at_;
        uint64_t step_;
        uint64_t bits_;
    };
};

}  // namespace lsm::filter
