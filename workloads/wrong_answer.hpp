// Thrown when an engine's answer is not what the workload knows to be there: the check of a run
// that must not fail. An Error of its own type, so that a failed check can be told from files that
// are damaged.
#pragma once

#include "framework/base/error.hpp"

namespace lsm::workloads {

class WrongAnswer : public Error {
  public:
    explicit WrongAnswer(const std::string& what) : Error(ErrorKind::corruption, what) {}
};

}  // namespace lsm::workloads
