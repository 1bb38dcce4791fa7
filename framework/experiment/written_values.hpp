// All values that an experiment file and the command line say, also those that no trial has, since
// a sweep or a later `--set` says something else. Pure.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "framework/experiment/draft.hpp"

namespace lsm::experiment {

class WrittenValues {
  public:
    /// Takes note of what the draft says, to be called before other values are laid over it.
    void remember(const Draft& draft);

    /// Each value once.
    std::vector<Assignment> all() const;

  private:
    void add(const Assignment& assignment);

    std::map<std::tuple<std::string, std::string, std::string>, Assignment> values_;
};

}  // namespace lsm::experiment
