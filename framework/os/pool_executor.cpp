#include <deque>
#include <utility>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/os/executor.hpp"
#include "framework/os/sync.hpp"
#include "framework/os/threads.hpp"

namespace lsm {
namespace {

class PoolExecutor : public Executor {
  public:
    explicit PoolExecutor(int threads) {
        if (threads < 1) throw Error(ErrorKind::usage, "an executor needs at least one thread");
        for (int i = 0; i < threads; ++i) {
            const bool flushes_only = threads > 1 && i == 0;
            threads_.emplace_back([this, flushes_only] { work(flushes_only); });
        }
    }

    ~PoolExecutor() override {
        drain();
        {
            const Lock lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        threads_.clear();
    }

    void submit(JobKind kind, std::function<void()> job) override {
        {
            const Lock lock(mutex_);
            (kind == JobKind::flush ? flushes_ : compactions_).push_back(std::move(job));
            ++unfinished_;
        }
        // All, since one that is woken alone may be the thread that takes no compactions.
        changed_.notify_all();
    }

    void drain() override {
        Lock lock(mutex_);
        changed_.wait(lock, [&] { return unfinished_ == 0; });
    }

    bool runs_inline() const override { return false; }

  private:
    void work(bool flushes_only) noexcept {
        Lock lock(mutex_);
        while (true) {
            auto& queue = flushes_only || !flushes_.empty() ? flushes_ : compactions_;
            if (queue.empty()) {
                if (stopping_) return;
                changed_.wait(lock);
                continue;
            }
            std::function<void()> job = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            job();
            job = nullptr;  // what it holds is released before it counts as finished
            lock.lock();
            if (--unfinished_ == 0) changed_.notify_all();
        }
    }

    Mutex mutex_;
    ConditionVariable changed_;
    std::deque<std::function<void()>> flushes_;
    std::deque<std::function<void()>> compactions_;
    uint64_t unfinished_ = 0;  // queued or running
    bool stopping_ = false;
    std::vector<Thread> threads_;
};

}  // namespace

std::unique_ptr<Executor> make_pool_executor(int threads) {
    return std::make_unique<PoolExecutor>(threads);
}

}  // namespace lsm
