#include "framework/model/fluid.hpp"

#include <cmath>

#include "framework/base/math.hpp"
#include "framework/model/filter_bits.hpp"

namespace lsm::model {

double fluid_levels(double size_ratio, double entries, double buffer_entries) {
    const double fills = entries / buffer_entries * (size_ratio - 1) / size_ratio;
    return fills > 1 ? std::ceil(exact_log(fills) / exact_log(size_ratio)) : 1;
}

double fluid_empty_lookup(const Fluid& design) {
    const double t = design.size_ratio;
    return bloom_rate(design.bits_per_key) * exact_pow(design.last_runs, (t - 1) / t) *
           exact_pow(design.upper_runs, 1 / t) * exact_pow(t, t / (t - 1)) / (t - 1);
}

double fluid_filter_rate(const Fluid& design, double level) {
    const double t = design.size_ratio;
    const double all = fluid_empty_lookup(design);
    if (level >= design.levels) return all / design.last_runs * (t - 1) / t;
    return all / design.upper_runs * (t - 1) / t / exact_pow(t, design.levels - level);
}

bool fluid_has_filters(const Fluid& design) { return fluid_filter_rate(design, design.levels) < 1; }

double fluid_found_lookup(const Fluid& design) {
    return 1 + fluid_empty_lookup(design) - fluid_filter_rate(design, design.levels);
}

double fluid_range_lookup(const Fluid& design, double selected, const PageCosts& pages) {
    const double seeks = design.upper_runs * (design.levels - 1) + design.last_runs;
    return seeks + selected / pages.entries_per_page / pages.sequential_speedup *
                       (design.last_runs + 1 / design.size_ratio);
}

double fluid_update(const Fluid& design, const PageCosts& pages) {
    const double t = design.size_ratio;
    const double merges =
        (t - 1) / (design.upper_runs + 1) * (design.levels - 1) + (t - 1) / (design.last_runs + 1);
    return pages.write_by_read / (pages.sequential_speedup * pages.entries_per_page) * merges;
}

double fluid_space(const Fluid& design) { return design.last_runs - 1 + 1 / design.size_ratio; }

}  // namespace lsm::model
