// The scheduler: the same plan gives the same schedule, and unlucky ones are found.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "framework/os/executor.hpp"
#include "framework/os/scheduler.hpp"
#include "framework/os/threads.hpp"

namespace lsm {
namespace {

SchedulePlan plan_of(uint64_t seed) {
    SchedulePlan plan;
    plan.seed = seed;
    plan.points_per_switch = seed % 2 == 0 ? 3 : 0;
    plan.first_points = 30;
    return plan;
}

/// Of the plans, how many make the job say true.
template <class Job>
uint64_t count_plans(uint64_t plans, const Job& job) {
    uint64_t count = 0;
    for (uint64_t seed = 0; seed < plans; ++seed) {
        bool said = false;
        const ScheduleReport report = run_scheduled(plan_of(seed), [&] { said = job(); });
        EXPECT_EQ(report.problem, "");
        if (said) ++count;
    }
    return count;
}

/// Three threads add ten each; what comes out without a lock depends on the schedule.
uint64_t add_up(bool locks) {
    SharedAtomic<uint64_t> sum{0};
    Mutex mutex;
    run_together(3, [&](uint64_t) {
        for (int i = 0; i < 10; ++i) {
            Lock lock(mutex, std::defer_lock);
            if (locks) lock.lock();
            sum.store(sum.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        }
    });
    return sum.load(std::memory_order_relaxed);
}

TEST(SchedulerTest, FindsAnUpdateThatIsLostAndNoneUnderALock) {
    EXPECT_GT(count_plans(40, [] { return add_up(false) < 30; }), 10u);
    EXPECT_EQ(count_plans(40, [] { return add_up(true) != 30; }), 0u);
}

TEST(SchedulerTest, ThePlanFixesTheSchedule) {
    std::set<uint64_t> digests;
    for (uint64_t seed = 0; seed < 20; ++seed) {
        uint64_t first = 0, second = 0;
        const auto one = run_scheduled(plan_of(seed), [&] { first = add_up(false); });
        const auto two = run_scheduled(plan_of(seed), [&] { second = add_up(false); });
        EXPECT_EQ(one.digest, two.digest);
        EXPECT_EQ(one.points, two.points);
        EXPECT_EQ(one.switches, two.switches);
        EXPECT_EQ(first, second);
        digests.insert(one.digest);
    }
    EXPECT_GT(digests.size(), 15u);
}

TEST(SchedulerTest, FindsADeadlockAndGoesOn) {
    uint64_t deadlocks = 0;
    for (uint64_t seed = 0; seed < 30; ++seed) {
        const auto mutexes = std::make_shared<std::array<Mutex, 2>>();
        const auto report = run_scheduled(plan_of(seed), [mutexes] {
            run_together(2, [mutexes](uint64_t number) {
                const Lock first((*mutexes)[number]);
                const Lock second((*mutexes)[1 - number]);
            });
        });
        if (report.problem.empty()) continue;
        ++deadlocks;
        EXPECT_EQ(report.problem,
                  "no thread can go on; thread 0 waits for another's end; thread 1 waits for a "
                  "lock; thread 2 waits for a lock");
    }
    EXPECT_GT(deadlocks, 2u);
    EXPECT_LT(deadlocks, 30u);
}

TEST(SchedulerTest, FindsANoticeThatIsMissed) {
    struct Door {
        Mutex mutex;
        ConditionVariable changed;
        SharedAtomic<bool> open{false};
    };
    uint64_t missed = 0;
    for (uint64_t seed = 0; seed < 100; ++seed) {
        const auto door = std::make_shared<Door>();
        const auto report = run_scheduled(plan_of(seed), [door] {
            run_together(2, [door](uint64_t number) {
                if (number == 0) {
                    // Looks without the lock, and then waits.
                    if (door->open.load(std::memory_order_acquire)) return;
                    Lock lock(door->mutex);
                    door->changed.wait(lock);
                } else {
                    door->open.store(true, std::memory_order_release);
                    door->changed.notify_all();
                }
            });
        });
        if (!report.problem.empty()) ++missed;
    }
    EXPECT_GT(missed, 2u);
}

TEST(SchedulerTest, HasTheThreadsOfExecutorsAndWaitsWithATime) {
    EXPECT_EQ(count_plans(30,
                          [] {
                              Mutex mutex;
                              ConditionVariable changed;
                              uint64_t done = 0;
                              const auto executor = make_pool_executor(2);
                              for (int i = 0; i < 5; ++i) {
                                  executor->submit(JobKind::compaction, [&] {
                                      const Lock lock(mutex);
                                      ++done;
                                      changed.notify_one();
                                  });
                              }
                              {
                                  Lock lock(mutex);
                                  changed.wait_for(lock, 1);
                                  changed.wait(lock, [&] { return done > 2; });
                              }
                              executor->drain();
                              return done == 5;
                          }),
              30u);
}

TEST(SchedulerTest, GivesUpWhatDoesNotEnd) {
    SchedulePlan plan = plan_of(1);
    plan.most_points = 1000;
    const auto report = run_scheduled(plan, [] {
        for (;;) scheduling_point();
    });
    EXPECT_EQ(report.problem, "no end after 1000 points; thread 0 could run");
}

}  // namespace
}  // namespace lsm
