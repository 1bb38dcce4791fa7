// Runs another program and waits for it: gnuplot for the figures, the compiler's version for a
// manifest. No shell is involved: every argument reaches the program as it stands. Any thread;
// blocks until the program has ended. The program sees this process's environment, an empty
// standard input, and nothing else that is open here.
#pragma once

#include <string>
#include <vector>

#include "framework/base/error.hpp"

namespace lsm {

struct ProcessResult {
    int exit_status = 0;  ///< as a shell counts: 128 + signal for a program that a signal ended
    std::string output;   ///< standard output and standard error, in the order they were written
};

/// The program is not on this machine (or not in PATH); kind io.
class ProgramMissing : public Error {
  public:
    explicit ProgramMissing(const std::string& program);
};

/// Runs argv[0], found in PATH, in `folder` (empty: where this process is). A program that fails is
/// no error here: see its exit status. Throws ProgramMissing, or Error (io) where the system cannot
/// start it.
ProcessResult run_process(const std::vector<std::string>& argv, const std::string& folder = {});

}  // namespace lsm
