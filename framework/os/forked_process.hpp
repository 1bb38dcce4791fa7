// A copy of this process that does something until it is killed, as kill -9 would: at a moment that
// the parent chooses, or as it enters its n-th system call, counted over all of its threads.
//
// The parent has one thread when it makes one: other threads are not in the copy, and the locks
// that they held would never be released there. One thread uses it, one at a time, and has no other
// child processes meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace lsm {

class ForkedProcess {
  public:
    /// Runs `action` in the copy, which then ends without destroying anything. What it throws is in
    /// words(). Error(io) when there can be no copy.
    explicit ForkedProcess(const std::function<void()>& action);
    /// Kills it.
    ~ForkedProcess();
    ForkedProcess(const ForkedProcess&) = delete;
    ForkedProcess& operator=(const ForkedProcess&) = delete;

    /// Lets it run until `now()` says so, which is asked some 10,000 times a second, and kills it
    /// then. False when it came to its end before.
    bool kill_when(const std::function<bool()>& now);
    /// Kills it as it enters its system call of that number, from 1 on. False when it came to its
    /// end before. Error(io) where a process may not be traced.
    bool kill_at_call(uint64_t number);
    /// What its action threw, once it has come to its end; empty when it threw nothing.
    const std::string& words() const { return words_; }

    /// Whether kill_at_call() is possible here; else the system's reason.
    static std::string tracing_problem();

  private:
    void begin();
    void kill();
    void read_words();

    int number_ = -1;
    int start_ = -1;   // written to once it may begin
    int output_ = -1;  // read from: its words
    std::string words_;
};

}  // namespace lsm
