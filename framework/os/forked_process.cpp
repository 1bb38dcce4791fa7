#include "framework/os/forked_process.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <map>

#include "framework/base/error.hpp"
#include "framework/os/shared_memory.hpp"

namespace lsm {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw Error(ErrorKind::io, what + ": " + std::strerror(errno));
}

/// The child's part; it never comes back into the parent's code.
[[noreturn]] void perform(const std::function<void()>& action, int start, int output) {
    char begin = 0;
    if (::read(start, &begin, 1) != 1) ::_exit(1);
    std::string words;
    try {
        action();
    } catch (const std::exception& error) {
        words = error.what();
    } catch (...) {
        words = "it threw something that is no exception";
    }
    if (::write(output, words.data(), words.size()) < 0) ::_exit(1);
    ::_exit(0);
}

/// Lets a stopped thread go on to the entry or exit of a system call.
void go_on(pid_t thread, int signal) {
    // A thread that was killed meanwhile is no error: its end is reported next.
    ::ptrace(PTRACE_SYSCALL, thread, nullptr, reinterpret_cast<void*>(static_cast<long>(signal)));
}

}  // namespace

void* map_shared(uint64_t bytes) {
    void* memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) fail("cannot map shared memory");
    return memory;
}

void unmap_shared(void* memory, uint64_t bytes) noexcept { ::munmap(memory, bytes); }

ForkedProcess::ForkedProcess(const std::function<void()>& action) {
    int start[2], output[2];
    if (::pipe(start) != 0) fail("cannot make a pipe");
    if (::pipe(output) != 0) fail("cannot make a pipe");
    number_ = ::fork();
    if (number_ == 0) {
        ::close(start[1]);
        ::close(output[0]);
        perform(action, start[0], output[1]);
    }
    ::close(start[0]);
    ::close(output[1]);
    start_ = start[1];
    output_ = output[0];
    if (number_ < 0) fail("cannot fork");
}

ForkedProcess::~ForkedProcess() {
    kill();
    ::close(start_);
    ::close(output_);
}

void ForkedProcess::begin() {
    if (::write(start_, "b", 1) != 1) fail("cannot start the forked process");
}

void ForkedProcess::kill() {
    if (number_ <= 0) return;
    ::kill(number_, SIGKILL);
    // A thread that is traced has to be waited for before its process is.
    for (pid_t ended = 0; ended != number_;) {
        ended = ::waitpid(-1, nullptr, __WALL | __WNOTHREAD);
        if (ended < 0 && errno != EINTR) break;
    }
    number_ = -1;
}

void ForkedProcess::read_words() {
    char text[4096];
    for (ssize_t size = 0; (size = ::read(output_, text, sizeof text)) > 0;)
        words_.append(text, static_cast<size_t>(size));
    number_ = -1;
}

bool ForkedProcess::kill_when(const std::function<bool()>& now) {
    begin();
    while (!now()) {
        int status = 0;
        if (::waitpid(number_, &status, WNOHANG) == number_) {
            read_words();
            if (WIFSIGNALED(status))
                words_ += std::string("it was ended by ") + ::strsignal(WTERMSIG(status));
            return false;
        }
        const timespec pause{0, 50'000};
        ::nanosleep(&pause, nullptr);
    }
    kill();
    return true;
}

bool ForkedProcess::kill_at_call(uint64_t number) {
    const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
    if (::ptrace(PTRACE_SEIZE, number_, nullptr, options) != 0) fail("cannot trace a process");
    if (::ptrace(PTRACE_INTERRUPT, number_, nullptr, nullptr) != 0) fail("cannot trace a process");
    begin();
    uint64_t calls = 0;
    std::map<pid_t, bool> inside;  // by thread: whether it is in a system call
    for (;;) {
        int status = 0;
        const pid_t thread = ::waitpid(-1, &status, __WALL | __WNOTHREAD);
        if (thread < 0) {
            if (errno == EINTR) continue;
            fail("cannot wait for the forked process");
        }
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (thread != number_) continue;
            read_words();
            if (WIFSIGNALED(status))
                words_ += std::string("it was ended by ") + ::strsignal(WTERMSIG(status));
            return false;
        }
        const int signal = WSTOPSIG(status);
        if (signal == (SIGTRAP | 0x80)) {
            bool& within = inside[thread];
            within = !within;
            if (within && ++calls == number) {
                kill();
                return true;
            }
            go_on(thread, 0);
        } else {
            // A stop for the tracer's sake carries no signal for the thread.
            const bool event = (status >> 16) != 0;
            go_on(thread, event || signal == SIGTRAP ? 0 : signal);
        }
    }
}

std::string ForkedProcess::tracing_problem() {
    try {
        ForkedProcess probe([] { ::getppid(); });
        return probe.kill_at_call(1) ? "" : "a traced process came to its end";
    } catch (const Error& error) {
        return error.what();
    }
}

}  // namespace lsm
