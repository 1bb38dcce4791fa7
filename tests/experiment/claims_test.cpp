// What claims say of results that are made by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "framework/experiment/claim_check.hpp"
#include "tests/experiment/small_context.hpp"

namespace lsm::experiment {
namespace {

const char* const kSweep =
    "sweep:\n"
    "  tree.compaction.policy: [leveling, tiering, fifo]\n"
    "  tree.compaction.size_ratio: [2, 4]\n"
    "  tree.bloom.bits_per_key: [4, 10]\n";

class Claims : public testing::Test {
  protected:
    /// Reads the experiment with this claim alone and checks it. A trial's write_amplification is
    /// its number, space_amplification 2 everywhere, levels undefined, read_amplification missing.
    ClaimResult check(const std::string& claim, const std::string& more = kSweep) {
        experiment_ = small_.read(small_experiment(more + "expect:\n  - " + claim + "\n"));
        return check_claim(experiment_.claims.front(), experiment_,
                           [&](size_t trial, const std::string& metric) -> std::optional<double> {
                               if (metric == "write_amplification" || metric == "peak_levels") {
                                   return static_cast<double>(trial + 1);
                               }
                               if (metric == "space_amplification") {
                                   return 2;
                               }
                               if (metric == "levels") {
                                   return std::nan("");
                               }
                               return std::nullopt;
                           });
    }

    SmallContext small_;
    Experiment experiment_;
};

TEST_F(Claims, AreCheckedAtEveryPointOfTheOtherAxes) {
    const ClaimResult result =
        check("write_amplification(leveling) < write_amplification(tiering)");
    EXPECT_EQ(result.verdict, Verdict::holds);
    ASSERT_EQ(result.points.size(), 4u);
    EXPECT_EQ(result.points[0].where, "size_ratio=2, bits_per_key=4");
    EXPECT_EQ(result.points[3].where, "size_ratio=4, bits_per_key=10");
    EXPECT_EQ(result.points[3].left, 4);
    EXPECT_EQ(result.points[3].right, 8);
}

TEST_F(Claims, FailWhereOnePointFails) {
    const ClaimResult result = check("write_amplification(leveling) < 4");
    EXPECT_EQ(result.verdict, Verdict::fails);
    EXPECT_EQ(result.points[2].verdict, Verdict::holds);
    EXPECT_EQ(result.points[3].verdict, Verdict::fails);
}

TEST_F(Claims, WhereChoosesPoints) {
    EXPECT_EQ(check("write_amplification(leveling) < 3 where size_ratio < 4").verdict,
              Verdict::holds);
    const ClaimResult one =
        check("write_amplification(leveling) == 3 where size_ratio >= 4 and bits_per_key != 10");
    EXPECT_EQ(one.verdict, Verdict::holds);
    EXPECT_EQ(one.points.size(), 1u);
}

TEST_F(Claims, SelectorsMayNameTheirAxis) {
    const ClaimResult result = check(
        "write_amplification(policy=tiering, tree.compaction.size_ratio=2, bits_per_key=10) == 6");
    EXPECT_EQ(result.verdict, Verdict::holds);
    EXPECT_EQ(result.points.size(), 1u);
    EXPECT_EQ(result.points[0].where, "");
}

TEST_F(Claims, PointsThatShareTheirTrialAreOne) {
    // fifo has no size_ratio: 9 and 10 are its trials, one for each number of bits.
    const ClaimResult result = check("write_amplification(fifo) >= 9");
    EXPECT_EQ(result.verdict, Verdict::holds);
    EXPECT_EQ(result.points.size(), 2u);
}

TEST_F(Claims, ComputeWithPrecedence) {
    const char* const values =
        "(write_amplification(leveling, size_ratio=2, bits_per_key=4) + 1) * 3 - "
        "8 / 2 / 2 == -(-4)";
    EXPECT_EQ(check(values).verdict, Verdict::holds);
    EXPECT_EQ(check("2 * 3 + space_amplification * 10 == 26").verdict, Verdict::holds);
    EXPECT_EQ(check("space_amplification - 1 - 1 == 0").verdict, Verdict::holds);
    EXPECT_EQ(check("space_amplification == 0.2e1").verdict, Verdict::holds);
}

TEST_F(Claims, AboutIsRelativeToTheRightSide) {
    EXPECT_EQ(check("space_amplification ~ 2.5 within 20%").verdict, Verdict::holds);
    EXPECT_EQ(check("space_amplification ~ 2.6 within 20%").verdict, Verdict::fails);
}

TEST_F(Claims, PrefixesNameOtherColumns) {
    EXPECT_EQ(check("final_space_amplification == 2").verdict, Verdict::holds);
    EXPECT_EQ(check("peak_levels(leveling, size_ratio=2, bits_per_key=4) == 1").verdict,
              Verdict::holds);
}

TEST_F(Claims, AreErrorsWhereThereIsNoValue) {
    const ClaimResult undefined = check("levels > 1");
    EXPECT_EQ(undefined.verdict, Verdict::error);
    EXPECT_EQ(undefined.reason, "trial 1 has no value of levels");
    EXPECT_EQ(check("read_amplification > 1").verdict, Verdict::error);
    EXPECT_EQ(check("space_amplification / (space_amplification - 2) > 1").verdict, Verdict::error);
}

TEST_F(Claims, RepeatsAreAveraged) {
    // One trial, repeated: 1, 2 and 3.
    const ClaimResult result = check("write_amplification == 2", "repeat: 3\n");
    EXPECT_EQ(result.verdict, Verdict::holds);
    EXPECT_EQ(result.points.size(), 1u);
}

TEST_F(Claims, MapsOfTheSweepAreSelectedByWhatTheySet) {
    const std::string design =
        "sweep:\n  design:\n"
        "    - {tree.compaction.policy: leveling, tree.compaction.size_ratio: 4}\n"
        "    - {tree.compaction.policy: leveling, tree.compaction.size_ratio: 8}\n"
        "    - {tree.compaction.policy: tiering, tree.compaction.size_ratio: 4}\n";
    EXPECT_EQ(check("write_amplification(leveling, size_ratio=8) == 2", design).verdict,
              Verdict::holds);
    EXPECT_EQ(check("write_amplification(tiering) == 3", design).verdict, Verdict::holds);
    EXPECT_EQ(check("write_amplification > 0 where policy == leveling", design).points.size(), 2u);
}

TEST_F(Claims, SizesCompareAsPeopleWriteThem) {
    const std::string sizes = "sweep:\n  tree.memtable.size: [64 KiB, 1 MiB]\n";
    EXPECT_EQ(check("write_amplification(1024 KiB) == 2", sizes).verdict, Verdict::holds);
    EXPECT_EQ(check("write_amplification == 2 where size > 100 KiB", sizes).verdict,
              Verdict::holds);
}

}  // namespace
}  // namespace lsm::experiment
