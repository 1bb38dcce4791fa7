// Edits of a shape.
#include "framework/policy/tree_edit.hpp"

#include <gtest/gtest.h>

#include "small_shapes.hpp"

namespace lsm {
namespace {

using small::some_shape;
using small::table;

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

}  // namespace
}  // namespace lsm
