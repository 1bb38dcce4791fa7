#include "framework/report/terminal_table.hpp"

#include <gtest/gtest.h>

#include "framework/os/memory_file_system.hpp"
#include "tests/report/synthetic_run.hpp"

namespace lsm::report {
namespace {

TEST(TerminalTable, AlignsWordsLeftAndNumbersRight) {
    EXPECT_EQ(terminal_table({"trial", "runs", "note"},
                             {{"leveling", "3", "fine"}, {"x", "12.5", ""}}, false),
              "trial     runs  note\n"
              "leveling     3  fine\n"
              "x         12.5\n");
}

TEST(TerminalTable, CountsCharactersNotBytes) {
    EXPECT_EQ(terminal_table({"µs", "b"}, {{"ü", "x"}, {"yyy", "x"}}, false),
              "µs   b\nü    x\nyyy  x\n");
}

TEST(TerminalTable, ShortRowsAndNoRowsAreFine) {
    EXPECT_EQ(terminal_table({"a", "b"}, {{"1"}}, false), "a  b\n1\n");
    EXPECT_EQ(terminal_table({"a", "b"}, {}, false), "a  b\n");
    EXPECT_EQ(terminal_table({}, {}, false), "\n");
}

TEST(TerminalTable, CellsCannotSteerTheTerminal) {
    const std::string text = terminal_table({"a\x1b[2J"},
                                            {{"\x1b]0;x\a"},
                                             {"\xc2\x9b"
                                              "31m"}},
                                            false);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\a'), std::string::npos);
    EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
}

TEST(TerminalTable, ColourOnlyWhenAsked) {
    EXPECT_EQ(terminal_table({"a"}, {{"b"}}, true).find("\x1b[1m"), 0u);
    EXPECT_EQ(terminal_table({"a"}, {{"b"}}, false).find('\x1b'), std::string::npos);
}

TEST(TrialsSummary, NamesTrialsByWhatTellsThemApart) {
    const auto files = make_memory_file_system();
    test::SyntheticOptions options;
    options.policies = {"tiering"};
    options.size_ratios = {2, 4};
    options.samples = 10;
    test::write_synthetic_run(*files, "run", options);
    const std::string text = trials_summary(read_run(*files, "run"), {"runs", "nonsense"}, false);
    EXPECT_EQ(
        text,
        "trial         write_amplification  space_amplification  read_amplification_empty  runs\n"
        "size ratio 2                 3.85                 1.41                    0.0246     3\n"
        "size ratio 4                 1.95                 1.65                     0.041     5\n");
}

TEST(TrialsSummary, LeavesOutOptionsThatAPolicyBringsAlong) {
    const auto files = make_memory_file_system();
    files->create_folder("run");
    write_text_file(
        *files, "run/trials.csv",
        "trial,tree.compaction.spill,tree.compaction.size_ratio,tree.compaction.policy,runs\n"
        "1,bypass,2,leveling,1\n2,bypass,4,leveling,2\n3,,,fifo,\n");
    EXPECT_EQ(trials_summary(read_run(*files, "run"), {"runs"}, false),
              "trial                   runs\n"
              "leveling, size ratio 2     1\n"
              "leveling, size ratio 4     2\n"
              "fifo                       -\n");
}

TEST(TrialsSummary, ShowsTheMeanOfRepeatsWithItsInterval) {
    const auto files = make_memory_file_system();
    files->create_folder("run");
    write_text_file(*files, "run/trials.csv",
                    "trial,repeat,seed,tree.compaction.policy,runs\n"
                    "1,1,42,leveling,10\n2,1,42,fifo,3\n3,2,43,leveling,20\n4,2,43,fifo,3\n"
                    "5,3,44,leveling,30\n6,3,44,fifo,3\n");
    EXPECT_EQ(trials_summary(read_run(*files, "run"), {"runs"}, false),
              "trial        runs\n"
              "leveling  20 ± 25\n"
              "fifo        3 ± 0\n"
              "mean of 3 repeats ± half of its 95 % interval (Student's t)\n");
}

TEST(ClaimsSummary, SaysWhatIsInsideTheNoise) {
    ClaimResult claim = {"a < b", Verdict::holds, "", {}};
    claim.points.push_back({"size_ratio=2", 1, 2, Verdict::holds, ""});
    claim.points.back().difference = ClaimDifference{-1, -1.5, -0.5, false};
    claim.points.push_back({"size_ratio=4", 1, 1.5, Verdict::holds, ""});
    claim.points.back().difference = ClaimDifference{-0.5, -2, 1, true};
    EXPECT_EQ(
        claims_summary({claim}, false),
        "holds  a < b  (inside the noise at 1 of 2 points)\n"
        "       at size_ratio=4: left 1, right 1.5; difference -0.5, 95 % -2 to 1, inside the "
        "noise\n");
}

TEST(ClaimsSummary, ShowsWhereAClaimFails) {
    const std::vector<ClaimResult> claims = {
        {"a < b", Verdict::holds, "", {{"size_ratio=2", 1, 2, Verdict::holds, ""}}},
        {"b < a",
         Verdict::fails,
         "",
         {{"size_ratio=2", 1, 2, Verdict::holds, ""},
          {"size_ratio=4", 2, 1.5, Verdict::fails, ""}}},
        {"c < a", Verdict::error, "there is no metric 'c'", {}},
        {"b > a", Verdict::not_asked, "no swept value `b`", {}}};
    EXPECT_EQ(claims_summary(claims, false),
              "holds  a < b\n"
              "fails  b < a\n"
              "       at size_ratio=4: left 2, right 1.5\n"
              "error  c < a\n"
              "       there is no metric 'c'\n"
              "not asked  b > a\n"
              "       no swept value `b`\n");
}

}  // namespace
}  // namespace lsm::report
