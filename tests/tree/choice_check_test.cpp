// Every reason for which a strategy's choice is refused, and when its output overtakes others.
#include "framework/policy/choice_check.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "framework/base/error.hpp"
#include "small_shapes.hpp"

namespace lsm {
namespace {

using small::merge;
using small::open_table;
using small::some_shape;
using small::table;

void expect_refused(const TreeShape& shape, const Choice& choice, const std::string& words,
                    bool may_drop = false) {
    try {
        check_choice(shape, choice, "mine", may_drop);
        FAIL() << "passed, should say: " << words;
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::config);
        EXPECT_NE(std::string(error.what()).find("mine"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
}

TEST(CheckChoiceTest, GoodChoicesPass) {
    const TreeShape shape = some_shape();
    check_choice(shape, Choice::nothing(), "mine", false);
    check_choice(shape, merge({20, 18, 19, 10, 11, 12}, 2, 5), "mine", false);
    check_choice(shape, merge({20, 18, 19}, 1), "mine", false);
    check_choice(shape, merge({18, 10, 11}, 2, 5), "mine", false);
    check_choice(shape, merge({20, 18, 19}, 2), "mine", false);
    check_choice(shape, merge({10, 11, 12}, 3), "mine", false);
    Choice drop = merge({12}, 0);
    drop.action = Choice::Action::drop;
    check_choice(shape, drop, "mine", true);
    Choice move = merge({12}, 3);
    move.action = Choice::Action::move;
    check_choice(shape, move, "mine", false);
}

TEST(CheckChoiceTest, RefusesInputsThatAreNotForTheTaking) {
    TreeShape shape = some_shape();
    expect_refused(shape, merge({}, 2), "names no input");
    expect_refused(shape, merge({99}, 2), "table 99 is not in the tree");
    expect_refused(shape, merge({20, 18, 20}, 2), "table 20 is listed twice");
    shape.levels[0].runs[1].tables[0].busy = true;
    expect_refused(shape, merge({18}, 2), "table 18 is an input of a running compaction");
    Choice drop = merge({12}, 0);
    drop.action = Choice::Action::drop;
    expect_refused(shape, drop, "may_drop");
    drop.inputs = {99};
    expect_refused(shape, drop, "table 99", true);
}

TEST(CheckChoiceTest, RefusesLevelsThatThereAreNot) {
    for (const int level : {0, -1, 1001}) {
        expect_refused(some_shape(), merge({20}, level), "output level");
        for (const auto action : {Choice::Action::merge, Choice::Action::drop}) {
            Choice choice = merge({12}, 2);
            choice.action = action;
            choice.cursor_level = level;
            expect_refused(some_shape(), choice, "cursor level", true);
        }
    }
    check_choice(some_shape(), merge({12}, 1000), "mine", false);
}

TEST(CheckChoiceTest, RefusesToJoinWhatIsNotThereOrWouldOverlap) {
    const TreeShape shape = some_shape();
    expect_refused(shape, merge({20, 18, 19, 10, 11, 12}, 2, 7), "run 7 to join is not on level 2");
    expect_refused(shape, merge({18, 10}, 2, 5), "overlap table 11");
    // Outputs may span the gap between two inputs; tables that are moved stay as they are.
    TreeShape gap = some_shape();
    gap.levels[0].runs = {{6, {table(18, "a", "b"), table(19, "x", "z")}, false}};
    expect_refused(gap, merge({18, 19, 10, 12}, 2, 5), "overlap table 11");
    gap.levels[1].runs[0].tables = {table(11, "d", "k")};
    expect_refused(gap, merge({18, 19}, 2, 5), "overlap table 11");
    Choice choice = merge({18, 19}, 2, 5);
    choice.action = Choice::Action::move;
    check_choice(gap, choice, "mine", false);
    gap.levels[1].runs[0].tables = {table(11, "y", "z")};
    expect_refused(gap, choice, "overlap table 11");
}

TEST(CheckChoiceTest, RefusesToMoveTablesThatOverlapIntoOneRun) {
    Choice choice = merge({20, 18, 19}, 2);
    choice.action = Choice::Action::move;
    expect_refused(some_shape(), choice, "which overlap");
    choice.inputs = {19, 18};
    check_choice(some_shape(), choice, "mine", false);
    choice.action = static_cast<Choice::Action>(22);
    expect_refused(some_shape(), choice, "action");
}

TEST(CheckChoiceTest, RefusesADropThatBringsOlderDataBack) {
    Choice choice = merge({20}, 0);
    choice.action = Choice::Action::drop;
    expect_refused(some_shape(), choice, "newer data than table 18", true);
    choice.inputs = {18, 19};
    expect_refused(some_shape(), choice, "newer data than table 10", true);
    choice.inputs = {18, 19, 10, 11, 12};
    check_choice(some_shape(), choice, "mine", true);
    TreeShape overtaken = some_shape();
    overtaken.levels[1].runs[0].overtakes = true;
    expect_refused(overtaken, choice, "newer data than table 20", true);
}

TEST(CheckChoiceTest, TheOpenEndOfARangeTombstoneOverlapsNothing) {
    TreeShape shape = some_shape();
    shape.levels[0].runs = {{7, {open_table(20, "a", "d")}, false}};
    check_choice(shape, merge({20, 10}, 2, 5), "test", false);
    shape.levels[0].runs[0].tables[0].largest_open = false;
    expect_refused(shape, merge({20, 10}, 2, 5), "may overlap table 11");
    // Also where another input ends at the same key, and holds it.
    shape.levels[0].runs = {{7, {open_table(20, "a", "d")}, false},
                            {8, {table(21, "b", "d")}, false}};
    expect_refused(shape, merge({20, 21, 10}, 2, 5), "may overlap table 11");
    // What stays in front, and begins where the inputs end, is not overtaken.
    shape.levels[1].runs.clear();
    shape.levels[0].runs = {{7, {open_table(20, "b", "d")}, false},
                            {8, {table(21, "d", "e")}, false}};
    EXPECT_FALSE(output_overtakes(shape, merge({20}, 3)));
    shape.levels[0].runs[0].tables[0].largest_open = false;
    EXPECT_TRUE(output_overtakes(shape, merge({20}, 3)));
}

TEST(CheckChoiceTest, RefusesWhatWouldPutVersionsOutOfOrder) {
    const TreeShape shape = some_shape();
    // Newer versions of table 20 would end in run 5, behind the older ones of run 6.
    expect_refused(shape, merge({20, 10, 11}, 2, 5), "behind table");
    // Old versions of level 2 would end above the newer ones of level 1.
    expect_refused(shape, merge({10}, 1, 7), "stays, and older versions");
    expect_refused(shape, merge({18}, 1, 7), "table 20 stays, and older versions");
}

TEST(OutputOvertakesTest, ARunThatHasOvertakenStillDoesWhenItIsMergedAgain) {
    // Run 3 went past run 2: it has sequence numbers 1 and 9, run 2 has 5.
    TreeShape shape;
    shape.levels.resize(2);
    shape.levels[0].runs = {{2, {table(20, "a", "z")}, false}};
    shape.levels[1].runs = {{3, {table(30, "a", "m")}, true}, {4, {table(40, "a", "z")}, false}};
    shape.levels[0].runs[0].tables[0].oldest_sequence = 5;
    shape.levels[1].runs[0].tables[0].newest_sequence = 9;
    EXPECT_TRUE(output_overtakes(shape, merge({30, 40}, 2)));
    EXPECT_FALSE(output_overtakes(shape, merge({20, 30, 40}, 2))) << "nothing stays in front";
    shape.levels[0].runs[0].tables[0].oldest_sequence = 10;
    EXPECT_FALSE(output_overtakes(shape, merge({30, 40}, 2))) << "what is in front is newer";
}

TEST(OutputOvertakesTest, SaysWhenANewRunHoldsNewerVersionsThanRunsInFrontOfIt) {
    const TreeShape shape = some_shape();
    EXPECT_TRUE(output_overtakes(shape, merge({20}, 2))) << "run 6 is older and stays in front";
    EXPECT_FALSE(output_overtakes(shape, merge({20, 18, 19}, 2)));
    EXPECT_FALSE(output_overtakes(shape, merge({18, 19}, 2)));
    TreeShape apart = shape;
    apart.levels[0].runs[1].tables = {table(18, "n", "q")};
    EXPECT_FALSE(output_overtakes(apart, merge({20}, 2))) << "they share no key";
}

}  // namespace
}  // namespace lsm
