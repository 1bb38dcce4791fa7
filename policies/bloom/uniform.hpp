// The same number of filter bits per key in every run: what most systems do. An empty lookup then
// costs (number of runs) * (false positive rate); monkey.hpp spends the same memory better.
#pragma once

#include <string_view>

#include "framework/policy/bloom.hpp"
#include "framework/policy/options.hpp"

namespace lsm::bloom {

class Uniform {
  public:
    struct Options {
        double bits_per_key = 10;
        static OptionTable<Options> table() {
            return {option("bits_per_key", &Options::bits_per_key, {0, 100}, "bits",
                           "filter memory of every run, for each of its keys")};
        }
    };
    static constexpr std::string_view about = "the same filter bits per key everywhere";

    explicit Uniform(const Options& options) : bits_per_key_(options.bits_per_key) {}

    double bits_per_key(const BloomQuestion&) const { return bits_per_key_; }

  private:
    double bits_per_key_;
};

}  // namespace lsm::bloom
