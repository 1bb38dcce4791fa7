#include "framework/os/scheduler.hpp"

#include <semaphore.h>

#include <algorithm>
#include <thread>

#include "framework/base/hash.hpp"

namespace lsm {

/// A thread. Read and written by the one that runs.
struct Scheduler::State {
    State() { ::sem_init(&turn, 0, 0); }
    ~State() { ::sem_destroy(&turn); }
    void wait_for_turn() {
        while (::sem_wait(&turn) != 0) {
        }
    }
    bool can_run() const { return !ended && (waits == Wait::none || has_time); }

    uint64_t number = 0;
    uint64_t priority = 0;
    bool ended = false;
    Wait waits = Wait::none;
    const void* place = nullptr;
    bool has_time = false;
    sem_t turn;
};

Scheduler::Scheduler(const SchedulePlan& plan)
    : plan_(plan), random_(plan.seed), outside_(std::make_unique<State>()) {
    for (uint64_t i = 0; i < plan.changes; ++i)
        changes_.push_back(random_.below(std::max<uint64_t>(1, plan.first_points)));
    std::sort(changes_.rbegin(), changes_.rend());
}

Scheduler::~Scheduler() = default;

Scheduler::State* Scheduler::add_thread() {
    auto state = std::make_unique<State>();
    state->number = threads_.size();
    state->priority = kHighPriority + 1 + random_.below(kHighPriority);
    threads_.push_back(std::move(state));
    return threads_.back().get();
}

void Scheduler::enter(State* self) {
    self->wait_for_turn();
    this_threads_scheduler = this;
}

void Scheduler::leave() {
    this_threads_scheduler = nullptr;
    running_->ended = true;
    wake(Wait::end, running_);
    State* const next = choose(true);
    if (next == nullptr) {
        for (const auto& state : threads_) {
            if (!state->ended) give_up("no thread can go on");
        }
        ::sem_post(&outside_->turn);
        return;
    }
    running_ = next;
    report_.switches += 1;
    ::sem_post(&next->turn);
}

void Scheduler::wait_for_end(const State* thread) {
    point();
    while (!thread->ended) wait(Wait::end, thread, false);
}

void Scheduler::point() {
    report_.points += 1;
    if (report_.points > plan_.most_points)
        give_up("no end after " + std::to_string(plan_.most_points) + " points");
    if (plan_.points_per_switch != 0) {
        if (random_.below(plan_.points_per_switch) != 0) return;
    } else if (!changes_.empty() && changes_.back() <= report_.points) {
        changes_.pop_back();
        running_->priority = lowest_--;
    }
    hand_over(choose(false));
}

void Scheduler::wait_for_release(const void* place) { wait(Wait::release, place, false); }
void Scheduler::released(const void* place) { wake(Wait::release, place); }
void Scheduler::wait_for_notice(const void* place, bool has_time) {
    wait(Wait::notice, place, has_time);
}

void Scheduler::notice(const void* place, bool all) {
    if (all) return wake(Wait::notice, place);
    std::vector<State*> waiting;
    for (const auto& state : threads_) {
        if (state->waits == Wait::notice && state->place == place) waiting.push_back(state.get());
    }
    if (!waiting.empty()) waiting[random_.below(waiting.size())]->waits = Wait::none;
}

void Scheduler::wait(Wait why, const void* place, bool has_time) {
    State& self = *running_;
    self.waits = why;
    self.place = place;
    self.has_time = has_time;
    State* const next = choose(true);
    if (next == nullptr) give_up("no thread can go on");
    hand_over(next);
    self.waits = Wait::none;
    self.has_time = false;
}

void Scheduler::wake(Wait why, const void* place) {
    for (const auto& state : threads_) {
        if (state->waits == why && state->place == place) state->waits = Wait::none;
    }
}

/// Null when none can run. `must_leave`: the one that runs can not go on, unless it only waits for
/// some time.
Scheduler::State* Scheduler::choose(bool must_leave) {
    State* chosen = nullptr;
    uint64_t seen = 0;
    for (const auto& state : threads_) {
        if (!state->can_run()) continue;
        seen += 1;
        if (plan_.points_per_switch != 0) {
            if (random_.below(seen) == 0) chosen = state.get();
        } else if (chosen == nullptr || state->priority > chosen->priority) {
            chosen = state.get();
        }
    }
    return chosen == nullptr && !must_leave ? running_ : chosen;
}

void Scheduler::hand_over(State* next) {
    report_.digest = mix64(report_.digest ^ (report_.points << 8) ^ next->number);
    State* const self = running_;
    if (next == self) return;
    report_.switches += 1;
    running_ = next;
    ::sem_post(&next->turn);
    self->wait_for_turn();
}

/// Tells the outside, and stays here.
void Scheduler::give_up(const std::string& problem) {
    report_.problem = problem;
    for (const auto& state : threads_) {
        if (state->ended) continue;
        const char* const what = state->waits == Wait::release  ? " waits for a lock"
                                 : state->waits == Wait::notice ? " waits to be notified"
                                 : state->waits == Wait::end    ? " waits for another's end"
                                                                : " could run";
        report_.problem += "; thread " + std::to_string(state->number) + what;
    }
    ::sem_post(&outside_->turn);
    for (;;) running_->wait_for_turn();
}

ScheduleReport Scheduler::run() {
    running_ = threads_.front().get();
    ::sem_post(&running_->turn);
    outside_->wait_for_turn();
    return report_;
}

ScheduleReport run_scheduled(const SchedulePlan& plan, const std::function<void()>& job) {
    auto scheduler = std::make_unique<Scheduler>(plan);
    Scheduler::State* const state = scheduler->add_thread();
    std::thread first([scheduler = scheduler.get(), state, job] {
        scheduler->enter(state);
        job();
        scheduler->leave();
    });
    ScheduleReport report = scheduler->run();
    if (report.problem.empty()) {
        first.join();
    } else {
        first.detach();
        static_cast<void>(scheduler.release());  // its threads stand in it
    }
    return report;
}

}  // namespace lsm
