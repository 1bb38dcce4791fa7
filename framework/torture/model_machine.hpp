// The model machine: random combinations of policies, options and sizes, each driven against a
// std::map (model_run.hpp). A failure is shrunk to few operations.
#pragma once

#include <optional>

#include "framework/torture/machine.hpp"
#include "framework/torture/model_case.hpp"

namespace lsm::torture {

/// At scale 1 10,000 cases of 10,000 operations.
Report run_model_machine(const Options& options);

/// Carries the case out and counts it; a failure is shrunk.
void perform_model_case(const ModelCase& model, const Operations& operations, Tally& tally,
                        bool shrinks = true);

}  // namespace lsm::torture
