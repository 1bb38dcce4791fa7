#include "framework/report/claim_figures.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "framework/experiment/claim_measured.hpp"
#include "framework/report/labels.hpp"

namespace lsm::report {
namespace {

using experiment::Expression;
using experiment::Relation;

/// What all metrics of an expression are measured in; nothing where they are multiplied with each
/// other or differ.
Unit unit_of(const Expression& expression) {
    using Kind = Expression::Kind;
    if (expression.kind == Kind::metric) return metric_label(expression.metric).unit;
    if (!experiment::has_metric(expression)) return Unit::none;
    if (expression.kind == Kind::negate) return unit_of(expression.operands[0]);
    const Expression& left = expression.operands[0];
    const Expression& right = expression.operands[1];
    if (!experiment::has_metric(right)) return unit_of(left);
    if (!experiment::has_metric(left)) {
        return expression.kind == Kind::divide ? Unit::none : unit_of(right);
    }
    const bool sum = expression.kind == Kind::add || expression.kind == Kind::subtract;
    return sum && unit_of(left) == unit_of(right) ? unit_of(left) : Unit::none;
}

std::string with_separators(double value) {
    std::string digits = fmt::format("{:.0f}", std::fabs(value));
    for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return (value < 0 ? "-" : "") + digits;
}

std::string three_digits(double value) {
    const double magnitude = std::fabs(value);
    if (magnitude >= 999.5) return with_separators(value);
    if (magnitude >= 99.95) return fmt::format("{:.0f}", value);
    if (magnitude >= 9.995) return fmt::format("{:.1f}", value);
    return magnitude >= 1 ? fmt::format("{:.2f}", value) : fmt::format("{:#.3g}", value);
}

std::string figure_text(double value, Unit unit, double largest) {
    const bool whole = std::floor(value) == value || std::fabs(value) >= 100;
    if (unit == Unit::count && whole) return with_separators(value);
    if (unit != Unit::bytes && unit != Unit::seconds) return three_digits(value);
    const Scale scale = scale_for({"", unit, ""}, largest);
    return three_digits(value / scale.divisor) + " " + scale.name;
}

/// By how much of the right side the claim holds; below 0 it does not.
double margin(Relation relation, const ClaimPoint& point) {
    const double difference = *point.left - *point.right;
    const double whole = std::fabs(*point.right) + 1e-300;
    switch (relation) {
        case Relation::less:
        case Relation::less_equal:
            return -difference / whole;
        case Relation::greater:
        case Relation::greater_equal:
            return difference / whole;
        default:
            return -std::fabs(difference) / whole;
    }
}

std::optional<double> ratio_of(const ClaimPoint& point) {
    if (!point.measured_left || !point.measured_right || *point.measured_right == 0) {
        return std::nullopt;
    }
    return *point.measured_left / *point.measured_right;
}

/// ", 0.69 times (0.55 to 0.69 at 6 points)", or the range of the one measured side.
std::string range_text(const std::vector<double>& values, size_t points,
                       std::string (*text)(double)) {
    if (points < 2 || values.empty()) return "";
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return text(*low) == text(*high)
               ? fmt::format(" (at all of {} points)", points)
               : fmt::format(" ({} to {} at {} points)", text(*low), text(*high), points);
}

}  // namespace

std::string ratio_text(double ratio) {
    const double magnitude = std::fabs(ratio);
    if (magnitude >= 9.995) return three_digits(ratio);
    return magnitude >= 0.0995 ? fmt::format("{:.2f}", ratio) : fmt::format("{:.2g}", ratio);
}

std::string claim_figures(const experiment::Claim& claim, const ClaimResult& result) {
    std::vector<const ClaimPoint*> points;
    for (const ClaimPoint& point : result.points) {
        if (point.measured_left || point.measured_right) points.push_back(&point);
    }
    if (points.empty()) return "-";
    const ClaimPoint& nearest =
        **std::min_element(points.begin(), points.end(), [&](const auto* one, const auto* other) {
            return margin(claim.relation, *one) < margin(claim.relation, *other);
        });
    std::vector<double> ratios, sides;
    for (const ClaimPoint* point : points) {
        if (const auto ratio = ratio_of(*point)) ratios.push_back(*ratio);
        sides.push_back(point->measured_left ? *point->measured_left : *point->measured_right);
    }
    const double largest = std::max(std::fabs(nearest.measured_left.value_or(0)),
                                    std::fabs(nearest.measured_right.value_or(0)));
    const auto text = [&](const std::optional<double>& value, const Expression& side) {
        return value ? figure_text(*value, unit_of(side), largest) : std::string();
    };
    const std::string left = text(nearest.measured_left, claim.left);
    const std::string right = text(nearest.measured_right, claim.right);
    if (left.empty() || right.empty()) {
        return left + right + range_text(sides, points.size(), three_digits);
    }
    const auto ratio = ratio_of(nearest);
    return left + " against " + right + (ratio ? ", " + ratio_text(*ratio) + " times" : "") +
           range_text(ratios, points.size(), ratio_text);
}

}  // namespace lsm::report
