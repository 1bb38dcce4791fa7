// Leveling: one sorted run per level. What arrives at a level merges with the run there, until the
// level is full and goes down as a whole. Writes most, keeps least space and fewest runs to look
// into. Source: P. O'Neil et al., "The Log-Structured Merge-Tree", Acta Informatica 33, 1996; as
// "Full" in Sarkar et al., VLDB 2021. Departs from the source's rolling merge of pages: a level's
// run is tables, and goes down whole; a flush founds a run on level 1 (ADR 6).
#pragma once

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class Leveling : public WholeLevels<LevelingLayout> {
  public:
    using Options = LayoutOptions;
    static constexpr std::string_view about = "one run per level, merged whole (O'Neil 1996)";
    static constexpr Mapping mapping{"level_size", "leveling", "level", "-"};

    explicit Leveling(const Options& options)
        : WholeLevels(LevelingLayout(options.size_ratio, spill_named(options.spill))) {}
};

}  // namespace lsm::compaction
