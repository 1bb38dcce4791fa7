// Where background work runs. The tree queues the same jobs at the same places in both modes:
//   - inline: jobs run on the thread that calls drain(), in the order they came; nothing runs
//     between drains. Deterministic. One thread uses it; a drain() inside a job returns at once.
//   - pool: jobs run on threads of the executor, flushes before compactions; drain() waits until
//     none is queued or running, and is not called by a job. Any thread.
// A job must not throw: it keeps its error where its owner finds it (the pool ends the process).
// Jobs may submit jobs. The destructor drains.
#pragma once

#include <functional>
#include <memory>

namespace lsm {

enum class JobKind { flush, compaction };

class Executor {
  public:
    virtual ~Executor() = default;
    virtual void submit(JobKind kind, std::function<void()> job) = 0;
    virtual void drain() = 0;
    virtual bool runs_inline() const = 0;
};

std::unique_ptr<Executor> make_inline_executor();
/// `threads` >= 1 threads; flushes never wait behind compactions: one thread takes flushes only
/// when there are two or more.
std::unique_ptr<Executor> make_pool_executor(int threads);

}  // namespace lsm
