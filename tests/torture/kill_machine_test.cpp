// The kill machine, on one tree of each mode; and that its oracle sees what is lost.
#include <gtest/gtest.h>

#include "framework/base/error.hpp"
#include "framework/os/forked_process.hpp"
#include "framework/os/shared_memory.hpp"
#include "framework/torture/kill_machine.hpp"
#include "framework/torture/kill_workload.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm::torture {
namespace {

TEST(KillMachineTest, NothingAcknowledgedIsLost) {
    Options options;
    options.scale = 0.003;
    const Report report = run_kill_machine(options);
    for (const Failure& failure : report.tally.failures())
        ADD_FAILURE() << failure.only << ": " << failure.what;
    EXPECT_EQ(report.tally.counted("kills at a write"), 2u);
    if (report.notes.empty()) {
        EXPECT_EQ(report.tally.counted("kills at a system call"), 2u);
    }
    EXPECT_EQ(run_kill_machine(options).tally.digest(), report.tally.digest());
    options.only = "1";
    EXPECT_EQ(run_kill_machine(options).tally.failed(), 0u);
    options.only = "one";
    EXPECT_THROW(run_kill_machine(options), Error);
}

TEST(KillMachineTest, SeesWhatIsLostOrHalfThere) {
    const auto files = make_memory_file_system();
    const auto tree = test::open_tree(*files);
    Acknowledged acknowledged;
    write_for_kill(*tree, acknowledged, 120);
    Random random(1);
    check_after_kill(*tree, acknowledged, 1000, random);
    const auto broken = [&] {
        return std::string(
            test::error_of([&] { check_after_kill(*tree, acknowledged, 1000, random); }).what());
    };
    acknowledged.writes[2] = 118;
    EXPECT_NE(broken().find("write 119 of thread 2"), std::string::npos) << broken();
    acknowledged.writes[2] = 122;
    EXPECT_NE(broken().find("is lost"), std::string::npos) << broken();
    acknowledged.writes[2] = 120;
    const auto cursor = tree->cursor();
    cursor->seek_first();
    const std::string key(cursor->key());
    tree->remove(key.ends_with('+') ? key : key + "+");
    tree->remove(key.ends_with('+') ? key.substr(0, key.size() - 1) : key);
    EXPECT_NE(broken().find("is lost"), std::string::npos) << broken();
}

TEST(ForkedProcessTest, IsKilledAtACallAndTellsItsErrors) {
    if (!ForkedProcess::tracing_problem().empty()) GTEST_SKIP() << ForkedProcess::tracing_problem();
    SharedMemory<std::atomic<uint64_t>> made;
    const auto calls = [&] {
        for (int i = 0; i < 100; ++i) {
            static_cast<void>(posix_file_system().exists("/"));
            *made += 1;
        }
    };
    // A process makes some calls before its own, more while it waits to be let go.
    EXPECT_TRUE(ForkedProcess(calls).kill_at_call(50));
    EXPECT_GT(*made, 0u);
    EXPECT_LT(*made, 50u);
    EXPECT_FALSE(ForkedProcess(calls).kill_at_call(1000));
    ForkedProcess failing([] { throw Error(ErrorKind::io, "it fails"); });
    EXPECT_FALSE(failing.kill_when([] { return false; }));
    EXPECT_EQ(failing.words(), "it fails");
}

}  // namespace
}  // namespace lsm::torture
