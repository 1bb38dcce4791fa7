// A compaction strategy made of the four primitives: one layout, and rules in order of precedence,
// each a trigger with the granularity (and movement) that answers it. The first rule that finds
// something to do wins; levels that a running compaction touches are passed over.
//
//     Primitives<LevelingLayout, Rule<RunCount, WholeLevel>, Rule<LevelSize, WholeLevel>>
//
// Source: Sarkar et al., "Constructing and Analyzing the LSM Compaction Design Space", VLDB 2021.
// Pure; usable from any thread. A choice costs a pass over the table metadata.
#pragma once

#include <tuple>
#include <utility>

#include "framework/policy/compaction.hpp"
#include "framework/policy/compaction/granularities.hpp"
#include "framework/policy/compaction/layouts.hpp"
#include "framework/policy/compaction/triggers.hpp"

namespace lsm {

template <class TriggerType, class GranularityType>
struct Rule {
    TriggerType trigger;
    GranularityType granularity;
};

/// What the rule chooses for the most urgent level where something can be done.
template <class RuleType, Layout L>
Choice apply_rule(const RuleType& rule, const TreeShape& shape, const L& layout) {
    static_assert(Trigger<decltype(rule.trigger), L>);
    static_assert(Granularity<decltype(rule.granularity), L>);
    for (const Due& due : rule.trigger.due(shape, layout)) {
        Choice choice = rule.granularity.take(shape, layout, due);
        if (choice.action == Choice::Action::nothing) continue;
        choice.score = due.score;
        choice.reason = due.reason + ": " + choice.reason;
        return choice;
    }
    return Choice::nothing();
}

template <Layout LayoutType, class... Rules>
class Primitives {
  public:
    explicit Primitives(LayoutType layout, Rules... rules)
        : layout_(std::move(layout)), rules_(std::move(rules)...) {}

    Choice choose(const TreeShape& shape) const {
        Choice choice;
        std::apply(
            [&](const Rules&... rule) {
                // Stops at the first rule that finds something.
                (void)((choice = apply_rule(rule, shape, layout_),
                        choice.action != Choice::Action::nothing) ||
                       ...);
            },
            rules_);
        return choice;
    }

    uint64_t runs_allowed(const TreeShape& shape, int level) const {
        return layout_.runs_allowed(shape, level);
    }
    uint64_t capacity(const TreeShape& shape, int level) const {
        return layout_.capacity(shape, level);
    }

  private:
    LayoutType layout_;
    std::tuple<Rules...> rules_;
};

/// Whole levels, by the level rule: what leveling, tiering and everything between them are.
template <Layout LayoutType>
class WholeLevels
    : public Primitives<LayoutType, Rule<RunCount, WholeLevel>, Rule<LevelSize, WholeLevel>> {
  public:
    explicit WholeLevels(LayoutType layout)
        : Primitives<LayoutType, Rule<RunCount, WholeLevel>, Rule<LevelSize, WholeLevel>>(
              std::move(layout), {}, {}) {}
};

}  // namespace lsm
