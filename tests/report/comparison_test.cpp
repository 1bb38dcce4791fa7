// Two runs side by side: which trials belong together, what is noise, and the text to the byte
// (golden/compare-*.txt; LSMLAB_REWRITE=1 writes them anew).
#include "framework/report/comparison.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "framework/base/error.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/report/fail_condition.hpp"
#include "source_dir.hpp"

namespace lsm::report {
namespace {

RunData run_of(const std::string& name, const std::string& trials) {
    const auto files = make_memory_file_system();
    files->create_folder(name);
    write_text_file(*files, name + "/trials.csv", trials);
    return read_run_trials(*files, name);
}

const std::string kSettings =
    "trial,repeat,seed,mode,tree.format.codec,tree.compaction.policy,tree.compaction.size_ratio,";

void expect_golden(const std::string& name, const std::string& text) {
    const std::string file =
        std::string(LSMLAB_SOURCE_DIR) + "/tests/report/golden/compare-" + name + ".txt";
    if (std::getenv("LSMLAB_REWRITE") != nullptr) {
        write_text_file(posix_file_system(), file, text);
        return;
    }
    EXPECT_EQ(text, read_text_file(posix_file_system(), file));
}

RunData before() {
    return run_of("before", kSettings +
                                "write_amplification,space_amplification,levels,tables\n"
                                "1,1,42,deterministic,none,leveling,4,6,1.25,3,10\n"
                                "2,1,42,deterministic,none,tiering,4,3,1.5,3,12\n"
                                "3,1,42,deterministic,none,fifo,,1,0,1,5\n");
}

RunData after() {
    return run_of("after", kSettings +
                               "write_amplification,space_amplification,levels,tables\n"
                               "1,1,42,deterministic,lz4,tiering,4,3,1.5,3,14\n"
                               "2,1,42,deterministic,lz4,leveling,4,6.3,1.25,4,10\n"
                               "3,1,42,deterministic,lz4,leveling,8,8,1.1,3,10\n");
}

TEST(Comparison, MatchesTrialsByTheirSettings) {
    const Comparison comparison = compare_runs(before(), after());
    ASSERT_EQ(comparison.changed.size(), 1u);
    EXPECT_EQ(comparison.changed[0].setting, "tree.format.codec");
    ASSERT_EQ(comparison.trials.size(), 2u);
    EXPECT_EQ(comparison.trials[0].left, 1u);
    EXPECT_EQ(comparison.trials[0].right, 2u);
    const ComparedMetric& writes = *comparison.trials[0].find("write_amplification");
    EXPECT_NEAR(writes.relative(), 0.05, 1e-12);
    EXPECT_EQ(writes.difference, Difference::real);
    EXPECT_EQ(comparison.trials[0].find("space_amplification")->difference, Difference::none);
    EXPECT_EQ(comparison.only_left, (std::vector<std::string>{"fifo"}));
    EXPECT_EQ(comparison.only_right, (std::vector<std::string>{"leveling, size ratio 8"}));
    expect_golden("deterministic", comparison_text(comparison, {}, false));
    expect_golden("json", comparison_json(comparison) + "\n");
}

TEST(Comparison, NamesThatOneRunAloneHasKeepNothingApart) {
    const RunData named = run_of("named",
                                 "trial,repeat,seed,sweep.design,tree.compaction.policy,levels\n"
                                 "1,1,42,small,leveling,3\n2,1,42,large,tiering,4\n");
    const RunData plain = run_of("plain",
                                 "trial,repeat,seed,tree.compaction.policy,levels\n"
                                 "1,1,42,leveling,3\n2,1,42,tiering,5\n");
    for (const Comparison& comparison : {compare_runs(named, plain), compare_runs(plain, named)}) {
        EXPECT_EQ(comparison.trials.size(), 2u);
        EXPECT_TRUE(comparison.changed.empty());
    }
}

TEST(Comparison, ARunIsItself) {
    const Comparison comparison = compare_runs(before(), before());
    EXPECT_TRUE(comparison.changed.empty());
    for (const ComparedTrial& trial : comparison.trials) {
        for (const ComparedMetric& metric : trial.metrics) {
            EXPECT_EQ(metric.difference, Difference::none);
        }
    }
    expect_golden("same", comparison_text(comparison, {"tables"}, false));
}

const std::string kRepeats = "trial,repeat,seed,mode,tree.compaction.policy,throughput,a,b\n";

RunData measured() {
    return run_of("measured", kRepeats +
                                  "1,1,1,realtime,leveling,100,10,1\n2,2,2,realtime,leveling,110,"
                                  "20,1\n3,3,3,realtime,leveling,105,30,1\n");
}

TEST(Comparison, IntervalsTellNoiseFromChange) {
    const RunData again = run_of("again", kRepeats +
                                              "1,1,1,realtime,leveling,120,10.9,1\n2,2,2,realtime,"
                                              "leveling,95,21,1\n3,3,3,realtime,leveling,110,31.1,"
                                              "1\n");
    const Comparison comparison = compare_runs(measured(), again);
    const ComparedTrial& trial = comparison.trials.at(0);
    EXPECT_EQ(trial.find("throughput")->difference, Difference::noise);
    EXPECT_EQ(trial.find("a")->difference, Difference::real) << "seed by seed it is 1 more";
    EXPECT_EQ(trial.find("b")->difference, Difference::none);
    expect_golden("repeats", comparison_text(comparison, {"throughput", "a", "b"}, false));
}

TEST(Comparison, WithoutTheSameSeedsNothingIsPaired) {
    const RunData seeds = run_of("seeds", kRepeats +
                                              "1,1,7,realtime,leveling,100,10.9,2\n2,2,8,realtime,"
                                              "leveling,101,21,2\n3,3,9,realtime,leveling,102,31.1,"
                                              "2\n");
    const Comparison comparison = compare_runs(measured(), seeds);
    EXPECT_EQ(comparison.changed.at(0).setting, "seed");
    EXPECT_EQ(comparison.trials.at(0).find("a")->difference, Difference::noise);
    EXPECT_EQ(comparison.trials.at(0).find("b")->difference, Difference::real);
    const RunData one = run_of("one", kRepeats + "1,1,1,realtime,leveling,100,11,1\n");
    EXPECT_EQ(compare_runs(measured(), one).trials.at(0).find("a")->difference,
              Difference::unknown);
    EXPECT_EQ(compare_runs(one, run_of("two", kRepeats + "1,1,1,realtime,leveling,99,11,1\n"))
                  .trials.at(0)
                  .find("throughput")
                  ->difference,
              Difference::unknown)
        << "one measurement of time says nothing";
}

TEST(FailConditions, WhatOneRunLacksFails) {
    const Comparison comparison = compare_runs(before(), after());
    const FailCheck check = check_condition(parse_fail_condition("tables > +100"), comparison);
    EXPECT_FALSE(check.holds());
    EXPECT_TRUE(check.fails());
    EXPECT_EQ(check.unchecked,
              (std::vector<std::string>{"fifo: only in A", "leveling, size ratio 8: only in B"}));
    const std::string rows = "trial,mode,tree.compaction.policy,m,n\n1,deterministic,fifo,1,1\n";
    const RunData whole = run_of("whole", rows + "2,deterministic,never,1,\n");
    const RunData without = run_of("without", rows + "2,deterministic,never,,\n");
    const auto checked = [&](const std::string& text, const RunData& left, const RunData& right) {
        return check_condition(parse_fail_condition(text), compare_runs(left, right));
    };
    EXPECT_EQ(checked("m > +1", whole, without).unchecked,
              std::vector<std::string>{"never: no value in B"});
    EXPECT_EQ(checked("m > +1", without, whole).unchecked,
              std::vector<std::string>{"never: no value in A"});
    EXPECT_FALSE(checked("n > +1", whole, whole).fails()) << "never has no n in either";
}

TEST(FailConditions, ReadChangesAndPercents) {
    const Comparison comparison = compare_runs(before(), after());
    const auto check = [&](const std::string& text) {
        return check_condition(parse_fail_condition(text), comparison).trials;
    };
    EXPECT_EQ(check("write_amplification > +4%"), (std::vector<std::string>{"leveling: +5 %"}));
    EXPECT_TRUE(check("write_amplification > 6 %").empty());
    EXPECT_EQ(check("tables>=+2").size(), 1u);
    EXPECT_EQ(check("levels <= -0%").size(), 1u) << "tiering's are what they were";
    EXPECT_TRUE(check("space_amplification < -0.1%").empty());
}

TEST(FailConditions, FromNothingIsMoreThanAnyPercentage) {
    const RunData zero = run_of("zero", "trial,mode,m\n1,deterministic,0\n");
    const RunData one = run_of("one", "trial,mode,m\n1,deterministic,1\n");
    const FailCondition condition = parse_fail_condition("m > +1000%");
    EXPECT_TRUE(check_condition(condition, compare_runs(zero, one)).holds());
    EXPECT_FALSE(check_condition(condition, compare_runs(zero, zero)).holds());
    EXPECT_FALSE(check_condition(condition, compare_runs(one, zero)).holds());
    const RunData none = run_of("none", "trial,mode,m\n1,deterministic,\n");
    EXPECT_THROW(check_condition(condition, compare_runs(one, none)), Error);
}

}  // namespace
}  // namespace lsm::report
