// Threads of a test.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace lsm::test {

/// Threads that stop at the first thing that is wrong.
class Crew {
  public:
    ~Crew() { join(); }
    template <class Job>
    void add(Job job) {
        threads_.emplace_back([this, job] {
            try {
                job();
            } catch (const std::exception& error) {
                report(error.what());
            }
        });
    }
    void join() {
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
    }
    void report(const std::string& words) {
        if (!wrong_.exchange(true)) ADD_FAILURE() << words;
    }
    bool wrong() const { return wrong_; }

  private:
    std::vector<std::thread> threads_;
    std::atomic<bool> wrong_{false};
};

}  // namespace lsm::test
