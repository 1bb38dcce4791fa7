// What a claim's row says was measured: units, the nearest point, ranges, bounds.
#include "framework/report/claim_figures.hpp"

#include <gtest/gtest.h>

namespace lsm::report {
namespace {

struct Sides {
    std::optional<double> left, right;
    double factor = 1;  ///< that the claim multiplies the right side by
};

std::string figures(const std::string& text, const std::vector<Sides>& points) {
    experiment::Problems problems;
    const experiment::Claim claim = experiment::parse_claim(text, {}, false, problems).value();
    ClaimResult result;
    for (const Sides& point : points) {
        const double right = point.right.value_or(1) * point.factor;
        result.points.push_back(
            {"", point.left, right, Verdict::holds, "", {}, point.left, point.right});
    }
    return claim_figures(claim, result);
}

TEST(ClaimFigures, HaveOneUnitAndThreeDigits) {
    const double gib = 1 << 30;
    EXPECT_EQ(figures("compaction_bytes_written(a) < 0.9 * compaction_bytes_written(b)",
                      {{12.2 * gib, 17.8 * gib, 0.9}}),
              "12.2 GiB against 17.8 GiB, 0.69 times");
    EXPECT_EQ(figures("compactions(a) > 1.5 * compactions(b)", {{284, 149, 1.5}}),
              "284 against 149, 1.91 times");
    EXPECT_EQ(figures("compactions(a) > 3 * mean_tombstones(b)", {{38, 4.25, 3}}),
              "38 against 4.25, 8.94 times");
    EXPECT_EQ(figures("mean_tombstones(a) < tombstones(b)", {{61234.25, 91234, 1}}),
              "61,234 against 91,234, 0.67 times");
    EXPECT_EQ(figures("write_amplification(a) > write_amplification(b)", {{12.345, 4.9999, 1}}),
              "12.3 against 5.00, 2.47 times");
    EXPECT_EQ(figures("modelled_seconds(a) < modelled_seconds(b)", {{4.25, 17, 1}}),
              "4.25 s against 17.0 s, 0.25 times");
    EXPECT_EQ(figures("read_amplification_found(a) > 20 * read_amplification_found(b)",
                      {{389.4, 1.702, 20}}),
              "389 against 1.70, 229 times");
    EXPECT_EQ(figures("read_amplification_empty(a) < read_amplification_empty(b)",
                      {{0.0098765, 0.54321, 1}}),
              "0.00988 against 0.543, 0.018 times");
}

TEST(ClaimFigures, MixedUnitsHaveNone) {
    EXPECT_EQ(figures("gets(a) + flush_bytes(a) / 4096 < gets(b) + flush_bytes(b) / 4096",
                      {{123456.7, 2e6, 1}}),
              "123,457 against 2,000,000, 0.062 times");
    EXPECT_EQ(
        figures("flush_bytes(a) / compaction_bytes_written(a) < 1 / flush_bytes(b)", {{2.5, 5, 1}}),
        "2.50 against 5.00, 0.50 times");
    EXPECT_EQ(
        figures("flush_bytes(a) - log_bytes(a) < 2 * flush_bytes(b) / 3", {{2097152, 4194304, 1}}),
        "2.00 MiB against 4.00 MiB, 0.50 times");
}

TEST(ClaimFigures, SeveralPointsShowTheNearestAndTheRange) {
    const std::vector<Sides> points = {{2, 4, 0.9}, {3, 4, 0.9}, {1, 4, 0.9}};
    EXPECT_EQ(figures("write_amplification(a) < 0.9 * write_amplification(b)", points),
              "3.00 against 4.00, 0.75 times (0.25 to 0.75 at 3 points)");
    EXPECT_EQ(figures("write_amplification(a) > 0.9 * write_amplification(b)", points),
              "1.00 against 4.00, 0.25 times (0.25 to 0.75 at 3 points)");
    EXPECT_EQ(figures("write_amplification(a) ~ write_amplification(b) within 80%", points),
              "1.00 against 4.00, 0.25 times (0.25 to 0.75 at 3 points)");
    EXPECT_EQ(
        figures("write_amplification(a) < 2 * write_amplification(b)", {{1, 4, 2}, {2, 8, 2}}),
        "1.00 against 4.00, 0.25 times (at all of 2 points)");
}

TEST(ClaimFigures, BoundsAreLeftOut) {
    EXPECT_EQ(figures("peak_tombstone_age_max(a) <= 167000", {{166990, {}, 167000}}), "166,990");
    EXPECT_EQ(figures("write_amplification(a) < 1.15", {{1.0612, {}, 1.15}, {0.5, {}, 1.15}}),
              "1.06 (0.500 to 1.06 at 2 points)");
    EXPECT_EQ(figures("write_amplification(a) < 1.15", {}), "-");
    EXPECT_EQ(figures("write_amplification(a) < 1.15", {{{}, {}, 1}}), "-");
}

}  // namespace
}  // namespace lsm::report
