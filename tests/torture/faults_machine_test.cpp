// The faults machine itself: its cases as text, that it lets every call fail, and that its runs
// notice a tree that does not keep its word.
#include <gtest/gtest.h>

#include <new>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/torture/failing_allocation.hpp"
#include "framework/torture/faults_machine.hpp"
#include "framework/torture/faults_run.hpp"

namespace lsm::torture {
namespace {

TEST(FaultsMachineTest, CasesAreTextAndBack) {
    for (const FaultsCase& one : faults_cases(2))
        EXPECT_EQ(FaultsCase::parse(one.text()).text(), one.text());
    EXPECT_EQ(faults_cases(2).size(), 60u);
    EXPECT_EQ(FaultsCase::parse("power/3/torn/for_good/117").only, 117u);
    const FaultsCase kept = FaultsCase::parse("power/3/torn/once/117:0-5,9");
    EXPECT_EQ(kept.text(), "power/3/torn/once/117:0-5,9");
    EXPECT_EQ(faults_script(42, kept).size(), 7u);
    EXPECT_EQ(faults_script(42, FaultsCase::parse("power/3/torn/once")).size(), 60u);
    for (const char* wrong : {"", "power", "power/3/torn/once/117:", "power/3/torn/once/117:x",
                              "power/3/torn", "power/x/torn/once", "never/3/torn/once",
                              "power/3/bent/once", "power/3/torn/twice", "power/3/torn/once/x"})
        EXPECT_THROW(FaultsCase::parse(wrong), Error) << wrong;
}

TEST(FaultsMachineTest, LetsEveryCallFailAndTheSeedFixesTheDigest) {
    Options options;
    options.only = "power/4/torn_full/once";
    const Report report = run_faults_machine(options);
    EXPECT_EQ(report.tally.failed(), 0u);
    EXPECT_GT(report.tally.counted("runs"), 100u);
    EXPECT_GT(report.tally.counted("failed calls"), 50u);
    EXPECT_GT(report.tally.counted("errors thrown"), 20u);
    const uint64_t digest = report.tally.digest();
    options.only += "/100";
    const uint64_t one = run_faults_machine(options).tally.digest();
    EXPECT_EQ(run_faults_machine(options).tally.digest(), one);
    EXPECT_NE(one, digest);
    options.seed += 1;
    EXPECT_NE(run_faults_machine(options).tally.digest(), one);
}

/// Of each kind some, spread over the workload. The allocations are those that once left a job
/// counted that nobody had taken, or a turn that nobody gave back: then the tree hung.
TEST(FaultsMachineTest, ASampleOfEachKindHolds) {
    for (const FaultsCase& one : faults_cases(1)) {
        const std::vector<FaultsStep> steps = faults_script(42, one.script);
        const std::vector<uint64_t> calls{3, 40, 47, 120, 333, 600, 901, 904, 1207, 1384, 2260};
        for (const uint64_t n : calls) {
            FaultsRun run(one, steps, n);
            EXPECT_NO_THROW(run.run()) << one.text() << "/" << n;
        }
    }
}

TEST(FaultsMachineTest, AnAllocationFailsWhereThePlanSaysSo) {
    const auto allocate = [] { ::operator delete(::operator new(8)); };
    const auto fails = [&] {
        try {
            const CountedAllocations counted;
            allocate();
            return false;
        } catch (const std::bad_alloc&) {
            return true;
        }
    };
    plan_failing_allocation(2, false);
    allocate();  // does not count
    EXPECT_FALSE(fails());
    EXPECT_TRUE(fails());
    EXPECT_FALSE(fails());
    plan_failing_allocation(2, true);
    EXPECT_FALSE(fails());
    EXPECT_TRUE(fails());
    EXPECT_TRUE(fails());
    EXPECT_EQ(counted_allocations(), 3u);
    EXPECT_EQ(failed_allocations(), 2u);
    {
        const CountedAllocations counted;
        const UncountedAllocations uncounted;
        allocate();
    }
    plan_failing_allocation(0, false);
    EXPECT_FALSE(fails());
}

}  // namespace
}  // namespace lsm::torture
