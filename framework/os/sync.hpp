// Mutexes and condition variables, for everything above framework/base. Thin wrappers, so that one
// place decides what they are (a scheduler that explores interleavings can take theirs). Lock with
// std::lock_guard, std::unique_lock (= Lock) or std::shared_lock. Threads are started by executors
// only (executor.hpp).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <shared_mutex>

namespace lsm {

class Mutex {
  public:
    void lock() { mutex_.lock(); }
    bool try_lock() { return mutex_.try_lock(); }
    void unlock() { mutex_.unlock(); }

  private:
    friend class ConditionVariable;
    std::mutex mutex_;
};

/// Many readers or one writer.
class SharedMutex {
  public:
    void lock() { mutex_.lock(); }
    bool try_lock() { return mutex_.try_lock(); }
    void unlock() { mutex_.unlock(); }
    void lock_shared() { mutex_.lock_shared(); }
    bool try_lock_shared() { return mutex_.try_lock_shared(); }
    void unlock_shared() { mutex_.unlock_shared(); }

  private:
    std::shared_mutex mutex_;
};

using Lock = std::unique_lock<Mutex>;

class ConditionVariable {
  public:
    void notify_one() { condition_.notify_one(); }
    void notify_all() { condition_.notify_all(); }

    /// Wakes up without reason now and then: prefer the form with a condition.
    void wait(Lock& lock) {
        std::unique_lock<std::mutex> native(lock.mutex()->mutex_, std::adopt_lock);
        condition_.wait(native);
        native.release();
    }
    template <class Condition>
    void wait(Lock& lock, Condition holds) {
        while (!holds()) wait(lock);
    }
    /// Returns at the latest after this time, woken or not.
    void wait_for(Lock& lock, uint64_t nanoseconds) {
        std::unique_lock<std::mutex> native(lock.mutex()->mutex_, std::adopt_lock);
        condition_.wait_for(native, std::chrono::nanoseconds(nanoseconds));
        native.release();
    }

  private:
    std::condition_variable condition_;
};

}  // namespace lsm
