#include "framework/model/filter_bits.hpp"

#include <algorithm>
#include <numeric>

#include "framework/base/math.hpp"

namespace lsm::model {

double bloom_rate(double bits_per_key) {
    return bits_per_key > 0 ? exact_exp(-bits_per_key * kLn2Squared) : 1;
}

std::vector<RunFilter> best_filters(const std::vector<RunOfEntries>& runs, double bits_per_key) {
    std::vector<RunFilter> filters(runs.size());
    const auto weight = [&](size_t run) { return runs[run].entries / runs[run].probes; };
    std::vector<size_t> order;
    double memory = 0;         // of all runs, in bits times ln^2 2
    double entries = 0;        // of the runs that have a filter so far
    double entries_log_w = 0;  // thereof, times the logarithm of entries by probes
    for (size_t run = 0; run < runs.size(); ++run) {
        if (!(runs[run].entries > 0)) continue;
        memory += bits_per_key * runs[run].entries * kLn2Squared;
        if (!(runs[run].probes > 0)) continue;
        order.push_back(run);
        entries += runs[run].entries;
        entries_log_w += runs[run].entries * exact_log(weight(run));
    }
    std::sort(order.begin(), order.end(), [&](size_t left, size_t right) {
        return weight(left) != weight(right) ? weight(left) < weight(right) : left < right;
    });
    while (!order.empty()) {
        const double log_c = -(memory + entries_log_w) / entries;
        const size_t largest = order.back();
        if (log_c + exact_log(weight(largest)) < 0) {
            for (const size_t run : order) {
                const double log_rate = log_c + exact_log(weight(run));
                filters[run] = {-log_rate / kLn2Squared, exact_exp(log_rate)};
            }
            break;
        }
        entries -= runs[largest].entries;
        entries_log_w -= runs[largest].entries * exact_log(weight(largest));
        order.pop_back();
    }
    return filters;
}

}  // namespace lsm::model
