// Carries out the numbered cases of a test machine on several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "framework/torture/machine.hpp"

namespace lsm::torture {

/// Calls perform(number, tally) for 0 .. count - 1, in ascending order but side by side, until all
/// are done, options.minutes are over or options.first has what it wants. A case keeps to its
/// number and the seed: which thread it runs on and what ran before must not matter. An exception
/// out of a case is a failure of the case `name(number)`.
Report run_cases(const Options& options, uint64_t count,
                 const std::function<std::string(uint64_t number)>& name,
                 const std::function<void(uint64_t number, Tally& tally)>& perform);

/// The first few failures of the report as shorter() makes them, unless the options say no. A
/// failure that shorter() can not find again stays as it is.
void shrink_failures(const Options& options, Report& report,
                     const std::function<std::optional<Failure>(const Failure&)>& shorter);

}  // namespace lsm::torture
