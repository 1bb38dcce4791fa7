// Triggers and granularities that options name, for strategies that are put together in YAML. Pure;
// usable from any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "framework/policy/compaction/granularities.hpp"
#include "framework/policy/compaction/movements.hpp"
#include "framework/policy/compaction/other_triggers.hpp"

namespace lsm {

class NamedTrigger {
  public:
    using Any = std::variant<RunCount, LevelSize, TombstoneAge, TombstoneShare, SpaceAmplification,
                             Staleness>;

    static std::vector<std::string> names() {
        return {"level_size",        "run_count",           "tombstone_age",
                "tombstone_density", "space_amplification", "staleness"};
    }

    explicit NamedTrigger(Any trigger) : trigger_(trigger) {}

    template <Layout L>
    std::vector<Due> due(const TreeShape& shape, const L& layout) const {
        return std::visit([&](const auto& trigger) { return trigger.due(shape, layout); },
                          trigger_);
    }

  private:
    Any trigger_;
};

class NamedGranularity {
  public:
    static std::vector<std::string> names() { return {"level", "run", "table", "tables", "tree"}; }
    static bool by_table(std::string_view name) { return name == "table" || name == "tables"; }

    /// `name` is one of names(); the option's table sees to that. Only those by table use the
    /// movements.
    NamedGranularity(std::string_view name, MovementList movements) {
        if (name == "run") granularity_ = OldestRun{};
        if (name == "table") granularity_ = TableOf<MovementList>(std::move(movements));
        if (name == "tables") granularity_ = TablesOf<MovementList>(std::move(movements));
        if (name == "tree") granularity_ = WholeTree{};
    }

    template <Layout L>
    Choice take(const TreeShape& shape, const L& layout, const Due& due) const {
        return std::visit([&](const auto& one) { return one.take(shape, layout, due); },
                          granularity_);
    }

  private:
    std::variant<WholeLevel, OldestRun, WholeTree, TableOf<MovementList>, TablesOf<MovementList>>
        granularity_;
};

}  // namespace lsm
