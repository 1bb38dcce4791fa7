#include "framework/experiment/statistics.hpp"

#include <cmath>
#include <cstddef>

namespace lsm::experiment {
namespace {

/// Exact where all values are the same.
double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) {
        sum += value - values.front();
    }
    return values.front() + sum / static_cast<double>(values.size());
}

/// Of the mean: the sample's variance by the number of values.
double squared_error(const std::vector<double>& values, double mean) {
    double sum = 0;
    for (const double value : values) {
        sum += (value - mean) * (value - mean);
    }
    const auto count = static_cast<double>(values.size());
    return sum / (count - 1) / count;
}

}  // namespace

double t_quantile(uint64_t degrees) {
    // E. S. Pearson and H. O. Hartley, Biometrika Tables for Statisticians, table 12.
    static constexpr double kToThirty[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                           2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                           2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                           2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
    if (degrees <= 30) return kToThirty[degrees > 0 ? degrees - 1 : 0];
    return degrees < 40 ? 2.042 : degrees < 60 ? 2.021 : degrees < 120 ? 2.000 : 1.980;
}

Estimate estimate(const std::vector<double>& values) {
    const double mean = mean_of(values);
    if (values.size() < 2) return {mean, mean, mean, values.size()};
    const double half = t_quantile(values.size() - 1) * std::sqrt(squared_error(values, mean));
    return {mean, mean - half, mean + half, values.size()};
}

Estimate paired_difference(const std::vector<double>& left, const std::vector<double>& right) {
    std::vector<double> differences;
    for (size_t i = 0; i < left.size() && i < right.size(); ++i) {
        differences.push_back(right[i] - left[i]);
    }
    return estimate(differences);
}

Estimate independent_difference(const std::vector<double>& left, const std::vector<double>& right) {
    const double left_mean = mean_of(left), right_mean = mean_of(right);
    const double mean = right_mean - left_mean;
    if (left.size() < 2 || right.size() < 2) return {mean, mean, mean, 1};
    const double a = squared_error(left, left_mean), b = squared_error(right, right_mean);
    const uint64_t count = left.size() < right.size() ? left.size() : right.size();
    if (a + b <= 0) return {mean, mean, mean, count};
    const double degrees = (a + b) * (a + b) /
                           (a * a / static_cast<double>(left.size() - 1) +
                            b * b / static_cast<double>(right.size() - 1));
    const double half = t_quantile(static_cast<uint64_t>(degrees)) * std::sqrt(a + b);
    return {mean, mean - half, mean + half, count};
}

}  // namespace lsm::experiment
