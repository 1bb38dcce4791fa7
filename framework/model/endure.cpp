#include "framework/model/endure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/math.hpp"
#include "framework/model/filter_bits.hpp"

namespace lsm::model {
namespace {

double runs_of(const KLsm& design, int level) {
    const auto index = static_cast<size_t>(level - 1);
    return index < design.runs.size() ? design.runs[index] : design.runs.back();
}

int whole_levels(const KLsm& design) {
    return std::max(1, static_cast<int>(std::ceil(endure_levels(design))));
}

/// The part of the last level that the real number of levels counts.
double part_of_last(const KLsm& design) {
    return 1 - (whole_levels(design) - endure_levels(design));
}

/// ln of the mean of e^(cost / lambda), without overflow.
double log_mean_exp(const std::vector<double>& shares, const std::vector<double>& costs,
                    double lambda) {
    double highest = 0;
    bool any = false;
    for (size_t i = 0; i < costs.size(); ++i) {
        if (!(shares[i] > 0)) continue;
        highest = any ? std::max(highest, costs[i]) : costs[i];
        any = true;
    }
    double sum = 0;
    for (size_t i = 0; i < costs.size(); ++i) {
        if (shares[i] > 0) sum += shares[i] * exact_exp((costs[i] - highest) / lambda);
    }
    return highest / lambda + exact_log(sum);
}

double mean_cost(const std::vector<double>& shares, const std::vector<double>& costs) {
    double sum = 0;
    for (size_t i = 0; i < costs.size(); ++i) sum += shares[i] * costs[i];
    return sum;
}

/// The lambda at which the dual is least; the dual is convex in lambda, so golden sections of its
/// logarithm find it.
double best_lambda(const std::vector<double>& shares, const std::vector<double>& costs,
                   double rho) {
    const auto dual = [&](double log_lambda) {
        const double lambda = exact_exp(log_lambda);
        return rho * lambda + lambda * log_mean_exp(shares, costs, lambda);
    };
    constexpr double kGolden = 0.6180339887498949;
    constexpr int kSteps = 120;
    double low = -30;
    double high = 30;
    double left = high - kGolden * (high - low);
    double right = low + kGolden * (high - low);
    double at_left = dual(left);
    double at_right = dual(right);
    for (int step = 0; step < kSteps; ++step) {
        if (at_left <= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - kGolden * (high - low);
            at_left = dual(left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + kGolden * (high - low);
            at_right = dual(right);
        }
    }
    return exact_exp((low + high) / 2);
}

}  // namespace

double endure_levels(const KLsm& design) {
    return exact_log(design.entries / design.buffer_entries + 1) / exact_log(design.size_ratio);
}

double endure_filter_rate(const KLsm& design, int level) {
    const double t = design.size_ratio;
    const double rate = bloom_rate(design.bits_per_key) * exact_pow(t, t / (t - 1)) /
                        exact_pow(t, whole_levels(design) + 1 - level);
    return std::min(1.0, rate);
}

double endure_empty_lookup(const KLsm& design) {
    double sum = 0;
    for (int level = 1; level <= whole_levels(design); ++level) {
        sum += runs_of(design, level) * endure_filter_rate(design, level);
    }
    return sum;
}

double endure_found_lookup(const KLsm& design) {
    const int last = whole_levels(design);
    const double t = design.size_ratio;
    const double all = exact_pow(t, last) - 1;  // of a full tree, in buffers
    double above = 0;                           // probes in vain on the levels passed
    double sum = 0;
    for (int level = 1; level <= last; ++level) {
        const double share = (t - 1) * exact_pow(t, level - 1) / all;
        const double runs = runs_of(design, level);
        const double rate = endure_filter_rate(design, level);
        sum += share * (1 + above + (runs - 1) / 2 * rate);
        above += runs * rate;
    }
    return sum;
}

double endure_range_lookup(const KLsm& design, double selectivity) {
    const int last = whole_levels(design);
    double runs = runs_of(design, last) * part_of_last(design);
    for (int level = 1; level < last; ++level) runs += runs_of(design, level);
    return selectivity * design.entries / design.entries_per_page + runs;
}

double endure_write(const KLsm& design) {
    const auto merges = [&](int level) {
        const double runs = runs_of(design, level);
        return (design.size_ratio - 1 + runs) / (2 * runs);
    };
    const int last = whole_levels(design);
    double sum = part_of_last(design) * merges(last);
    for (int level = 1; level < last; ++level) sum += merges(level);
    return (1 + design.write_by_read) / design.entries_per_page * sum;
}

double robust_cost(const std::vector<double>& shares, const std::vector<double>& costs,
                   double rho) {
    if (!(rho > 0)) return mean_cost(shares, costs);
    return mean_cost(worst_workload(shares, costs, rho), costs);
}

std::vector<double> worst_workload(const std::vector<double>& shares,
                                   const std::vector<double>& costs, double rho) {
    if (!(rho > 0)) return shares;
    double highest = -std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < costs.size(); ++i) {
        if (shares[i] > 0) highest = std::max(highest, costs[i]);
    }
    double dearest = 0;  // share of the operations that cost that much
    for (size_t i = 0; i < costs.size(); ++i) dearest += costs[i] == highest ? shares[i] : 0;
    // That far away nothing but these is a workload of the ball.
    const bool only_these = rho >= -exact_log(dearest);
    const double lambda = only_these ? 1 : best_lambda(shares, costs, rho);
    std::vector<double> worst;
    double sum = 0;
    for (size_t i = 0; i < shares.size(); ++i) {
        double weight = shares[i] > 0 ? shares[i] : 0;
        if (only_these) {
            weight = costs[i] == highest ? weight : 0;
        } else if (weight > 0) {
            weight *= exact_exp((costs[i] - highest) / lambda);
        }
        worst.push_back(weight);
        sum += weight;
    }
    for (double& weight : worst) weight /= sum;
    return worst;
}

}  // namespace lsm::model
