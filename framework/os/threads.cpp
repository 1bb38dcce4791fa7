#include "framework/os/threads.hpp"

#include <exception>
#include <thread>
#include <vector>

namespace lsm {

void run_together(uint64_t count, const std::function<void(uint64_t number)>& job) {
    if (count == 1) return job(0);
    std::vector<std::exception_ptr> failures(count);
    {
        std::vector<std::jthread> threads;
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
