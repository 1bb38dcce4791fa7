#include "framework/cli/paper_table.hpp"

#include <gtest/gtest.h>

namespace lsm::cli {
namespace {

experiment::Claim claim_of(const std::string& text) {
    experiment::Problems problems;
    const auto claim = experiment::parse_claim(text, {}, false, problems);
    return claim.value();
}

TEST(PaperTable, ShowsWhatWasMeasuredAndCounts) {
    constexpr double kGib = 1 << 30;
    experiment::Experiment experiment;
    experiment.claims = {
        claim_of("compaction_bytes_written(a) < 0.5 * compaction_bytes_written(b)"),
        claim_of("levels(c) < 2")};
    ClaimResult claim;
    claim.verdict = Verdict::holds;
    claim.points = {{"T=2", kGib, 1.5 * kGib, Verdict::holds, "", {}, kGib, 3 * kGib}};
    claim.notes = {"a is less", "2 < 9", ""};
    ClaimResult differs;
    differs.text = "levels(c) < 2";
    differs.verdict = Verdict::differs;
    differs.points = {{"", 3, 2, Verdict::fails, "", {}, 3, {}}};
    PaperTable table;
    table.add(experiment, {claim, differs});
    EXPECT_TRUE(table.empty());  // it names no paper

    experiment.paper = {"Monkey", "11A", "theirs", "ours"};
    table.add(experiment, {claim, differs});
    const std::string text = table.text(false);
    EXPECT_NE(text.find("a is less      holds    1.00 GiB against 3.00 GiB, 0.33 times   2 < 9"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("levels(c) < 2  differs                                      3\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("1 of 2 claims hold, 1 differ as marked, 0 do not"), std::string::npos);
}

}  // namespace
}  // namespace lsm::cli
