// LSM-bush: lazy leveling whose upper levels collect ever more runs the smaller they are, so that
// most entries are merged only into the last level. Level i of L is r_i = T^(X^(L-i-1)) times as
// large as the one before and has at most r_i - 1 runs; the last level is one run with C times the
// bytes of all others. X = 2 is the quadratic bush (QLSM), X near 1 is lazy leveling (CLL). Source:
// N. Dayan and S. Idreos, "The Log-Structured Merge-Bush & the Wacky Continuum", SIGMOD 2019,
// section
// 4. Departs from it: the number of levels follows the tree instead of a size that is known before,
// see WackyLayout; and filters are the bloom axis's business.
#pragma once

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class LsmBush : public WholeLevels<WackyLayout> {
  public:
    struct Options {
        uint64_t size_ratio = 2;
        double growth = 2;
        uint64_t capacity_ratio = 1;

        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    option("growth", &Options::growth, {1, 4}, "",
                           "exponent between the size ratios of neighbouring levels (X)"),
                    option("capacity_ratio", &Options::capacity_ratio, {1, 100}, "",
                           "the last level's bytes in those of all others (C)")};
        }
    };
    static constexpr std::string_view about =
        "ever more runs on smaller levels, one on the last (LSM-bush, SIGMOD 2019)";
    static constexpr Mapping mapping{"run_count, level_size (last level)", "LSM-bush (T, X, C)",
                                     "level", "-"};

    explicit LsmBush(const Options& options)
        : WholeLevels(
              WackyLayout{options.size_ratio, options.growth, 1, 0, options.capacity_ratio}) {}
};

}  // namespace lsm::compaction
