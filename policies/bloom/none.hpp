// No filters: every lookup reads a block of every run whose key range holds the key. The baseline
// that shows what filters are worth.
#pragma once

#include <string_view>

#include "framework/policy/bloom.hpp"
#include "framework/policy/options.hpp"

namespace lsm::bloom {

class None {
  public:
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about = "no filters";

    explicit None(const Options&) {}

    double bits_per_key(const BloomQuestion&) const { return 0; }
};

}  // namespace lsm::bloom
