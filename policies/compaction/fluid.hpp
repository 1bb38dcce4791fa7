// The Fluid LSM-tree: at most K runs on each level but the deepest, at most Z there. Leveling is
// K = Z = 1, tiering K = Z = T-1, lazy leveling K = T-1 and Z = 1; everything between trades writes
// against reads and space step by step. Source: N. Dayan and S. Idreos, "Dostoevsky", SIGMOD 2018,
// section 4.3. Departs from it: a run takes ceil((T-1)/K) arrivals before the next one is begun,
// where the paper merges an active run with each arrival until it has T/K of them; the rule of all
// layouts here (adr/0004-capacity-and-spill.md).
#pragma once

#include <string>

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class Fluid : public WholeLevels<FluidLayout> {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        uint64_t upper_runs = 0;
        uint64_t last_runs = 1;
        std::string spill = "bypass";

        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    option("upper_runs", &Options::upper_runs, {0, 99}, "runs",
                           "on each level but the deepest (K); 0: size_ratio - 1"),
                    option("last_runs", &Options::last_runs, {0, 99}, "runs",
                           "on the deepest level (Z); 0: size_ratio - 1"),
                    spill_option<Options>()};
        }
        std::vector<OptionProblem> problems() const {
            std::vector<OptionProblem> all;
            check_arrivals("upper_runs", upper_runs, size_ratio, all);
            check_arrivals("last_runs", last_runs, size_ratio, all);
            return all;
        }
    };
    static constexpr std::string_view about =
        "at most K runs on each level, Z on the last (Dostoevsky, SIGMOD 2018)";
    static constexpr Mapping mapping{"run_count, level_size", "fluid (K, Z)", "level", "-"};

    explicit Fluid(const Options& options)
        : WholeLevels(FluidLayout(options.size_ratio, or_most(options.upper_runs, options),
                                  or_most(options.last_runs, options),
                                  spill_named(options.spill))) {}

  private:
    static uint64_t or_most(uint64_t runs, const Options& options) {
        return runs > 0 ? runs : options.size_ratio - 1;
    }
};

}  // namespace lsm::compaction
