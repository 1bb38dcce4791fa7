// Lazy leveling: tiering on every level but the last, which holds one run. Nearly all data is on
// the last level, so space and point lookups are close to leveling's, while the merges above it are
// as few as tiering's. Source: N. Dayan and S. Idreos, "Dostoevsky", SIGMOD 2018, section 4.1.
// Departs from it: a flush founds a run on level 1 (ADR 6), and the last level makes way for a new
// one by bytes, with the old versions that arrive counted in: a little early (ADR 4).
#pragma once

#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/primitives.hpp"

namespace lsm::compaction {

class LazyLeveling : public WholeLevels<LazyLevelingLayout> {
  public:
    using Options = LayoutOptions;
    static constexpr std::string_view about =
        "tiering above, one run on the last level (Dostoevsky, SIGMOD 2018)";
    static constexpr Mapping mapping{"run_count, level_size (last level)", "lazy_leveling", "level",
                                     "-"};

    explicit LazyLeveling(const Options& options)
        : WholeLevels(LazyLevelingLayout(options.size_ratio, spill_named(options.spill))) {}
};

}  // namespace lsm::compaction
