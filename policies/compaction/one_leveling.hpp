// One-leveling: level 1 keeps flushes as they come, up to a number of runs, and all levels below it
// are leveled. A burst of writes is taken up by level 1 without a merge per flush. Source:
// RocksDB's leveled compaction (its level 0 is our level 1); "1-leveling" in Sarkar et al., VLDB
// 2021. Departs from RocksDB, as that paper does: levels go down whole, not table by table
// (rocksdb_leveled does that).
#pragma once

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class OneLeveling : public WholeLevels<OneLevelingLayout> {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        uint64_t level1_runs = 0;
        std::string spill = "bypass";

        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    option("level1_runs", &Options::level1_runs, {0, 1000}, "runs",
                           "runs that level 1 holds at most; 0: size_ratio - 1"),
                    spill_option<Options>()};
        }
    };
    static constexpr std::string_view about =
        "level 1 tiered, one run on each level below (RocksDB's default layout)";
    static constexpr Mapping mapping{"run_count (level 1), level_size", "one_leveling", "level",
                                     "-"};

    explicit OneLeveling(const Options& options)
        : WholeLevels(OneLevelingLayout(
              options.size_ratio,
              options.level1_runs > 0 ? options.level1_runs : options.size_ratio - 1,
              spill_named(options.spill))) {}
};

}  // namespace lsm::compaction
