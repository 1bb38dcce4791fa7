// The table at the end of `lab run experiments/papers/*.yaml`: a row for each claim of a paper,
// whether it holds, and our figures beside the paper's. Pure.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/claim_result.hpp"
#include "framework/experiment/experiment.hpp"

namespace lsm::cli {

class PaperTable {
  public:
    /// Nothing for an experiment that names no paper. The results are those of its claims, in
    /// their order.
    void add(const experiment::Experiment& experiment, const std::vector<ClaimResult>& claims);
    bool empty() const { return rows_.empty(); }
    /// The rows, and how many hold, differ and fail.
    std::string text(bool colour) const;

  private:
    std::vector<std::vector<std::string>> rows_;
    size_t hold_ = 0;
    size_t differ_ = 0;
};

}  // namespace lsm::cli
