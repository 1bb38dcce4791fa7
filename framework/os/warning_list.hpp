// Failures that cost nothing but room or speed and that no call has to fail for, kept so that
// somebody hears of them: a file that could not be removed, a name that could not be written. Each
// text once, the first hundred. Any thread; adding never throws.
#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "framework/os/sync.hpp"

namespace lsm {

class WarningList {
  public:
    static constexpr size_t kKept = 100;

    void add(const std::string& text) noexcept {
        const std::lock_guard lock(mutex_);
        try {
            if (std::find(texts_.begin(), texts_.end(), text) != texts_.end()) return;
            if (texts_.size() < kKept) texts_.push_back(text);
        } catch (...) {
            lost_ = true;
            return;
        }
        more_ += texts_.size() == kKept ? 1 : 0;
    }
    /// "WHAT: the exception's words".
    void add(const std::string& what, const std::exception& cause) noexcept {
        try {
            add(what + ": " + cause.what());
        } catch (...) {
            const std::lock_guard lock(mutex_);
            lost_ = true;
        }
    }

    std::vector<std::string> all() const {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> texts = texts_;
        if (more_ > 1) texts.push_back("and more of the same kind");
        if (lost_) texts.push_back("a warning was lost for want of memory");
        return texts;
    }

  private:
    mutable Mutex mutex_;
    std::vector<std::string> texts_;
    uint64_t more_ = 0;
    bool lost_ = false;
};

}  // namespace lsm
