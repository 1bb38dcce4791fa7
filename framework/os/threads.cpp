#include "framework/os/threads.hpp"

#include <exception>
#include <utility>
#include <vector>

#include "framework/os/scheduler.hpp"

namespace lsm {

Thread::Thread(std::function<void()> job) : scheduler_(Scheduler::of_this_thread()) {
    if (scheduler_ == nullptr) {
        thread_ = std::thread(std::move(job));
    } else {
        state_ = scheduler_->add_thread();
        thread_ = std::thread([scheduler = scheduler_, state = state_, job = std::move(job)] {
            scheduler->enter(state);
            job();
            scheduler->leave();
        });
    }
}

Thread::~Thread() {
    if (!thread_.joinable()) return;
    if (scheduler_ != nullptr) scheduler_->wait_for_end(state_);
    thread_.join();
}

void run_together(uint64_t count, const std::function<void(uint64_t number)>& job) {
    if (count == 1) return job(0);
    std::vector<std::exception_ptr> failures(count);
    {
        std::vector<Thread> threads;
        threads.reserve(count);
        for (uint64_t number = 0; number < count; ++number) {
            threads.emplace_back([&job, &failures, number] {
                try {
                    job(number);
                } catch (...) {
                    failures[number] = std::current_exception();
                }
            });
        }
    }
    for (const auto& failure : failures) {
        if (failure) std::rethrow_exception(failure);
    }
}

}  // namespace lsm
