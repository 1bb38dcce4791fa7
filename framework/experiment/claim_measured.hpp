// What of a claim was measured: its two sides without the factors that the claim itself brings, so
// that `0.9 * write_amplification(tiering)` is tiering's write amplification and not a number that
// nobody measured. Pure.
#pragma once

#include "framework/experiment/claim.hpp"

namespace lsm::experiment {

/// True where some metric is in it; a side without one is a bound.
bool has_metric(const Expression& expression);

/// The expression without signs and factors in front of it and divisors behind it that have no
/// metric in them. What is added or taken away stays.
Expression without_factors(const Expression& expression);

/// The claim with both sides so.
Claim measured_claim(const Claim& claim);

}  // namespace lsm::experiment
