// K-LSM: a number of runs for each level by itself, K_1, K_2 and so on. Fluid, leveling, tiering
// and lazy leveling are lists of it. Source: A. Huynh et al., "Endure: A Robust Tuning Paradigm for
// LSM Trees under Workload Uncertainty", PVLDB 2022, section 3. Departs from it: K belongs to a
// level as counted from the memtable, so when the tree grows the new last level has the next number
// in the list; `last_runs` gives the deepest level a number of its own, whichever it is.
#pragma once

#include <string>
#include <vector>

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class KLsm : public WholeLevels<ListLayout> {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        std::vector<uint64_t> level_runs;
        uint64_t last_runs = 0;
        std::string spill = "bypass";

        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    list_option("level_runs", &Options::level_runs, {1, 99}, "runs",
                                "on level 1, 2 and so on (K_i), the last one also on all deeper "
                                "levels; empty: size_ratio - 1"),
                    option("last_runs", &Options::last_runs, {0, 99}, "runs",
                           "on the deepest level; 0: as the list says"),
                    spill_option<Options>()};
        }
        std::vector<OptionProblem> problems() const {
            std::vector<OptionProblem> all;
            for (const uint64_t runs : level_runs) {
                check_arrivals("level_runs", runs, size_ratio, all);
            }
            check_arrivals("last_runs", last_runs, size_ratio, all);
            return all;
        }
    };
    static constexpr std::string_view about =
        "a number of runs for each level by itself (Endure, PVLDB 2022)";
    static constexpr Mapping mapping{"run_count, level_size", "per_level (K_i)", "level", "-"};

    explicit KLsm(const Options& options) : WholeLevels(layout_of(options)) {}

  private:
    static ListLayout layout_of(const Options& options) {
        ListLayout layout;
        layout.size_ratio = options.size_ratio;
        layout.spill = spill_named(options.spill);
        layout.runs = options.level_runs;
        if (layout.runs.empty()) layout.runs = {options.size_ratio - 1};
        layout.last = options.last_runs;
        return layout;
    }
};

}  // namespace lsm::compaction
