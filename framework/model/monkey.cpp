#include "framework/model/monkey.hpp"

#include "framework/model/filter_bits.hpp"
#include "framework/model/fluid.hpp"

namespace lsm::model {

double monkey_levels(double size_ratio, double entries, double buffer_entries) {
    return fluid_levels(size_ratio, entries, buffer_entries);
}

double monkey_update(MergePolicy policy, double size_ratio, double levels, double entries_per_page,
                     double write_by_read) {
    const double t = size_ratio;
    const double merges = policy == MergePolicy::leveling ? (t - 1) / 2 : (t - 1) / t;
    return levels / entries_per_page * (1 + write_by_read) * merges;
}

double monkey_range_lookup(MergePolicy policy, double size_ratio, double levels, double entries,
                           double entries_per_page, double selectivity) {
    const double runs = policy == MergePolicy::leveling ? levels : levels * (size_ratio - 1);
    return selectivity * entries / entries_per_page + runs;
}

double monkey_uniform_empty_lookup(double runs, double bits_per_key) {
    return runs * bloom_rate(bits_per_key);
}

}  // namespace lsm::model
