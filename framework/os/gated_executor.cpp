#include "framework/os/gated_executor.hpp"

#include <mutex>

namespace lsm {

GatedExecutor::GatedExecutor() : pool_(make_pool_executor(1)) {}

GatedExecutor::~GatedExecutor() { open(); }

void GatedExecutor::open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    for (auto& [kind, job] : waiting_) pool_->submit(kind, std::move(job));
    waiting_.clear();
}

void GatedExecutor::shut() {
    pool_->drain();
    const std::lock_guard lock(mutex_);
    open_ = false;
}

size_t GatedExecutor::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

void GatedExecutor::submit(JobKind kind, std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    if (open_) {
        pool_->submit(kind, std::move(job));
    } else {
        waiting_.emplace_back(kind, std::move(job));
    }
}

void GatedExecutor::drain() {
    open();
    shut();
}

}  // namespace lsm
