// Edits of a shape, and every reason for which a strategy's choice is refused.
#include "framework/policy/tree_edit.hpp"
#include "framework/policy/choice_check.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "framework/base/error.hpp"

namespace lsm {
namespace {

TableShape table(TableId id, std::string smallest, std::string largest) {
    TableShape shape;
    shape.id = id;
    shape.smallest = std::move(smallest);
    shape.largest = std::move(largest);
    shape.entries = 1;
    return shape;
}

/// "1[7:20(a-m) 6:18(a-f)19(g-z)] 2[...]": levels with their runs and tables; '!' behind a run that
/// overtakes.
std::string text(const TreeShape& shape) {
    std::string result;
    for (size_t i = 0; i < shape.levels.size(); ++i) {
        result += (i > 0 ? " " : "") + std::to_string(i + 1) + "[";
        bool first = true;
        for (const RunShape& run : shape.levels[i].runs) {
            result +=
                (first ? "" : " ") + std::to_string(run.id) + (run.overtakes ? "!" : "") + ":";
            for (const TableShape& one : run.tables)
                result += std::to_string(one.id) + "(" + one.smallest + "-" + one.largest + ")";
            first = false;
        }
        result += "]";
    }
    return result;
}

TableShape open_table(TableId id, std::string smallest, std::string end) {
    TableShape shape = table(id, std::move(smallest), std::move(end));
    shape.largest_open = true;
    return shape;
}

/// 1[7:20(a-m) 6:18(a-f)19(g-z)] 2[5:10(a-c)11(d-k)12(p-z)]
TreeShape some_shape() {
    TreeShape shape;
    shape.levels.resize(2);
    shape.levels[0].runs = {{7, {table(20, "a", "m")}, false},
                            {6, {table(18, "a", "f"), table(19, "g", "z")}, false}};
    shape.levels[1].runs = {
        {5, {table(10, "a", "c"), table(11, "d", "k"), table(12, "p", "z")}, false}};
    return shape;
}

TEST(ApplyEditTest, AFlushFoundsARunInFrontOfAll) {
    TreeShape shape = some_shape();
    apply_edit(shape,
               {{}, {{1, 8, false, table(22, "n", "q")}, {1, 8, false, table(21, "b", "d")}}, {}});
    EXPECT_EQ(text(shape),
              "1[8:21(b-d)22(n-q) 7:20(a-m) 6:18(a-f)19(g-z)] 2[5:10(a-c)11(d-k)12(p-z)]");
    EXPECT_EQ(shape.edit, 1u);
}

TEST(ApplyEditTest, AnEmptyShapeGrowsToTheLevelThatIsAskedFor) {
    TreeShape shape;
    apply_edit(shape, {{}, {{3, 1, true, table(1, "a", "b")}}, {}});
    EXPECT_EQ(text(shape), "1[] 2[] 3[1!:1(a-b)]");
}

TEST(ApplyEditTest, OutputsJoinARunInKeyOrderAndEmptyRunsGo) {
    TreeShape shape = some_shape();
    apply_edit(shape, {{20, 11}, {{2, 5, false, table(30, "d", "m")}}, {}});
    EXPECT_EQ(text(shape), "1[6:18(a-f)19(g-z)] 2[5:10(a-c)30(d-m)12(p-z)]");
}

TEST(ApplyEditTest, ANewRunTakesThePlaceOfTheNewestThatGaveATable) {
    TreeShape shape = some_shape();
    apply_edit(shape, {{18, 19}, {{1, 9, true, table(30, "a", "z")}}, {}});
    EXPECT_EQ(text(shape), "1[7:20(a-m) 9!:30(a-z)] 2[5:10(a-c)11(d-k)12(p-z)]");
    shape = some_shape();
    apply_edit(shape, {{20, 18}, {{1, 9, false, table(30, "a", "m")}}, {}});
    EXPECT_EQ(text(shape), "1[9:30(a-m) 6:19(g-z)] 2[5:10(a-c)11(d-k)12(p-z)]");
    shape = some_shape();
    apply_edit(shape, {{20}, {{2, 9, false, table(20, "a", "m")}}, {}});
    EXPECT_EQ(text(shape), "1[6:18(a-f)19(g-z)] 2[9:20(a-m) 5:10(a-c)11(d-k)12(p-z)]") << "a move";
}

TEST(ApplyEditTest, CursorsStayAndEmptyLevelsAtTheEndGo) {
    TreeShape shape = some_shape();
    apply_edit(shape, {{10, 11, 12}, {}, {}});
    EXPECT_EQ(text(shape), "1[7:20(a-m) 6:18(a-f)19(g-z)]");
    apply_edit(shape, {{}, {}, TreeEdit::Cursor{3, "k"}});
    EXPECT_EQ(shape.levels.size(), 3u);
    EXPECT_EQ(shape.level(3).cursor, "k");
    apply_edit(shape, {{}, {}, TreeEdit::Cursor{3, ""}});
    EXPECT_EQ(shape.levels.size(), 1u);
    EXPECT_EQ(shape.edit, 3u);
}

Choice merge(std::vector<TableId> inputs, int output_level, std::optional<RunId> join = {}) {
    Choice choice;
    choice.action = Choice::Action::merge;
    choice.inputs = std::move(inputs);
    choice.output_level = output_level;
    choice.join = join;
    return choice;
}

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
