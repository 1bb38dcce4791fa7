// What an axis shows: from where to where, and the ticks where those are given values. Pure.
#pragma once

#include <vector>

#include "framework/report/figure_data.hpp"

namespace lsm::report {

/// For measured values: from zero to a round number above the largest, or whole decades on a
/// logarithmic axis. Negative values extend the axis below zero.
void fit_value_axis(Axis& axis, const std::vector<double>& values);

/// For the values that a setting was given: a tick at each that has room for its name, which is as
/// people write it, and some air on both sides. Sizes in bytes that grow by factors stand on a
/// logarithmic axis.
void fit_setting_axis(Axis& axis, const std::vector<double>& values);

/// 1, 2, 2.5 or 5 times a power of ten, not below `value` (which is positive).
double round_step(double value);

}  // namespace lsm::report
