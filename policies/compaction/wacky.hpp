// The Wacky continuum: the LSM-bush's shrinking size ratios, with exponents that say how many runs
// a level really has: (r_i - 1)^K above, C^Z on the last level. Leveling, tiering, lazy leveling
// and the LSM-bush are points of it. Source: N. Dayan and S. Idreos, "The Log-Structured Merge-Bush
// & the Wacky Continuum", SIGMOD 2019, section 5. Departs from it as lsm_bush does.
#pragma once

#include <string>

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class Wacky : public WholeLevels<WackyLayout> {
  public:
    struct Options {
        uint64_t size_ratio = 2;
        double growth = 2;
        double upper = 1;
        double last = 0;
        uint64_t capacity_ratio = 1;
        std::string spill = "bypass";

        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    option("growth", &Options::growth, {1, 4}, "",
                           "exponent between the size ratios of neighbouring levels (X); 1: they "
                           "are equal"),
                    option("upper", &Options::upper, {0, 1}, "",
                           "merge less above the last level: runs there are (r_i - 1)^K (K)"),
                    option("last", &Options::last, {0, 1}, "",
                           "merge less on the last level: it has C^Z runs (Z)"),
                    option("capacity_ratio", &Options::capacity_ratio, {1, 100}, "",
                           "the last level's bytes in those of all others (C); size_ratio - 1 goes "
                           "on as the levels above"),
                    spill_option<Options>()};
        }
    };
    static constexpr std::string_view about =
        "a continuum from leveling over tiering to the LSM-bush (SIGMOD 2019)";
    static constexpr Mapping mapping{"run_count, level_size", "Wacky (T, X, K, Z, C)", "level",
                                     "-"};

    explicit Wacky(const Options& options)
        : WholeLevels(WackyLayout{options.size_ratio, options.growth, options.upper, options.last,
                                  options.capacity_ratio, spill_named(options.spill)}) {}
};

}  // namespace lsm::compaction
