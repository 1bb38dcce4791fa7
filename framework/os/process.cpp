#include "framework/os/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

extern char** environ;

namespace lsm {
namespace {

[[noreturn]] void fail(const std::string& what, int error_number) {
    throw Error(ErrorKind::io, what + ": " + std::strerror(error_number));
}

/// Both ends are closed on exec, so that only what the file actions hand over reaches the child.
class Pipe {
  public:
    Pipe() {
        if (pipe2(ends_, O_CLOEXEC) != 0) fail("cannot make a pipe", errno);
    }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int read_end() const { return ends_[0]; }
    int write_end() const { return ends_[1]; }
    void close_write_end() { close_end(1); }

  private:
    void close_end(int which) {
        if (ends_[which] >= 0) close(ends_[which]);
        ends_[which] = -1;
    }

    int ends_[2] = {-1, -1};
};

class FileActions {
  public:
    FileActions() { posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t* get() { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_;
};

std::string read_all(int descriptor) {
    std::string text;
    char buffer[4096];
    while (true) {
        const ssize_t count = read(descriptor, buffer, sizeof buffer);
        if (count > 0) {
            text.append(buffer, static_cast<size_t>(count));
        } else if (count == 0 || errno != EINTR) {
            return text;
        }
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) fail("cannot wait for a program", errno);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProgramMissing::ProgramMissing(const std::string& program)
    : Error(ErrorKind::io, "the program '" + program + "' is not on this machine") {}

ProcessResult run_process(const std::vector<std::string>& argv, const std::string& folder) {
    std::vector<char*> arguments;
    for (const std::string& argument : argv)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

    Pipe pipe;
    FileActions actions;
    posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions.get(), pipe.write_end(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(actions.get(), pipe.write_end(), STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(actions.get(), STDERR_FILENO + 1);
    if (!folder.empty()) {
        if (access(folder.c_str(), X_OK) != 0) fail("cannot work in '" + folder + "'", errno);
        posix_spawn_file_actions_addchdir_np(actions.get(), folder.c_str());
    }

    pid_t child = 0;
    const int error_number =
        posix_spawnp(&child, arguments[0], actions.get(), nullptr, arguments.data(), environ);
    if (error_number == ENOENT) throw ProgramMissing(argv.at(0));
    if (error_number != 0) fail("cannot start '" + argv.at(0) + "'", error_number);

    pipe.close_write_end();
    ProcessResult result;
    result.output = read_all(pipe.read_end());
    result.exit_status = wait_for(child);
    return result;
}

}  // namespace lsm
