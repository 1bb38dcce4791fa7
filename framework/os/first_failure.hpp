// A file that failed once stays failed: what the disk holds after a failed write or sync is unknown
// (the kernel may have dropped the pages that it could not write, so that a second sync would
// succeed and lie), and every later call throws the first cause. One thread.
#pragma once

#include <exception>

namespace lsm {

class FirstFailure {
  public:
    void throw_if_failed() const {
        if (cause_) std::rethrow_exception(cause_);
    }
    bool failed() const { return cause_ != nullptr; }

    /// Runs the action; what it throws is kept and thrown again by each later call.
    template <class Action>
    void guard(Action action) {
        throw_if_failed();
        try {
            action();
        } catch (...) {
            cause_ = std::current_exception();
            throw;
        }
    }

  private:
    std::exception_ptr cause_;
};

}  // namespace lsm
