// Runs verbs as main does, in a folder with a small experiment that goes with the test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "framework/base/error.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/experiment/folder_removal.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::cli {

struct Said {
    int status = 0;
    std::string out;
    std::string error;
};

/// Runs a command as main does, but for printing the error.
inline Said say(const Arguments& arguments) {
    Said said;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
        said.status = run_command(arguments);
    } catch (const Error& error) {
        said.status = exit_status(error.kind());
        said.error = error.what();
    }
    said.out = testing::internal::GetCapturedStdout();
    said.error = testing::internal::GetCapturedStderr() + said.error;
    return said;
}

class Verbs : public testing::Test {
  protected:
    Verbs() {
        experiment::remove_folder_tree(files_, folder_);
        files_.create_folder(folder_);
        write_text_file(files_, file_,
                        "experiment: small\nworkload:\n  - load: {records: 2000}\n"
                        "sweep: {tree.memtable.size: [16 KiB, 64 KiB]}\n"
                        "expect:\n  - write_amplification < 1000\n");
    }
    ~Verbs() override { experiment::remove_folder_tree(files_, folder_); }

    FileSystem& files_ = posix_file_system();
    const std::string folder_ =
        testing::TempDir() + "lsmlab-verbs-test-" + std::to_string(getpid());
    const std::string file_ = folder_ + "/small.yaml";
};

}  // namespace lsm::cli
