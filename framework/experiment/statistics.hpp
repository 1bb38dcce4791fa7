// What several repeats of a measurement say: their mean, and the interval that holds the true mean
// with 95 % confidence, by Student's t (W. S. Gosset, "The probable error of a mean", Biometrika
// 1908): mean +- t(n - 1) * s / sqrt(n). t and not a bootstrap, since repeats are few: resampling
// three to ten values gives intervals that are too narrow. It supposes values that scatter about
// evenly around their mean. Pure; the same bits on every machine; any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace lsm::experiment {

/// The interval's ends are the mean where there is one value only: then nothing is known of it.
struct Estimate {
    double mean = 0;
    double low = 0;
    double high = 0;
    uint64_t count = 0;

    bool has_interval() const { return count > 1; }
    /// Half the interval's length.
    double plus_minus() const { return (high - low) / 2; }
    /// Whether 0 lies inside: the mean's sign may be chance.
    bool may_be_zero() const { return has_interval() && low < 0 && high > 0; }
};

/// Precondition: there is a value, and all are finite.
Estimate estimate(const std::vector<double>& values);

/// Of right - left, where the same place of both is the same repeat (the same seed).
Estimate paired_difference(const std::vector<double>& left, const std::vector<double>& right);

/// Of the mean of right - the mean of left, where repeats do not belong together, by Welch's t
/// (Biometrika 1947); an interval only where both sides have two values.
Estimate independent_difference(const std::vector<double>& left, const std::vector<double>& right);

/// The 97.5 % quantile of Student's t, from a table; between its rows that of fewer degrees, which
/// is on the safe side.
double t_quantile(uint64_t degrees_of_freedom);

}  // namespace lsm::experiment
