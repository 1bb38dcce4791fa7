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
    ClaimResult check(const std::string& claim, const std::string& more = kSweep,
                      const std::vector<std::string>& sets = {}) {
        ReadOptions options;
        options.sets = sets;
        experiment_ = small_.read(small_experiment(more + "expect:\n  - " + claim + "\n"), options);
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

TEST_F(Claims, HaveALimitedNumberOfOperands) {
    std::string sum = "space_amplification";
    for (int i = 1; i < 999; ++i) sum += "+1";
    EXPECT_EQ(check(sum + " == 1000").verdict, Verdict::holds);
    for (const std::string& longer : {sum + "+1 < 2000", "1 < " + sum + "+1"}) {
        try {
            check(longer);
            ADD_FAILURE() << "this was accepted";
        } catch (const Error& error) {
            const std::string said = error.what();
            EXPECT_NE(said.find("a claim has at most 1000 numbers and metrics"), std::string::npos)
                << said;
        }
    }
    for (int i = 0; i < 300000; ++i) sum += i % 2 == 0 ? "*1" : "-1";
    EXPECT_THROW(check(sum + " > 1"), Error);
}

TEST_F(Claims, SelectByTheNamesOfEntries) {
    const char* const named =
        "sweep:\n  strategy:\n"
        "    - {name: LO+1, tree.compaction.policy: leveling}\n"
        "    - {name: 1-Lvl, tree.compaction.policy: tiering}\n"
        "  tree.bloom.bits_per_key: [4, 10]\n";
    const ClaimResult bare = check("write_amplification(LO+1) < write_amplification(1-Lvl)", named);
    EXPECT_EQ(bare.verdict, Verdict::holds);
    ASSERT_EQ(bare.points.size(), 2u);
    EXPECT_EQ(bare.points[0].left, 1);
    EXPECT_EQ(bare.points[0].right, 3);
    EXPECT_EQ(check("write_amplification(strategy=1-Lvl, bits_per_key=10) == 4", named).verdict,
              Verdict::holds);
    const ClaimResult free = check("write_amplification > 0 where strategy != LO+1", named);
    ASSERT_EQ(free.points.size(), 2u);
    EXPECT_EQ(free.points[0].where, "strategy=1-Lvl, bits_per_key=4");
}

TEST_F(Claims, TellWhatWasMeasuredWithoutTheirOwnFactors) {
    const std::string tail = "(leveling, size_ratio=2, bits_per_key=4)";
    const std::string other = "(tiering, size_ratio=2, bits_per_key=4)";
    struct Case {
        std::string claim;
        std::optional<double> left, right;
    };
    const std::string one = "write_amplification" + tail, five = "write_amplification" + other;
    for (const Case& each :
         {Case{one + " < 0.5 * " + five, 1, 5}, Case{five + " / 2 > 2 * " + one + " * 1", 5, 1},
          Case{"2 * " + five + " - 1 > (" + one + " + " + one + ") / 4", 9, 2},
          Case{five + " * " + one + " < 9", 5, std::nullopt},
          Case{"7 > 3 * -" + five, std::nullopt, 5}, Case{"2 / " + five + " < " + one, 0.4, 1}}) {
        const ClaimResult result = check(each.claim);
        ASSERT_EQ(result.points.size(), 1u) << each.claim;
        EXPECT_EQ(result.points[0].measured_left, each.left) << each.claim;
        EXPECT_EQ(result.points[0].measured_right, each.right) << each.claim;
    }
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

TEST_F(Claims, AtEqualReadsTheOtherCurveOff) {
    // Over 4 and 10 bits, leveling's (size ratio 2) has the points (1, 1) and (2, 2), tiering's
    // (5, 5) and (6, 6): the metric is both axes.
    const std::string along = " at equal write_amplification along bits_per_key";
    const ClaimResult same =
        check("write_amplification(leveling) == write_amplification(policy=leveling)" + along);
    EXPECT_EQ(same.verdict, Verdict::holds);
    EXPECT_EQ(same.points.size(), 4u);
    const ClaimResult apart =
        check("write_amplification(leveling) < write_amplification(tiering)" + along);
    EXPECT_EQ(apart.verdict, Verdict::error);
    EXPECT_EQ(apart.reason, "the two sides have no range of write_amplification in common");
    // Along the policy the curve goes through (1, 1), (5, 5) and (9, 9) at 4 bits, on a logarithmic
    // axis; at 10 bits leveling is 2, a quarter of the way.
    const ClaimResult between = check(
        "write_amplification(size_ratio=2, bits_per_key=10) > "
        "write_amplification(size_ratio=2, bits_per_key=4) at equal write_amplification along "
        "policy");
    EXPECT_EQ(between.verdict, Verdict::holds);
    EXPECT_NEAR(*between.points.front().right, std::pow(5, 0.25), 1e-9);
}

TEST_F(Claims, AtEqualNeedsAFreeAxisAndAMetricOnBothSides) {
    const auto error = [&](const std::string& claim) {
        return small_.error(small_experiment(std::string(kSweep) + "expect:\n  - " + claim + "\n"));
    };
    const std::string both = "write_amplification(leveling) < write_amplification(tiering) ";
    EXPECT_NE(error(both + "at equal levels along policy").find("no curve goes along it"),
              std::string::npos);
    EXPECT_NE(error("write_amplification < 3 at equal levels along size_ratio")
                  .find("needs a metric on both sides"),
              std::string::npos);
    EXPECT_NE(error(both + "at equal nothing along size_ratio").find("nothing"), std::string::npos);
    EXPECT_NE(error(both + "at equal levels").find("`along` and the swept key"), std::string::npos);
    EXPECT_NE(error(both + "at levels").find("`equal` should stand here"), std::string::npos);
}

TEST_F(Claims, MarkedAsNotReproducingDifferWhereTheyFail) {
    const std::string notes = "\n    says: in words\n    theirs: 1 < 2\n    because: scale";
    const auto noted = [&](const std::string& claim) {
        return check("claim: \"" + claim + "\"" + notes);
    };
    const ClaimResult fails = noted("write_amplification(tiering) < 1");
    EXPECT_EQ(fails.verdict, Verdict::differs);
    EXPECT_EQ(fails.reason, "scale");
    EXPECT_EQ(fails.notes.says, "in words");
    EXPECT_EQ(fails.notes.theirs, "1 < 2");
    EXPECT_TRUE(is_no_failure(fails.verdict));
    // The run's own file keeps what was said.
    const Experiment again = small_.read(experiment_.resolved);
    EXPECT_EQ(again.resolved, experiment_.resolved);
    EXPECT_EQ(again.claims.front().notes.because, "scale");
    const ClaimResult holds = noted("write_amplification(tiering) > 1");
    EXPECT_EQ(holds.verdict, Verdict::fails);
    EXPECT_EQ(holds.reason, "it is marked as one that does not reproduce, and holds");
}

TEST_F(Claims, PapersAreKeptInTheResolvedFile) {
    const std::string paper =
        "paper: {title: A paper, figure: \"3\", setup: theirs, scaling: ours}\n";
    const Experiment read = small_.read(small_experiment(paper));
    EXPECT_EQ(read.paper.title, "A paper");
    EXPECT_EQ(read.paper.scaling, "ours");
    EXPECT_EQ(small_.read(read.resolved).resolved, read.resolved);
    EXPECT_EQ(small_.read(read.resolved).paper.figure, "3");
}

TEST_F(Claims, RepeatsAreAveraged) {
    // One trial, repeated: 1, 2 and 3.
    const ClaimResult result = check("write_amplification == 2", "repeat: 3\n");
    EXPECT_EQ(result.verdict, Verdict::holds);
    EXPECT_EQ(result.points.size(), 1u);
}

/// Claims over two policies, three repeats each, whose values are given.
ClaimResult check_repeats(const std::string& claim, const std::vector<double>& leveling,
                          const std::vector<double>& tiering) {
    const SmallContext small;
    const Experiment experiment =
        small.read(small_experiment("repeat: 3\nsweep:\n  tree.compaction.policy: [leveling, "
                                    "tiering]\nexpect:\n  - " +
                                    claim + "\n"));
    return check_claim(experiment.claims.front(), experiment,
                       [&](size_t trial, const std::string&) -> std::optional<double> {
                           return (trial % 2 == 0 ? leveling : tiering)[trial / 2];
                       });
}

TEST(ClaimsWithRepeats, SayTheIntervalOfThePairedDifference) {
    const std::string less = "write_amplification(leveling) < write_amplification(tiering)";
    const ClaimResult clear = check_repeats(less, {10, 20, 30}, {11, 21.5, 31});
    ASSERT_EQ(clear.points.size(), 1u);
    ASSERT_TRUE(clear.points[0].difference);
    EXPECT_NEAR(clear.points[0].difference->mean, -7.0 / 6, 1e-12);
    EXPECT_LT(clear.points[0].difference->high, 0);
    EXPECT_FALSE(clear.points[0].difference->inside_noise);
    EXPECT_EQ(points_inside_noise(clear), 0u);

    const ClaimResult unsure = check_repeats(less, {10, 20, 30}, {9, 22, 31});
    EXPECT_EQ(unsure.verdict, Verdict::holds) << "the means decide";
    EXPECT_TRUE(unsure.points[0].difference->inside_noise);
    EXPECT_EQ(points_inside_noise(unsure), 1u);
}

TEST(ClaimsWithRepeats, AboutTurnsOnItsBound) {
    const std::string about =
        "write_amplification(leveling) ~ write_amplification(tiering) within 10%";
    EXPECT_FALSE(
        check_repeats(about, {100, 101, 99}, {100, 100, 100}).points[0].difference->inside_noise);
    const ClaimResult unsure = check_repeats(about, {109, 108, 112}, {100, 100, 100});
    EXPECT_EQ(unsure.verdict, Verdict::holds);
    EXPECT_TRUE(unsure.points[0].difference->inside_noise);
}

TEST(ClaimsWithRepeats, ThatAgreeAreNotNoise) {
    const ClaimResult same = check_repeats(
        "write_amplification(leveling) <= write_amplification(tiering)", {1, 2, 3}, {1, 2, 3});
    EXPECT_EQ(same.verdict, Verdict::holds);
    EXPECT_FALSE(same.points[0].difference->inside_noise);
}

TEST_F(Claims, WithoutRepeatsHaveNoDifference) {
    EXPECT_FALSE(check("write_amplification(leveling) < 100").points[0].difference);
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

TEST_F(Claims, SpeakOfASweptSettingThatSetFixed) {
    const char* const claim =
        "write_amplification(leveling) < write_amplification(tiering) where size_ratio > 2";
    const ClaimResult result = check(claim, kSweep, {"tree.compaction.size_ratio=8"});
    EXPECT_EQ(result.verdict, Verdict::holds);
    EXPECT_EQ(result.points.size(), 2u);
}

TEST_F(Claims, AreNotAskedWhereSetLeftNoPoint) {
    const std::string claim =
        "write_amplification(leveling) < write_amplification(tiering) where size_ratio > 2";
    const ClaimResult where = check(claim, kSweep, {"tree.compaction.size_ratio=2"});
    EXPECT_EQ(where.verdict, Verdict::not_asked);
    EXPECT_EQ(where.reason, "no point of the sweep is left by `where`");
    EXPECT_TRUE(where.points.empty());
    EXPECT_EQ(
        check("write_amplification(size_ratio=4) > 0", kSweep, {"tree.compaction.size_ratio=8"})
            .verdict,
        Verdict::not_asked);
    // fifo has no size_ratio, so its sweep goes too.
    const ClaimResult policy = check(claim, kSweep, {"tree.compaction.policy=fifo"});
    EXPECT_EQ(policy.verdict, Verdict::not_asked);
    EXPECT_EQ(policy.reason, "no swept value `leveling`; there are `fifo`, `4` and `10`");
    EXPECT_EQ(experiment_.trials.size(), 2u);
    // The run's own file says so too, and is the same when it is read back.
    const Experiment again = small_.read(experiment_.resolved);
    EXPECT_EQ(again.resolved, experiment_.resolved);
    EXPECT_EQ(again.claims.front().not_asked, policy.reason);
}

TEST_F(Claims, AreMistakesWhereTheFileAloneHasThem) {
    ReadOptions options;
    options.sets = {"tree.compaction.size_ratio=8"};
    const std::string sweep = kSweep;
    EXPECT_NE(
        small_.error(small_experiment(sweep + "expect:\n  - levels(levelling) > 1\n"), options)
            .find("did you mean `leveling`"),
        std::string::npos);
    EXPECT_NE(
        small_.error(small_experiment(sweep + "expect:\n  - levels > 1 where limit > 2\n"), options)
            .find("`limit` is not swept"),
        std::string::npos);
}

TEST_F(Claims, SizesCompareAsPeopleWriteThem) {
    const std::string sizes = "sweep:\n  tree.memtable.size: [64 KiB, 1 MiB]\n";
    EXPECT_EQ(check("write_amplification(1024 KiB) == 2", sizes).verdict, Verdict::holds);
    EXPECT_EQ(check("write_amplification == 2 where size > 100 KiB", sizes).verdict,
              Verdict::holds);
}

}  // namespace
}  // namespace lsm::experiment
