// The crash machine at a small scale: the contract holds, the digest is the seed's, a case repeats.
#include <gtest/gtest.h>

#include "framework/base/error.hpp"
#include "framework/os/crash_file_system.hpp"
#include "framework/torture/crash_machine.hpp"
#include "framework/torture/crash_workload.hpp"
#include "sanitized.hpp"

namespace lsm::torture {
namespace {

const std::string kPower = "skiplist,uniform,bloom,row_block,leveling,none,power";
const std::string kProcess = "skiplist,uniform,bloom,row_block,leveling,none,process";

Options small_options() {
    Options options;
    options.threads = test::kSanitized ? 1 : 2;
    options.scale = test::kSanitized ? 0.0001 : 0.0002;
    return options;
}

std::string told(const Report& report) {
    return report.tally.failures().empty() ? "" : report.tally.failures().front().what;
}

TEST(CrashMachine, FindsNothing) {
    const Report report = run_crash_machine(small_options());
    EXPECT_EQ(report.tally.failed(), 0U) << told(report);
    EXPECT_GT(report.tally.counted("different disks opened"), 2000U);
    EXPECT_TRUE(report.complete);
}

TEST(CrashMachine, SaysTheSameForTheSameSeed) {
    Options options = small_options();
    options.only = kPower + "/PP";
    const Report one = run_crash_machine(options);
    options.threads = 1;
    const Report other = run_crash_machine(options);
    EXPECT_EQ(one.tally.digest(), other.tally.digest());
    EXPECT_EQ(one.tally.figures(), other.tally.figures());
    options.only = kProcess + "/PP";
    EXPECT_NE(run_crash_machine(options).tally.digest(), one.tally.digest());
}

TEST(CrashMachine, TakesOneDisk) {
    Options options = small_options();
    options.only = kPower + "/pq/8/0";
    const Report report = run_crash_machine(options);
    EXPECT_EQ(report.tally.counted("states"), 1U);
    for (const std::string& wrong :
         {std::string("power"), std::string("a/b/c/d"), kPower + "/px", kPower + "/p/x/0",
          kPower + "/p/3/2", kPower + "/p/3", kPower + "x/p"}) {
        options.only = wrong;
        EXPECT_THROW(run_crash_machine(options), Error) << wrong;
    }
}

TEST(CrashWorkload, KnowsWhatMustBeThere) {
    CrashWorkload workload(
        {"skiplist", "uniform", "bloom", "row_block", "leveling", "none", "power"}, "pqd");
    EXPECT_EQ(workload.contents(2), "a=0;b=1;");
    EXPECT_EQ(workload.contents(3), "b=1;");
    EXPECT_TRUE(workload.allows(""));
    EXPECT_FALSE(workload.allows("a=0;"));
    CrashFileSystem files([] {
        DiskImage image;
        image.folders.insert("disk");
        return image;
    }());
    workload.perform(files);
    EXPECT_TRUE(workload.allows("b=1;"));
    EXPECT_FALSE(workload.allows("a=0;b=1;"));
}

}  // namespace
}  // namespace lsm::torture
