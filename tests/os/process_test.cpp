#include "framework/os/process.hpp"

#include <gtest/gtest.h>

namespace lsm {
namespace {

TEST(Process, CapturesOutputAndStatus) {
    const ProcessResult result = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
    EXPECT_EQ(result.output, "out\nerr\n");
    EXPECT_EQ(result.exit_status, 3);
}

TEST(Process, ArgumentsPassNoShell) {
    const std::string odd = "a b;$(id)`id`'\"\n*";
    EXPECT_EQ(run_process({"printf", "%s", odd}).output, odd);
}

TEST(Process, RunsInAFolder) { EXPECT_EQ(run_process({"pwd"}, "/usr").output, "/usr\n"); }

TEST(Process, InputIsEmpty) { EXPECT_EQ(run_process({"cat"}).output, ""); }

TEST(Process, SignalsCountAsAShellCountsThem) {
    EXPECT_EQ(run_process({"sh", "-c", "kill -9 $$"}).exit_status, 137);
}

TEST(Process, LongOutputDoesNotBlock) {
    EXPECT_EQ(run_process({"head", "-c", "1000000", "/dev/zero"}).output.size(), 1000000u);
}

TEST(Process, MissingProgramIsItsOwnError) {
    EXPECT_THROW(run_process({"no-such-program-lsmlab"}), ProgramMissing);
    EXPECT_THROW(run_process({"./not-here"}, "/usr"), ProgramMissing);
}

TEST(Process, MissingFolderIsNotAMissingProgram) {
    try {
        run_process({"pwd"}, "/no/such/folder");
        FAIL();
    } catch (const ProgramMissing&) {
        FAIL() << "blames the program";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::io);
    }
}

}  // namespace
}  // namespace lsm
