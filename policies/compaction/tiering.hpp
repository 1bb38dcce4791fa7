// Tiering: a level collects T-1 runs, each as it arrived; the next one makes them all merge into
// one run on the next level. Writes least, keeps most space and most runs to look into. Source:
// Jagadish et al., "Incremental Organization for Data Recording and Warehousing", VLDB 1997; as
// "Tier" in Sarkar et al., VLDB 2021. Departs from the first, which merges in steps over time: a
// level merges at once when it is full; T-1 runs rest on a level, as Dostoevsky counts, not T.
#pragma once

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class Tiering : public WholeLevels<TieringLayout> {
  public:
    using Options = LayoutOptions;
    static constexpr std::string_view about =
        "up to T-1 runs per level, merged when the next one comes (Jagadish 1997)";
    static constexpr Mapping mapping{"run_count", "tiering", "level", "-"};

    explicit Tiering(const Options& options)
        : WholeLevels(TieringLayout(options.size_ratio, spill_named(options.spill))) {}
};

}  // namespace lsm::compaction
