// A scheduler for tests: of the threads that it has, one runs at a time, and at the seam's calls
// (Mutex, SharedMutex, ConditionVariable, SharedAtomic, starting and joining threads; so also at
// those of executors and of files in memory) a seeded generator says which one goes on. The same
// plan gives the same schedule, every time. A deadlock is found and described.
//
// Two ways to choose: by chance, with a share of points at which another thread may go on; or by
// priorities that change at a few points only, which finds what needs few, but particular,
// preemptions (Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding
// Bugs", ASPLOS 2010, section 2).
//
// What threads wait for in other ways the scheduler does not see: code that blocks elsewhere while
// another thread of it holds the key would stop for ever. Several schedulers may run side by side,
// each with threads of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/random.hpp"
#include "framework/os/sync.hpp"

namespace lsm {

struct SchedulePlan {
    uint64_t seed = 0;
    /// By chance: another thread goes on at about one of so many points. 0: by priorities.
    uint64_t points_per_switch = 4;
    /// By priorities: how often the running thread becomes the last, within the first points.
    uint64_t changes = 2;
    uint64_t first_points = 1000;
    /// After so many the schedule is given up as one that does not end.
    uint64_t most_points = 1'000'000;
};

struct ScheduleReport {
    std::string problem;  // a deadlock, or no end; empty when all went well
    uint64_t points = 0;
    uint64_t switches = 0;
    uint64_t digest = 0;  // of which thread ran when
};

/// Runs `job`, which does not throw, as the first thread of a scheduler, with all threads that it
/// makes, to their end. After a problem its threads are left where they stand for as long as the
/// process lives, with what they hold.
ScheduleReport run_scheduled(const SchedulePlan& plan, const std::function<void()>& job);

class Scheduler final : public ThreadScheduler {
  public:
    explicit Scheduler(const SchedulePlan& plan);
    ~Scheduler();

    /// Null outside of one.
    static Scheduler* of_this_thread() { return static_cast<Scheduler*>(this_threads_scheduler); }

    // Threads: announced by their maker, entered and left by themselves.
    struct State;
    State* add_thread();
    void enter(State* self);
    void leave();
    void wait_for_end(const State* thread);

    void point() override;
    void wait_for_release(const void* place) override;
    void released(const void* place) override;
    void wait_for_notice(const void* place, bool has_time) override;
    void notice(const void* place, bool all) override;

    /// The caller's thread is none of its own: lets thread 0 run and waits for the end of all, or
    /// for a problem.
    ScheduleReport run();

  private:
    enum class Wait { none, release, notice, end };

    void wait(Wait why, const void* place, bool has_time);
    void wake(Wait why, const void* place);
    State* choose(bool must_leave);
    void hand_over(State* next);
    [[noreturn]] void give_up(const std::string& problem);

    static constexpr uint64_t kHighPriority = uint64_t{1} << 32;

    const SchedulePlan plan_;
    Random random_;
    std::vector<std::unique_ptr<State>> threads_;
    State* running_ = nullptr;
    std::unique_ptr<State> outside_;   // who called run()
    std::vector<uint64_t> changes_;    // points at which priorities change, descending
    uint64_t lowest_ = kHighPriority;  // priority so far
    ScheduleReport report_;
};

}  // namespace lsm
