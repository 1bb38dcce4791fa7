// Mutexes, condition variables and shared atomics, for everything above framework/base. Thin
// wrappers, so that one place decides what they are: on threads that a scheduler has
// (scheduler.hpp) each use is a point at which it may let another thread run; on all others they
// are the standard library's, for the price of a look at a thread-local. Lock with std::lock_guard,
// std::unique_lock (= Lock) or std::shared_lock. Threads are started by framework/os alone
// (executor.hpp, threads.hpp).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <shared_mutex>

namespace lsm {

/// Lets one of its threads run at a time. All calls by the thread that runs; none of them throws. A
/// place is the address of what is waited for.
class ThreadScheduler {
  public:
    /// Another thread may run before it returns.
    virtual void point() = 0;
    /// Returns once released(place) was called, perhaps in vain.
    virtual void wait_for_release(const void* place) = 0;
    virtual void released(const void* place) = 0;
    /// Returns once notice(place) has chosen this thread; one with a time may return without.
    virtual void wait_for_notice(const void* place, bool has_time) = 0;
    virtual void notice(const void* place, bool all) = 0;

  protected:
    ~ThreadScheduler() = default;
};

/// Of the thread that asks; null for most.
inline thread_local constinit ThreadScheduler* this_threads_scheduler = nullptr;

inline void scheduling_point() {
    if (ThreadScheduler* const scheduler = this_threads_scheduler) [[unlikely]]
        scheduler->point();
}

namespace detail {
template <class TryLock>
void lock_scheduled(ThreadScheduler& scheduler, const void* place, TryLock try_lock) {
    scheduler.point();
    while (!try_lock()) scheduler.wait_for_release(place);
}
inline void tell_released(const void* place) {
    if (ThreadScheduler* const scheduler = this_threads_scheduler) [[unlikely]]
        scheduler->released(place);
}
}  // namespace detail

class Mutex {
  public:
    void lock() {
        if (ThreadScheduler* const scheduler = this_threads_scheduler) [[unlikely]]
            return detail::lock_scheduled(*scheduler, this, [this] { return mutex_.try_lock(); });
        mutex_.lock();
    }
    bool try_lock() {
        scheduling_point();
        return mutex_.try_lock();
    }
    void unlock() {
        mutex_.unlock();
        detail::tell_released(this);
    }

  private:
    friend class ConditionVariable;
    std::mutex mutex_;
};

/// Many readers or one writer.
class SharedMutex {
  public:
    void lock() {
        if (ThreadScheduler* const scheduler = this_threads_scheduler) [[unlikely]]
            return detail::lock_scheduled(*scheduler, this, [this] { return mutex_.try_lock(); });
        mutex_.lock();
    }
    bool try_lock() {
        scheduling_point();
        return mutex_.try_lock();
    }
    void unlock() {
        mutex_.unlock();
        detail::tell_released(this);
    }
    void lock_shared() {
        if (ThreadScheduler* const scheduler = this_threads_scheduler) [[unlikely]] {
            return detail::lock_scheduled(*scheduler, this,
                                          [this] { return mutex_.try_lock_shared(); });
        }
        mutex_.lock_shared();
    }
    bool try_lock_shared() {
        scheduling_point();
        return mutex_.try_lock_shared();
    }
    void unlock_shared() {
        mutex_.unlock_shared();
        detail::tell_released(this);
    }

  private:
    std::shared_mutex mutex_;
};

using Lock = std::unique_lock<Mutex>;

class ConditionVariable {
  public:
    void notify_one() { notify(false); }
    void notify_all() { notify(true); }

    /// Wakes up without reason now and then: prefer the form with a condition.
    void wait(Lock& lock) {
        if (ThreadScheduler* const scheduler = this_threads_scheduler) [[unlikely]]
            return wait_scheduled(*scheduler, lock, false);
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
        if (ThreadScheduler* const scheduler = this_threads_scheduler) [[unlikely]]
            return wait_scheduled(*scheduler, lock, true);
        std::unique_lock<std::mutex> native(lock.mutex()->mutex_, std::adopt_lock);
        condition_.wait_for(native, std::chrono::nanoseconds(nanoseconds));
        native.release();
    }

  private:
    void notify(bool all) {
        if (ThreadScheduler* const scheduler = this_threads_scheduler) [[unlikely]]
            return scheduler->notice(this, all);
        if (all) {
            condition_.notify_all();
        } else {
            condition_.notify_one();
        }
    }
    /// Nothing else runs between the unlocking and the waiting.
    void wait_scheduled(ThreadScheduler& scheduler, Lock& lock, bool has_time) {
        lock.mutex()->unlock();
        scheduler.wait_for_notice(this, has_time);
        lock.mutex()->lock();
    }

    std::condition_variable condition_;
};

/// A std::atomic for what threads tell each other without a lock, where the order of loads and
/// stores matters.
template <class T>
class SharedAtomic {
  public:
    explicit SharedAtomic(T value) : value_(value) {}
    T load(std::memory_order order) const {
        scheduling_point();
        return value_.load(order);
    }
    void store(T value, std::memory_order order) {
        scheduling_point();
        value_.store(value, order);
    }

  private:
    std::atomic<T> value_;
};

}  // namespace lsm
