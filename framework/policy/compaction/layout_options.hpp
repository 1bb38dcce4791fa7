// The options that the classic layouts share.
#pragma once

#include <string>
#include <vector>

#include "framework/policy/compaction/layouts.hpp"
#include "framework/policy/options.hpp"

namespace lsm {

template <class Options>
OptionField<Options> size_ratio_option() {
    return option("size_ratio", &Options::size_ratio, {2, 100}, "",
                  "how many times larger each level is than the one before (T)");
}

template <class Options>
OptionField<Options> spill_option() {
    return choice_option("spill", &Options::spill, {"bypass", "write_then_spill"},
                         "what a run does that finds a leveled level full: both go on to the next "
                         "level in one merge, or they merge here first");
}

/// Adds what is wrong with an option that is a number of runs on a level, if anything is.
inline void check_arrivals(const std::string& option, uint64_t runs, uint64_t size_ratio,
                           std::vector<OptionProblem>& problems) {
    if (runs < size_ratio) return;
    problems.push_back({option, "it is " + std::to_string(runs) +
                                    ", above size_ratio - 1 = " + std::to_string(size_ratio - 1) +
                                    ", and a level takes no more arrivals"});
}

struct LayoutOptions {
    uint64_t size_ratio = 10;
    std::string spill = "bypass";

    static OptionTable<LayoutOptions> table() {
        return {size_ratio_option<LayoutOptions>(), spill_option<LayoutOptions>()};
    }
};

}  // namespace lsm
