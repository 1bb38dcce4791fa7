// Random numbers that are the same on every machine: xoshiro256** seeded by SplitMix64 (Blackman
// and Vigna, 2018). All randomness of an experiment comes from one seed through named streams, so
// that adding a consumer does not shift the others. Not thread-safe: one generator per user. The
// standard library's distributions differ between implementations and are not used.
#pragma once

#include <cstdint>
#include <string_view>

#include "framework/base/hash.hpp"

namespace lsm {

class Random {
  public:
    explicit Random(uint64_t seed) {
        for (uint64_t& word : state_) {
            seed += 0x9e3779b97f4a7c15ULL;
            word = mix64(seed);
        }
    }

    /// An independent generator for the consumer `name` of an experiment with this seed.
    static Random stream(uint64_t seed, std::string_view name) {
        return Random(hash_bytes(name, seed));
    }

    uint64_t next() {
        const uint64_t result = rotate(state_[1] * 5, 7) * 9;
        const uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotate(state_[3], 45);
        return result;
    }

    /// Uniform in [0, bound), without modulo bias beyond 2^-64 * bound; bound > 0.
    uint64_t below(uint64_t bound) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
    }

    /// Uniform in [0, 1), 53 bits.
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  private:
    static uint64_t rotate(uint64_t word, int by) { return (word << by) | (word >> (64 - by)); }

    uint64_t state_[4];
};

}  // namespace lsm
