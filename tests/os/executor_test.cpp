#include "framework/os/executor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/os/clock.hpp"
#include "framework/os/sync.hpp"

namespace lsm {
namespace {

TEST(InlineExecutor, RunsInOrderOnTheDrainingThreadOnly) {
    const auto executor = make_inline_executor();
    EXPECT_TRUE(executor->runs_inline());
    std::string order;
    const auto self = std::this_thread::get_id();
    executor->submit(JobKind::compaction, [&] { order += 'a'; });
    executor->submit(JobKind::flush, [&] {
        order += 'b';
        EXPECT_EQ(std::this_thread::get_id(), self);
    });
    EXPECT_EQ(order, "") << "nothing runs between drains";
    executor->drain();
    EXPECT_EQ(order, "ab") << "in the order they came, whatever their kind";
    executor->drain();
    EXPECT_EQ(order, "ab");
}

TEST(InlineExecutor, JobsSubmitJobs) {
    std::string order;
    {
        const auto executor = make_inline_executor();
        executor->submit(JobKind::flush, [&] {
            order += 'a';
            executor->submit(JobKind::compaction, [&] { order += 'c'; });
            executor->drain();  // does not run what comes after this job in its middle
            order += 'b';
        });
        executor->drain();
        EXPECT_EQ(order, "abc");
        executor->submit(JobKind::flush, [&] { order += 'd'; });
    }
    EXPECT_EQ(order, "abcd") << "the destructor drains";
}

TEST(PoolExecutor, ConcurrentJobsAllRunBeforeDrainReturns) {
    for (const int threads : {1, 2, 4}) {
        std::atomic<int> ran{0};
        const auto executor = make_pool_executor(threads);
        EXPECT_FALSE(executor->runs_inline());
        for (int i = 0; i < 200; ++i) {
            executor->submit(i % 3 == 0 ? JobKind::flush : JobKind::compaction, [&] {
                executor->submit(JobKind::compaction, [&] { ++ran; });
                ++ran;
            });
        }
        executor->drain();
        EXPECT_EQ(ran, 400);
    }
}

TEST(PoolExecutor, ConcurrentDestructorDrains) {
    std::atomic<int> ran{0};
    {
        const auto executor = make_pool_executor(3);
        for (int i = 0; i < 100; ++i) executor->submit(JobKind::compaction, [&] { ++ran; });
    }
    EXPECT_EQ(ran, 100);
}

/// A door that jobs wait at.
class Gate {
  public:
    void open() {
        const Lock lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void wait() {
        Lock lock(mutex_);
        changed_.wait(lock, [&] { return open_; });
    }

  private:
    Mutex mutex_;
    ConditionVariable changed_;
    bool open_ = false;
};

TEST(PoolExecutor, ConcurrentFlushesDoNotWaitBehindCompactions) {
    for (const int threads : {2, 3}) {
        const auto executor = make_pool_executor(threads);
        Gate compactions, flushed;
        // More compactions than threads, all blocked until the flush has run.
        for (int i = 0; i < 10; ++i)
            executor->submit(JobKind::compaction, [&] { compactions.wait(); });
        executor->submit(JobKind::flush, [&] { flushed.open(); });
        flushed.wait();
        compactions.open();
        executor->drain();
    }
}

TEST(PoolExecutor, ConcurrentSingleThreadTakesFlushesFirst) {
    const auto executor = make_pool_executor(1);
    Gate begin;
    std::string order;
    executor->submit(JobKind::compaction, [&] { begin.wait(); });
    executor->submit(JobKind::compaction, [&] { order += 'c'; });
    executor->submit(JobKind::flush, [&] { order += 'f'; });
    executor->submit(JobKind::compaction, [&] { order += 'c'; });
    executor->submit(JobKind::flush, [&] { order += 'f'; });
    begin.open();
    executor->drain();
    EXPECT_EQ(order, "ffcc");
}

TEST(PoolExecutor, NeedsAThread) { EXPECT_THROW(make_pool_executor(0), Error); }

TEST(Clock, TimeGoesOn) {
    Clock& clock = system_clock();
    const uint64_t before = clock.nanoseconds();
    clock.sleep(2'000'000);
    const uint64_t slept = clock.nanoseconds() - before;
    EXPECT_GE(slept, 2'000'000);
    EXPECT_LT(slept, 60'000'000'000);
    const std::string now = clock.utc_time();
    ASSERT_EQ(now.size(), 20) << now;
    EXPECT_GE(now.substr(0, 4), "2024");
    EXPECT_EQ(now[10], 'T');
    EXPECT_EQ(now.back(), 'Z');
}

TEST(Sync, ConcurrentWaitEndsInTime) {
    Mutex mutex;
    ConditionVariable changed;
    Lock lock(mutex);
    changed.wait_for(lock, 1'000'000);  // nobody notifies
    EXPECT_TRUE(lock.owns_lock());
    SharedMutex shared;
    const std::shared_lock first(shared);
    EXPECT_TRUE(shared.try_lock_shared());
    std::thread([&] { EXPECT_FALSE(shared.try_lock()); }).join();
    shared.unlock_shared();
}

}  // namespace
}  // namespace lsm
