// The policies that the documentation gives out: they compile as they are printed, register as the
// build would register them, and do what a strategy must.
#include <gtest/gtest.h>

#include "docs/labs/compaction-policy/starter.hpp"
#include "framework/base/random.hpp"
#include "framework/policy/registry.hpp"
#include "guide/compaction/one_by_one.hpp"  // out of docs/guide/writing-a-policy.md
#include "guide/compaction/two_level.hpp"   // out of docs/guide/writing-a-policy.md
#include "tests/compaction/model_tree.hpp"

namespace lsm {
namespace {

Registry documented() {
    Registry registry;
    registry.compaction().add<compaction::TwoLevel>("two_level", "docs/guide/writing-a-policy.md");
    registry.compaction().add<compaction::OneByOne>("one_by_one", "docs/guide/writing-a-policy.md");
    registry.compaction().add<compaction::Starter>("starter", "docs/labs/compaction-policy");
    return registry;
}

ModelTree empty_tree(const std::string& policy, const OptionValues& options) {
    std::vector<OptionProblem> problems;
    const Registry registry = documented();
    ModelTree model(AnyCompaction(registry.compaction().find(policy)->make(options, problems)), 32,
                    10);
    EXPECT_TRUE(problems.empty());
    return model;
}

ModelTree grown(const std::string& policy, const OptionValues& options, uint64_t writes) {
    ModelTree model = empty_tree(policy, options);
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

TEST(DocumentedPolicies, TheGuidesTablesGoDownInTurn) {
    const ModelTree model = grown("one_by_one", {{"growth", {{"2.5"}, false}}}, 32 * 47);
    EXPECT_EQ(model.shape().last_level(), 4);
    model.check_bytes_at_rest();
    EXPECT_FALSE(model.shape().level(1).cursor.empty());
}

TEST(DocumentedPolicies, TheGuidesTablesMoveWhereNothingOverlapsUnlessToldNotTo) {
    for (const bool moves : {true, false}) {
        ModelTree model = empty_tree("one_by_one", {{"growth", {{"2"}, false}},
                                                    {"move", {{moves ? "true" : "false"}, false}}});
        for (uint64_t n = 0; n < 32 * 20; ++n) {
            model.put(n);
            model.settle();
        }
        const auto moved = std::count_if(
            model.choices().begin(), model.choices().end(),
            [](const Choice& choice) { return choice.action == Choice::Action::move; });
        EXPECT_EQ(moved > 20, moves) << moved;
        model.check_runs_at_rest();
        model.check_nothing_lost();
    }
}

TEST(DocumentedPolicies, TheGuidesTablesBearSeveralCompactionsAtOnce) {
    ModelTree model = empty_tree("one_by_one", {{"growth", {{"2"}, false}}});
    Random random(3);
    std::vector<ModelTree::Job> running;
    const auto finish_one = [&] {
        const size_t which = random.below(running.size());
        model.finish(running[which]);
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(which));
    };
    size_t most = 0;
    for (uint64_t n = 0; n < 6000; ++n) {
        model.put(random.below(n < 3000 ? 900 : 100000));
        ModelTree::Job job;
        if (random.below(20) == 0 && running.size() < 4 && model.begin(job)) running.push_back(job);
        most = std::max(most, running.size());
        if (random.below(30) == 0 && !running.empty()) finish_one();
    }
    while (!running.empty()) finish_one();
    EXPECT_GT(most, 1u);
    model.settle();
    model.check_runs_at_rest();
    model.check_nothing_lost();
}

TEST(DocumentedPolicies, TheLabsStarterWorksAndIsWasteful) {
    const ModelTree model = grown("starter", {}, 32 * 47);
    EXPECT_EQ(model.shape().level(1).runs.size(), 1u);
    EXPECT_GT(model.write_amplification(), 10);
}

}  // namespace
}  // namespace lsm
