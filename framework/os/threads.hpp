// Threads: one, and several for one job (the client threads of a realtime trial). Background work
// of a tree runs on an Executor instead.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>

#include "framework/os/scheduler.hpp"

namespace lsm {

/// A thread that ends with its job, which does not throw. Made by a thread that a scheduler has it
/// belongs to that one too.
class Thread {
  public:
    explicit Thread(std::function<void()> job);
    Thread(Thread&&) = default;
    /// Waits for its end.
    ~Thread();

  private:
    Scheduler* scheduler_ = nullptr;
    Scheduler::State* state_ = nullptr;  // of it
    std::thread thread_;
};

/// Calls job(0) .. job(count - 1), each on a thread of its own, and returns when all have; with a
/// count of 1 on the caller's. When jobs throw, the exception of the lowest number is thrown once
/// all have ended: a job that others wait for must tell them.
void run_together(uint64_t count, const std::function<void(uint64_t number)>& job);

}  // namespace lsm
