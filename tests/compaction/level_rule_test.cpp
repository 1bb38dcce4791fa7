// The level rule (adr/0004-capacity-and-spill.md) seen from outside: what it makes of write
// amplification, and where the layouts meet.
#include <gtest/gtest.h>

#include "framework/base/random.hpp"
#include "policies/compaction/lazy_leveling.hpp"
#include "policies/compaction/leveling.hpp"
#include "policies/compaction/one_leveling.hpp"
#include "policies/compaction/tiering.hpp"
#include "tests/compaction/model_tree.hpp"

namespace lsm {
namespace {

template <class Strategy>
AnyCompaction strategy(uint64_t size_ratio, const std::string& spill = "bypass") {
    typename Strategy::Options options;
    options.size_ratio = size_ratio;
    options.spill = spill;
    return AnyCompaction(AnyCompaction::of<Strategy>(options));
}

constexpr uint64_t kDistinct = ModelTree::kKeys;

/// Carries out that many flushes, each settled: of keys below `keys`, or of distinct ones.
ModelTree grown(AnyCompaction strategy, uint64_t flushes, uint64_t keys = kDistinct) {
    ModelTree model(std::move(strategy), 32, 1000000);
    Random random(3);
    for (uint64_t n = 0; n < flushes * 32; ++n) {
        const uint64_t edits = model.shape().edit;
        model.put(keys == kDistinct ? n * 40503 % kDistinct : random.below(keys));
        if (model.shape().edit != edits) model.settle();
    }
    return model;
}

TEST(LevelRule, WriteAmplificationFollowsTheLayout) {
    for (const uint64_t ratio : {4, 8}) {
        for (const uint64_t keys : {kDistinct, uint64_t{4000}}) {
            const double tiering =
                grown(strategy<compaction::Tiering>(ratio), 520, keys).write_amplification();
            const double lazy =
                grown(strategy<compaction::LazyLeveling>(ratio), 520, keys).write_amplification();
            const double leveling =
                grown(strategy<compaction::Leveling>(ratio), 520, keys).write_amplification();
            EXPECT_LT(tiering, lazy) << ratio << " " << keys;
            EXPECT_LT(lazy, leveling) << ratio << " " << keys;
        }
    }
}

TEST(LevelRule, AtSizeRatioTwoTheLayoutsAreOne) {
    for (const uint64_t keys : {kDistinct, uint64_t{300}, uint64_t{20}}) {
        for (const char* spill : {"bypass", "write_then_spill"}) {
            const ModelTree leveling = grown(strategy<compaction::Leveling>(2, spill), 300, keys);
            for (const ModelTree& other :
                 {grown(strategy<compaction::Tiering>(2, spill), 300, keys),
                  grown(strategy<compaction::LazyLeveling>(2, spill), 300, keys),
                  grown(strategy<compaction::OneLeveling>(2, spill), 300, keys)}) {
                ASSERT_EQ(leveling.choices().size(), other.choices().size());
                for (size_t i = 0; i < other.choices().size(); ++i) {
                    ModelTree::expect_same(leveling.choices()[i], other.choices()[i]);
                }
            }
        }
    }
}

// Worked out by hand for size ratio 4, in memtables' worth, after 255 flushes, when levels 1 to 4
// have just filled up. The k-th arrival at a leveled level is written together with the k-1 before
// it, so a level that took 3 arrivals of a units wrote (1+2+3) a, or (2+3) a on level 1, where the
// first one is the flush itself.
TEST(LevelRule, WriteAmplificationWorkedOutByHand) {
    const double flushes = 4 * 4 * 4 * 4 - 1;
    const auto merged = [&](AnyCompaction strategy) {
        const ModelTree model = grown(std::move(strategy), static_cast<uint64_t>(flushes));
        return (model.write_amplification() - 1) * flushes;
    };
    // Level 1 filled up 64 times, level 2 16 times, level 3 4 times, level 4 once.
    EXPECT_NEAR(merged(strategy<compaction::Leveling>(4)),
                64 * (2 + 3) + 16 * 4 * (1 + 2 + 3) + 4 * 16 * (1 + 2 + 3) + 64 * (1 + 2 + 3),
                1e-6);
    EXPECT_NEAR(merged(strategy<compaction::Tiering>(4)), 16 * 4 * 3 + 4 * 16 * 3 + 64 * 3, 1e-6);
    // The fourth arrival is written too, unless the level has not had it yet; then the level moves
    // down where nothing is.
    EXPECT_NEAR(merged(strategy<compaction::Leveling>(4, "write_then_spill")),
                (63 * (2 + 3 + 4) + (2 + 3)) + 4 * (15 * (2 + 3 + 4) + (2 + 3)) +
                    16 * (3 * (2 + 3 + 4) + (2 + 3)) + 64 * (2 + 3),
                1e-6);
}

TEST(LevelRule, OneMergeDoesTheWholeCascade) {
    // 3 levels of size ratio 3, full after 26 flushes: the 27th takes all of them to level 4.
    const ModelTree model = grown(strategy<compaction::Leveling>(3), 27);
    EXPECT_EQ(model.shape().last_level(), 4);
    EXPECT_EQ(model.shape().level(4).runs.size(), 1u);
    for (int level = 1; level <= 3; ++level) EXPECT_TRUE(model.shape().level(level).runs.empty());
    EXPECT_EQ(model.choices().back().reason,
              "level 1 holds 2 runs of at most 1: with 1.5 KiB above 1.1 KiB, merge them, level 2 "
              "and level 3 into level 4");
}

TreeShape level1_of(std::vector<uint64_t> runs) {
    TreeShape shape;
    shape.memtable_bytes = 1000;
    shape.levels.resize(1);
    for (const uint64_t bytes : runs) {
        RunShape run;
        run.id = 100 + shape.levels[0].runs.size();
        run.tables.resize(1);
        run.tables[0] = {run.id + 100, "a", "z", 1, 0, bytes};
        shape.levels[0].runs.push_back(run);
    }
    return shape;
}

// T-1 arrivals a little above the memtable's size fit a level, a T-th that is a little below does
// not: an eighth of an arrival is the line.
TEST(LevelRule, AnEighthOfAnArrivalIsTolerated) {
    const AnyCompaction leveling = strategy<compaction::Leveling>(4);
    EXPECT_EQ(leveling.capacity(level1_of({}), 1), 3125u);
    EXPECT_EQ(leveling.capacity(level1_of({}), 2), 12500u);
    EXPECT_EQ(leveling.choose(level1_of({1030, 2090})).output_level, 1);
    EXPECT_EQ(leveling.choose(level1_of({1000, 2125})).output_level, 1);
    EXPECT_EQ(leveling.choose(level1_of({1000, 2126})).output_level, 2);
    EXPECT_EQ(leveling.choose(level1_of({950, 2850})).output_level, 2);
}

TEST(LevelRule, AFlushThatIsLargerThanItsLevelMovesDown) {
    const Choice choice = strategy<compaction::Leveling>(4).choose(level1_of({15000}));
    EXPECT_EQ(choice.action, Choice::Action::move);
    EXPECT_EQ(choice.output_level, 3) << "12500 bytes are level 2's limit";
}

TEST(LevelRule, ATieredLevelCountsRunsAlone) {
    const AnyCompaction tiering = strategy<compaction::Tiering>(4);
    EXPECT_EQ(tiering.choose(level1_of({3000, 3000, 3000})).action, Choice::Action::nothing);
    EXPECT_EQ(tiering.choose(level1_of({10, 10, 10})).action, Choice::Action::nothing);
    EXPECT_EQ(tiering.choose(level1_of({10, 10, 10, 10})).output_level, 2);
}

TEST(LevelRule, LazyLevelingLevelsItsLastLevel) {
    const ModelTree model = grown(strategy<compaction::LazyLeveling>(4), 4 * 4 * 4 + 4 * 4 * 3 - 1);
    const TreeShape& shape = model.shape();
    EXPECT_EQ(shape.last_level(), 4);
    EXPECT_EQ(shape.level(4).runs.size(), 1u);
    EXPECT_EQ(shape.level(3).runs.size(), 2u);
    EXPECT_EQ(shape.level(2).runs.size(), 3u);
    EXPECT_EQ(shape.level(1).runs.size(), 3u);
}

}  // namespace
}  // namespace lsm
