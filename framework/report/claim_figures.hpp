// What was measured for a claim, as people read it: "12.2 GiB against 17.8 GiB, 0.69 times". The
// claim's own factors are not in it (framework/experiment/claim_measured.hpp), every number has
// three digits and its unit, counts are whole. Pure.
#pragma once

#include <string>

#include "framework/experiment/claim.hpp"
#include "framework/experiment/claim_result.hpp"

namespace lsm::report {

/// Both sides where the claim is nearest to failing, or fails most, and their ratio, left by right;
/// with several points also the ratios' range over all of them. A side without a metric is a bound
/// and left out, with the ratio. "-" where nothing was measured.
std::string claim_figures(const experiment::Claim& claim, const ClaimResult& result);

/// "0.69", "26.3", "528": three digits, two where it is below 10 and above 0.1.
std::string ratio_text(double ratio);

}  // namespace lsm::report
