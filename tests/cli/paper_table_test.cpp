#include "framework/cli/paper_table.hpp"

#include <gtest/gtest.h>

namespace lsm::cli {
namespace {

TEST(PaperTable, ShowsTheClosestPointAndCounts) {
    experiment::Experiment experiment;
    ClaimResult claim;
    claim.text = "a < b";
    claim.verdict = Verdict::holds;
    claim.points = {{"T=2", 1, 4, Verdict::holds, ""}, {"T=4", 3, 4, Verdict::holds, ""}};
    claim.notes = {"a is less", "2 < 9", ""};
    PaperTable table;
    table.add(experiment, {claim});
    EXPECT_TRUE(table.empty());  // it names no paper

    experiment.paper = {"Monkey", "11A", "theirs", "ours"};
    ClaimResult differs;
    differs.text = "c < d";
    differs.verdict = Verdict::differs;
    table.add(experiment, {claim, differs});
    const std::string text = table.text(false);
    EXPECT_NE(text.find("a is less  holds    3 to 4 (closest of 2)   2 < 9"), std::string::npos)
        << text;
    EXPECT_NE(text.find("c < d      differs"), std::string::npos) << text;
    EXPECT_NE(text.find("1 of 2 claims hold, 1 differ as marked, 0 do not"), std::string::npos);
}

}  // namespace
}  // namespace lsm::cli
