// Partial leveling: one run per level, and when a level is above its capacity one table at a time
// goes down, merged with the tables it overlaps there, until the level fits. The same bytes move in
// many small merges instead of few large ones. A flush first merges with level 1's run. Source:
// LevelDB's compaction; as "LO+1", "RR", "Cold" and "Old" in Sarkar et al., VLDB 2021, table 2, by
// the option `pick`. Departs from LevelDB: level 1 holds one run, not overlapping flushes (leveldb
// does that), and lookups cause no compaction.
#pragma once

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class PartialLeveling : public lsm::Primitives<LevelingLayout, Rule<RunCount, WholeLevel>,
                                               Rule<LevelSize, TableOf<NamedMovement>>> {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        std::string pick = "least_overlap_parent";
        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    choice_option("pick", &Options::pick, NamedMovement::names(),
                                  "which table of a level that is too large goes down first")};
        }
    };
    static constexpr std::string_view about =
        "one run per level, one table at a time goes down (LevelDB)";
    static constexpr Mapping mapping{"level_size", "leveling (write_then_spill)", "table",
                                     "one of all, by `pick`"};

    // A flush is always merged into level 1, also above capacity: tables go down from there.
    explicit PartialLeveling(const Options& options)
        : Primitives(LevelingLayout(options.size_ratio, Spill::write_then_spill), {},
                     {{}, TableOf(NamedMovement(options.pick))}),
          wants_reads_(NamedMovement(options.pick).wants_reads()) {}

    bool wants_reads() const { return wants_reads_; }

  private:
    bool wants_reads_;
};

}  // namespace lsm::compaction
