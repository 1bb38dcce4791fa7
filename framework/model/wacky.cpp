#include "framework/model/wacky.hpp"

#include <cstddef>

#include "framework/base/math.hpp"
#include "framework/model/filter_bits.hpp"

namespace lsm::model {

std::vector<LevelGrowth> wacky_levels(const WackySettings& settings, int levels) {
    std::vector<LevelGrowth> result;
    for (int level = 1; level < levels; ++level) {
        const double exponent = exact_pow(settings.exponent, levels - level - 1);
        const double growth = exact_pow(settings.base, exponent);
        result.push_back({growth, exact_pow(growth - 1, settings.upper_merging), growth - 1});
    }
    const double c = settings.last_growth;
    result.push_back(
        {c * settings.base / (settings.base - 1), exact_pow(c, settings.last_merging), c});
    return result;
}

double total_runs(const std::vector<LevelGrowth>& levels) {
    double runs = 0;
    for (const LevelGrowth& level : levels) runs += level.runs;
    return runs;
}

double merges_per_entry(const std::vector<LevelGrowth>& levels) {
    double merges = 0;
    for (const LevelGrowth& level : levels) merges += level.arrivals / (level.runs + 1);
    return merges;
}

double empty_lookup(const std::vector<LevelGrowth>& levels, double bits_per_key) {
    // Runs of a level are alike: one stands for all, with their entries and their probes.
    std::vector<RunOfEntries> all;
    double size = 1;
    for (const LevelGrowth& level : levels) {
        size *= level.growth;
        all.push_back({size, level.runs});
    }
    const std::vector<RunFilter> filters = best_filters(all, bits_per_key);
    double sum = 0;
    for (std::size_t i = 0; i < levels.size(); ++i) sum += levels[i].runs * filters[i].rate;
    return sum;
}

}  // namespace lsm::model
