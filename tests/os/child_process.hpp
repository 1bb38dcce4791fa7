// Runs a part of a test in a process of its own, which it may change (its user, its limits, its
// mounts) or kill, and hands its words back.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <string>

namespace lsm {

class ChildProcess {
  public:
    /// `action` returns what wait_for_words() will; what it throws comes back as words as well.
    template <class Action>
    explicit ChildProcess(Action action) {
        int ends[2];
        if (::pipe(ends) != 0) return;
        number_ = ::fork();
        if (number_ == 0) {
            ::close(ends[0]);
            output_ = ends[1];
            std::string words;
            try {
                words = action(*this);
            } catch (const std::exception& error) {
                words = error.what();
            }
            say(words);
            ::_exit(0);
        }
        ::close(ends[1]);
        input_ = ends[0];
    }
    ~ChildProcess() {
        if (input_ >= 0) ::close(input_);
        kill();
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t number() const { return number_; }

    /// In the child: words before its end.
    void say(const std::string& words) const {
        if (::write(output_, words.data(), words.size()) < 0) ::_exit(1);
    }

    /// In the parent: waits until the child has said something.
    std::string wait_for_words() {
        char text[4096];
        const ssize_t size = ::read(input_, text, sizeof text);
        return {text, static_cast<size_t>(size < 0 ? 0 : size)};
    }

    /// kill -9; returns when it is gone.
    void kill() {
        if (number_ <= 0) return;
        ::kill(number_, SIGKILL);
        ::waitpid(number_, nullptr, 0);
        number_ = -1;
    }

  private:
    pid_t number_ = -1;
    int input_ = -1;
    int output_ = -1;
};

/// The action's words.
template <class Action>
std::string said_by_child(Action action) {
    ChildProcess child([&](ChildProcess&) { return std::string(action()); });
    return child.wait_for_words();
}

}  // namespace lsm
