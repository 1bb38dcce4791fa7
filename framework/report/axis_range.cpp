#include "framework/report/axis_range.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"

namespace lsm::report {
namespace {

double decade_below(double value) {
    double decade = 1;
    while (decade > value) {
        decade /= 10;
    }
    while (decade * 10 <= value) {
        decade *= 10;
    }
    return decade;
}

/// Whole decades, or for less than two of them from and to 1, 2 or 5 of a decade, with those as
/// ticks.
void fit_log_axis(Axis& axis, double low, double high) {
    axis.low = decade_below(low);
    axis.high = decade_below(high) == high && high > low ? high : 10 * decade_below(high);
    if (high > 100 * low) {
        return;
    }
    std::vector<double> ticks;
    for (double decade = axis.low; decade <= axis.high; decade *= 10) {
        for (const double part : {1.0, 2.0, 5.0}) {
            ticks.push_back(part * decade);
        }
    }
    for (const double tick : ticks) {
        if (tick <= low) {
            axis.low = tick;
        }
    }
    for (auto tick = ticks.rbegin(); tick != ticks.rend(); ++tick) {
        if (*tick >= high && *tick > axis.low) {
            axis.high = *tick;
        }
    }
    for (const double tick : ticks) {
        if (tick >= axis.low && tick <= axis.high) {
            axis.ticks.push_back(tick);
        }
    }
}

}  // namespace

double round_step(double value) {
    const double decade = decade_below(value);
    for (const double step : {1.0, 2.0, 2.5, 5.0}) {
        if (step * decade >= value) {
            return step * decade;
        }
    }
    return 10 * decade;
}

void fit_value_axis(Axis& axis, const std::vector<double>& values) {
    double low = *std::min_element(values.begin(), values.end()) / axis.scale.divisor;
    double high = *std::max_element(values.begin(), values.end()) / axis.scale.divisor;
    if (axis.log) {
        fit_log_axis(axis, low, high);
        return;
    }
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
    const double span = high - low;
    if (span <= 0) {
        axis.low = 0;
        axis.high = 1;
        return;
    }
    const double step = round_step(span / 5);
    axis.low = low < 0 ? std::floor(low / step) * step : 0;
    axis.high = std::ceil(high * 1.02 / step) * step;
}

constexpr double kTicksApart = 0.07;  // of the axis, at least

void fit_setting_axis(Axis& axis, const std::vector<double>& values) {
    const double low = values.front();
    const double high = values.back();
    const bool bytes = axis.label.unit == Unit::bytes;
    axis.log = axis.log || (bytes && low > 0 && high >= 8 * low);
    axis.scale = {1, axis.label.unit_text};
    // On a linear axis the names of values that lie close together would stand upon each other.
    const double apart = axis.log ? 0 : (high - low) * kTicksApart;
    for (const double value : values) {
        if (value != low &&
            (value - axis.ticks.back() < apart || (value != high && high - value < apart))) {
            continue;
        }
        axis.ticks.push_back(value);
        axis.tick_names.push_back(bytes && value >= 0 ? format_size(static_cast<uint64_t>(value))
                                                      : format_number(value));
    }
    if (axis.log) {
        axis.low = low / 1.3;
        axis.high = high * 1.3;
    } else {
        const double air = high > low ? (high - low) * 0.06 : std::max(std::abs(high) * 0.1, 0.5);
        axis.low = low - air;
        axis.high = high + air;
    }
}

}  // namespace lsm::report
