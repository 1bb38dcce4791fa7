// What a tree's shape says about itself.
#include "framework/policy/tree_shape.hpp"

#include <gtest/gtest.h>

#include "framework/policy/compaction.hpp"

namespace lsm {
namespace {

TableShape table(TableId id, std::string smallest, std::string largest, uint64_t bytes) {
    TableShape made;
    made.id = id;
    made.smallest = std::move(smallest);
    made.largest = std::move(largest);
    made.entries = bytes / 10;
    made.tombstones = 1;
    made.logical_bytes = bytes;
    made.stored_bytes = bytes + 5;
    made.oldest_sequence = id * 100;
    made.newest_sequence = id * 100 + 50;
    return made;
}

TreeShape two_levels() {
    TreeShape shape;
    shape.levels.resize(3);
    shape.levels[0].runs = {{11, {table(4, "a", "z", 100)}, false}};
    shape.levels[1].runs = {{21, {table(2, "c", "f", 200), table(3, "h", "m", 300)}, false},
                            {22, {table(1, "b", "k", 400)}, false}};
    return shape;
}

TEST(TreeShape, SumsItsParts) {
    const TreeShape shape = two_levels();
    EXPECT_EQ(shape.logical_bytes(), 1000u);
    EXPECT_EQ(shape.entries(), 100u);
    EXPECT_EQ(shape.level(2).logical_bytes(), 900u);
    EXPECT_EQ(shape.level(2).entries(), 90u);
    const RunShape& run = shape.level(2).runs[0];
    EXPECT_EQ(run.logical_bytes(), 500u);
    EXPECT_EQ(run.stored_bytes(), 510u);
    EXPECT_EQ(run.entries(), 50u);
    EXPECT_EQ(run.tombstones(), 2u);
    EXPECT_EQ(run.smallest(), "c");
    EXPECT_EQ(run.largest(), "m");
    EXPECT_EQ(run.oldest_sequence(), 200u);
    EXPECT_EQ(run.newest_sequence(), 350u);
}

TEST(TreeShape, LevelsBeyondTheLastAreEmpty) {
    const TreeShape shape = two_levels();
    EXPECT_EQ(shape.last_level(), 2) << "level 3 has no table";
    EXPECT_TRUE(shape.level(3).runs.empty());
    EXPECT_TRUE(shape.level(400).runs.empty());
    EXPECT_TRUE(shape.level(0).runs.empty());
    EXPECT_TRUE(shape.level(-1).runs.empty());
    EXPECT_EQ(TreeShape().last_level(), 0);
}

TEST(TreeShape, FindsTables) {
    const TreeShape shape = two_levels();
    ASSERT_NE(shape.find_table(3), nullptr);
    EXPECT_EQ(shape.find_table(3)->smallest, "h");
    EXPECT_EQ(shape.find_table(99), nullptr);
}

TEST(TreeShape, OneBusyTableMakesRunAndLevelBusy) {
    TreeShape shape = two_levels();
    EXPECT_FALSE(shape.level(2).busy());
    shape.levels[1].runs[0].tables[1].busy = true;
    EXPECT_TRUE(shape.level(2).runs[0].busy());
    EXPECT_FALSE(shape.level(2).runs[1].busy());
    EXPECT_TRUE(shape.level(2).busy());
    EXPECT_FALSE(shape.level(1).busy());
}

TEST(TreeShape, OverlapCountsBothEnds) {
    const TableShape one = table(1, "d", "g", 10);
    EXPECT_TRUE(one.overlaps("g", "z"));
    EXPECT_TRUE(one.overlaps("a", "d"));
    EXPECT_TRUE(one.overlaps("e", "f"));
    EXPECT_TRUE(one.overlaps("a", "z"));
    EXPECT_FALSE(one.overlaps("a", "c"));
    EXPECT_FALSE(one.overlaps("ga", "z"));
}

TEST(TreeShape, AnEmptyRunHasNoKeysAndNoSequences) {
    const RunShape run;
    EXPECT_EQ(run.smallest(), "");
    EXPECT_EQ(run.newest_sequence(), 0u);
    EXPECT_EQ(run.oldest_sequence(), 0u);
}

TEST(Choice, ActionsHaveNames) {
    EXPECT_STREQ(action_name(Choice::nothing().action), "nothing");
    EXPECT_STREQ(action_name(Choice::Action::merge), "merge");
    EXPECT_STREQ(action_name(Choice::Action::move), "move");
    EXPECT_STREQ(action_name(Choice::Action::drop), "drop");
}

}  // namespace
}  // namespace lsm
