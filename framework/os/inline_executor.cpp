#include <deque>
#include <utility>

#include "framework/os/executor.hpp"

namespace lsm {
namespace {

class InlineExecutor : public Executor {
  public:
    ~InlineExecutor() override { drain(); }

    void submit(JobKind, std::function<void()> job) override { jobs_.push_back(std::move(job)); }

    void drain() override {
        // A job that drains would run the jobs behind it in its middle; they run after it instead.
        if (draining_) return;
        draining_ = true;
        while (!jobs_.empty()) {
            const std::function<void()> job = std::move(jobs_.front());
            jobs_.pop_front();
            job();
        }
        draining_ = false;
    }

    bool runs_inline() const override { return true; }

  private:
    std::deque<std::function<void()>> jobs_;
    bool draining_ = false;
};

}  // namespace

std::unique_ptr<Executor> make_inline_executor() { return std::make_unique<InlineExecutor>(); }

}  // namespace lsm
