// The policies that the documentation gives out: they compile as they are printed, register as the
// build would register them, and do what a strategy must.
#include <gtest/gtest.h>

#include "docs/labs/compaction-policy/starter.hpp"
#include "framework/base/random.hpp"
#include "framework/policy/registry.hpp"
#include "guide/compaction/two_level.hpp"  // out of docs/guide/writing-a-policy.md
#include "tests/compaction/model_tree.hpp"

namespace lsm {
namespace {

Registry documented() {
    Registry registry;
    registry.compaction().add<compaction::TwoLevel>("two_level", "docs/guide/writing-a-policy.md");
    registry.compaction().add<compaction::Starter>("starter", "docs/labs/compaction-policy");
    return registry;
}

ModelTree grown(const std::string& policy, const OptionValues& options, uint64_t writes) {
    std::vector<OptionProblem> problems;
    const Registry registry = documented();
    ModelTree model(AnyCompaction(registry.compaction().find(policy)->make(options, problems)), 32,
                    10);
    EXPECT_TRUE(problems.empty());
    Random random(1);
    for (uint64_t n = 0; n < writes; ++n) {
        model.put(random.below(1500));
        model.settle();
    }
    model.check_runs_at_rest();
    model.check_nothing_lost();
    return model;
}

TEST(DocumentedPolicies, TheGuidesPolicyWorks) {
    const ModelTree model = grown("two_level", {{"runs", {{"3"}, false}}}, 32 * 47);
    EXPECT_EQ(model.shape().level(1).runs.size(), 3u);
    EXPECT_EQ(model.shape().level(2).runs.size(), 1u);
    EXPECT_EQ(model.choices().back().reason,
              "level 1 holds 4 runs of at most 3: merge all into one");
}

TEST(DocumentedPolicies, TheLabsStarterWorksAndIsWasteful) {
    const ModelTree model = grown("starter", {}, 32 * 47);
    EXPECT_EQ(model.shape().level(1).runs.size(), 1u);
    EXPECT_GT(model.write_amplification(), 10);
}

}  // namespace
}  // namespace lsm
