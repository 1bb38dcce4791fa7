// Part of claim_check: a claim with its names looked up.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "framework/experiment/claim_check.hpp"

namespace lsm::experiment {

/// What is wrong with a part of a claim.
struct BindingProblem {
    Span span;
    std::string message;
};

/// The entry that a metric picks, by axis.
using Picks = std::map<size_t, size_t>;

struct BoundClaim {
    std::vector<Picks> picks;  ///< of each metric, in the order of the text
    std::set<size_t> bound_axes;
    std::vector<size_t> free_axes;
    std::vector<std::vector<size_t>>
        points;                        ///< entries of all axes (0 for bound ones), after `where`
    std::optional<size_t> curve_axis;  ///< that `at equal` goes along
    size_t left_metrics = 0;           ///< so many of the picks are the left side's
    std::vector<BindingProblem> problems;
};

BoundClaim bind(const Claim& claim, const std::vector<SweepAxis>& axes);

/// All metrics of an expression, in the order of the text.
void collect_metrics(const Expression& expression, std::vector<const Expression*>& out);

}  // namespace lsm::experiment
