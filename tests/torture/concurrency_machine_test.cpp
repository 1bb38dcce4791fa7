// The concurrency machine, for a second or two: real threads, and some hundred schedules, whose
// digest the seed fixes.
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
