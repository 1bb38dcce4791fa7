// The concurrency machine, for a second or two: real threads, and some hundred schedules, whose
// digest the seed fixes. What has Concurrent in its name runs under ThreadSanitizer too.
#include <gtest/gtest.h>

#include "framework/base/error.hpp"
#include "framework/torture/concurrency_machine.hpp"

namespace lsm::torture {
namespace {

TEST(ConcurrencyMachineTest, HistoriesAreRightAndSchedulesTheSame) {
    Options options;
    options.scale = 0.004;
    const Report one = run_concurrency_machine(options);
    for (const Failure& failure : one.tally.failures())
        ADD_FAILURE() << failure.only << ": " << failure.what;
    EXPECT_EQ(one.tally.counted("schedules"), 400u);
    EXPECT_EQ(one.tally.counted("on threads: cases"), 1u);
    EXPECT_GT(one.tally.counted("schedules: switches"), 400u);
    EXPECT_EQ(one.tally.counted("faulty schedules"), 200u);
    EXPECT_GT(one.tally.counted("faulty schedules: clients refused"), 200u);
    options.threads = 1;
    const Report two = run_concurrency_machine(options);
    EXPECT_EQ(one.tally.digest(), two.tally.digest());
    EXPECT_EQ(one.tally.figures(), two.tally.figures());
}

/// On real threads, where ThreadSanitizer sees what a scheduler's hand-overs would hide.
TEST(ConcurrencyMachineTest, ConcurrentThreadsKeepTheirHistory) {
    Options options;
    options.threads = 1;
    for (uint64_t number = 0; number < 6; ++number) {
        options.only = "threads " + std::to_string(number);
        const Report report = run_concurrency_machine(options);
        for (const Failure& failure : report.tally.failures())
            ADD_FAILURE() << failure.only << ": " << failure.what;
        EXPECT_EQ(report.tally.counted("on threads: operations"), 10'000u);
    }
}

TEST(ConcurrencyMachineTest, ConcurrentSchedulesHold) {
    Options options;
    options.scale = 0.0005;
    EXPECT_EQ(run_concurrency_machine(options).tally.failed(), 0u);
}

TEST(ConcurrencyMachineTest, KeepsTheOperationsThatACaseNames) {
    Options options;
    options.only = "schedule 7:0-1";
    const Report two = run_concurrency_machine(options);
    options.only = "schedule 7";
    const Report all = run_concurrency_machine(options);
    EXPECT_EQ(two.tally.failed(), 0u);
    EXPECT_LT(two.tally.counted("schedules: points"), all.tally.counted("schedules: points"));
    options.only = "schedule 7:x";
    EXPECT_THROW(run_concurrency_machine(options), Error);
}

TEST(ConcurrencyMachineTest, RepeatsOneCase) {
    Options options;
    for (const char* const only : {"schedule 7", "faulty 7"}) {
        options.only = only;
        const Report one = run_concurrency_machine(options), two = run_concurrency_machine(options);
        EXPECT_EQ(one.tally.failed(), 0u);
        EXPECT_EQ(one.tally.digest(), two.tally.digest());
    }
    options.only = "plan 7";
    EXPECT_THROW(run_concurrency_machine(options), Error);
}

}  // namespace
}  // namespace lsm::torture
