// Background work that waits at a gate: jobs are kept while it is shut and carried out, on one
// thread of a pool, once it is opened. So a test decides what the background has not come to yet,
// when the power goes for one, and with one client at a time the order of everything is fixed.
//
// Any thread may submit. Whoever waits for a job opens the gate before.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "framework/os/executor.hpp"
#include "framework/os/sync.hpp"

namespace lsm {

class GatedExecutor : public Executor {
  public:
    GatedExecutor();
    /// Carries out what is left.
    ~GatedExecutor() override;

    void open();
    /// Returns once nothing runs; later jobs wait.
    void shut();
    /// Jobs at the gate.
    size_t waiting() const;

    void submit(JobKind kind, std::function<void()> job) override;
    /// Opens the gate for it.
    void drain() override;
    bool runs_inline() const override { return false; }

  private:
    const std::unique_ptr<Executor> pool_;
    mutable Mutex mutex_;  // all below
    bool open_ = false;
    std::vector<std::pair<JobKind, std::function<void()>>> waiting_;
};

}  // namespace lsm
