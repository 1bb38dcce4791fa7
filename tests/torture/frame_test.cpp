// The frame of the test machines: tallies that do not depend on threads, cases, the museum's list.
#include <gtest/gtest.h>

#include <set>

#include "framework/base/error.hpp"
#include "framework/torture/museum.hpp"
#include "framework/torture/museum_exhibits.hpp"
#include "framework/torture/run_cases.hpp"

namespace lsm::torture {
namespace {

TEST(Tally, AddsUpToTheSameInAnyOrder) {
    Tally one, other;
    one.count("a", 2);
    one.highest("b", 7);
    one.explored(11);
    one.fail("case 10", "later");
    other.count("a");
    other.highest("b", 9);
    other.explored(12);
    other.fail("case 9", "first");
    Tally both = one, turned = other;
    both.add(other);
    turned.add(one);
    EXPECT_EQ(both.digest(), turned.digest());
    EXPECT_EQ(both.figures(), turned.figures());
    EXPECT_EQ(both.figures(), (std::vector<std::pair<std::string, uint64_t>>{{"a", 3}, {"b", 9}}));
    EXPECT_EQ(both.failed(), 2U);
    EXPECT_EQ(both.failures().front().only, "case 9");
    EXPECT_EQ(turned.failures().front().only, "case 9");
}

TEST(Tally, KeepsTheShortestCasesAndCountsAll) {
    Tally tally;
    for (int i = 100; i > 0; --i) tally.fail(std::string(static_cast<size_t>(i), 'x'), "what");
    EXPECT_EQ(tally.failed(), 100U);
    ASSERT_EQ(tally.failures().size(), Tally::kKeptFailures);
    EXPECT_EQ(tally.failures().front().only, "x");
    EXPECT_EQ(tally.failures().back().only.size(), Tally::kKeptFailures);
}

Report run(const Options& options) {
    return run_cases(
        options, 50, [](uint64_t number) { return std::to_string(number); },
        [](uint64_t number, Tally& tally) {
            tally.count("done");
            tally.explored(number);
            if (number % 20 == 19) throw Error(ErrorKind::io, "nineteen");
        });
}

TEST(RunCases, ShrinksTheFirstFailuresAndKeepsOneOfEachKind) {
    Options options;
    Report report;
    for (const char* name : {"10", "11", "12", "13", "14"}) report.tally.fail(name, "as found");
    const auto shorter = [](const Failure& one) -> std::optional<Failure> {
        if (one.only == "12") return {};
        return Failure{"1", "shrunk"};
    };
    const auto cases = [&] {
        std::vector<std::string> all;
        for (const Failure& one : report.tally.failures()) all.push_back(one.only);
        return all;
    };
    options.shrink = false;
    shrink_failures(options, report, shorter);
    EXPECT_EQ(cases().size(), 5U);
    options.shrink = true;
    shrink_failures(options, report, shorter);
    EXPECT_EQ(cases(), (std::vector<std::string>{"1", "12", "13", "14"}));
    EXPECT_EQ(report.tally.failed(), 5U);
}

TEST(RunCases, DoesEachOnceWhateverTheThreads) {
    Options options;
    const Report two = run(options);
    options.threads = 1;
    const Report alone = run(options);
    EXPECT_EQ(two.tally.counted("done"), 50U);
    EXPECT_EQ(two.tally.failed(), 2U);
    EXPECT_EQ(two.tally.failures().front().only, "19");
    EXPECT_EQ(two.tally.digest(), alone.tally.digest());
    EXPECT_TRUE(two.complete);
}

TEST(RunCases, StopsAtTheFirstFailureOrWhenTimeIsOver) {
    Options options;
    options.threads = 1;
    options.first = true;
    EXPECT_EQ(run(options).tally.counted("done"), 20U);
    options.first = false;
    options.minutes = 1e-12;
    const Report late = run(options);
    EXPECT_FALSE(late.complete);
    EXPECT_LT(late.tally.counted("done"), 50U);
}

TEST(Museum, HasAStoryASourceAndAMachineForEachBug) {
    std::set<std::string> names, machines;
    for (const auto& machine : all_machines()) machines.insert(machine.name);
    std::set<Bug> bugs;
    for (const Exhibit& exhibit : all_exhibits()) {
        EXPECT_TRUE(names.insert(exhibit.name).second) << exhibit.name;
        EXPECT_TRUE(bugs.insert(exhibit.bug).second) << exhibit.name;
        EXPECT_TRUE(machines.contains(exhibit.machine)) << exhibit.name;
        EXPECT_GT(std::string(exhibit.story).size(), 20U) << exhibit.name;
        EXPECT_NE(std::string(exhibit.source).find_first_of("0123456789"), std::string::npos)
            << exhibit.name;
    }
    EXPECT_GE(names.size(), 24U);
    EXPECT_EQ(static_cast<size_t>(Bug::memtable_freed_while_read), names.size());
}

TEST(Museum, IsClosedInAnOrdinaryBuild) {
    EXPECT_FALSE(kMuseumBuild);
    EXPECT_THROW(run_museum({}), Error);
}

}  // namespace
}  // namespace lsm::torture
