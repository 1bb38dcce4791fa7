#include "framework/metrics/metrics.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/number.hpp"

namespace lsm {

const char* event_type_name(EngineEvent::Type type) {
    switch (type) {
        case EngineEvent::Type::flush:
            return "flush";
        case EngineEvent::Type::compaction:
            return "compaction";
        case EngineEvent::Type::move:
            return "move";
        case EngineEvent::Type::drop:
            return "drop";
        case EngineEvent::Type::stall:
            return "stall";
    }
    return "?";
}

ShapeTotals shape_totals(const TreeShape& shape) {
    ShapeTotals totals;
    totals.levels = static_cast<uint64_t>(shape.last_level());
    for (const LevelShape& level : shape.levels) {
        totals.runs += level.runs.size();
        for (const RunShape& run : level.runs) {
            totals.tables += run.tables.size();
            for (const TableShape& table : run.tables) {
                totals.entries += table.entries;
                totals.tombstones += table.tombstones;
                totals.range_tombstones += table.range_tombstones;
                totals.filter_bits += table.filter_bits;
            }
        }
    }
    return totals;
}

std::vector<std::string> metric_names() {
    std::vector<std::string> names;
    for (const Metric& metric : all_metrics()) names.push_back(metric.name);
    return names;
}

MetricValues compute_metrics(const Moment& now, const Moment& before, bool realtime) {
    MetricValues values;
    for (const Metric& metric : all_metrics()) {
        if (metric.realtime_only && !realtime) continue;
        values.emplace_back(metric.name, metric.value(now, before));
    }
    const auto user_bytes = static_cast<double>(now.counters.user_bytes);
    const auto& by_level = now.counters.level_bytes_written;
    for (size_t i = 0; i < by_level.size(); ++i) {
        values.emplace_back("level_" + format_number(uint64_t{i + 1}) + "_write_amplification",
                            ratio_of(static_cast<double>(by_level[i]), user_bytes));
    }
    return values;
}

MetricSummary::MetricSummary(bool realtime) {
    for (const Metric& metric : all_metrics()) {
        if (metric.kind == MetricKind::counter || (metric.realtime_only && !realtime)) continue;
        running_.push_back({&metric});
    }
}

void MetricSummary::add(const Moment& now, const Moment& before, uint64_t operations) {
    const auto weight = static_cast<double>(operations);
    for (Running& running : running_) {
        const double value = running.metric->value(now, before);
        if (std::isnan(value)) continue;
        const double peak =
            running.metric->peak ? std::max(value, running.metric->peak(now, before)) : value;
        if (!(running.peak >= peak)) running.peak = peak;
        running.weighted_sum += value * weight;
        running.weight += weight;
    }
}

MetricValues MetricSummary::peaks_and_means() const {
    MetricValues values;
    for (const Running& running : running_) {
        values.emplace_back("peak_" + running.metric->name, running.peak);
        values.emplace_back("mean_" + running.metric->name,
                            ratio_of(running.weighted_sum, running.weight));
    }
    return values;
}

}  // namespace lsm
