#include "framework/model/costs.hpp"

#include <algorithm>
#include <cmath>

#include "framework/model/filter_bits.hpp"

namespace lsm::model {
namespace {

/// Arrivals that a run takes before the next one is begun: ceil(m / K), adr/0004 rule 7.
double arrivals_per_run(double arrivals, double runs) {
    return std::max(1.0, std::ceil(arrivals / runs));
}

/// Writes of the arrivals that a level takes until it is full, in arrivals: the p-th is merged with
/// those before it in its run.
double writes_while_filling(double arrivals, double runs) {
    const double each = arrivals_per_run(arrivals, runs);
    const double full_runs = std::floor(arrivals / each);
    const double rest = arrivals - full_runs * each;
    return full_runs * each * (each + 1) / 2 + rest * (rest + 1) / 2;
}

double one_level_writes(double arrivals, double runs, SpillRule rule, bool first) {
    const double cycle = arrivals + 1;
    if (rule == SpillRule::by_tables && runs == 1) {
        // The level stays full. What comes down is written with what it overlaps, the growth times
        // as much; on level 1 a flush meets all that is there.
        return 1 + cycle;
    }
    double writes = writes_while_filling(arrivals, runs) / cycle;
    if (rule != SpillRule::bypass && runs == 1) writes += 1;  // the last arrival, (m + 1) / cycle
    if (!first) {
        // A single run that goes down to an empty level moves; with bypass it never is single.
        if (rule == SpillRule::write_then_spill && runs == 1) writes -= 1 / cycle;
        return writes;
    }
    // A flush founds a run: it is written for all, and what founds a run is not written again.
    const double founded = std::ceil(arrivals / arrivals_per_run(arrivals, runs));
    return writes + 1 - founded / cycle;
}

/// Entries of each level: full ones, and what is left on the deepest.
std::vector<double> entries_by_level(const DeclaredLayout& layout, const DataSize& data,
                                     int deepest) {
    std::vector<double> entries;
    double left = data.entries;
    const std::vector<double> arrivals = layout.arrivals(deepest);
    for (int level = 1; level < deepest; ++level) {
        const double full = arrivals[static_cast<size_t>(level - 1)] * layout.arrival_bytes(level) /
                            data.entry_bytes;
        entries.push_back(std::min(full, left));
        left -= entries.back();
    }
    entries.push_back(left);
    return entries;
}

double common_growth(const std::vector<double>& arrivals) {
    for (const double count : arrivals) {
        if (count != arrivals.front()) return 0;
    }
    return arrivals.front() + 1;
}

void add_lookups(DesignCosts& costs, const DataSize& data) {
    std::vector<RunOfEntries> runs;
    double memory = 0;
    double run_count = 0;
    double passed = 0;  // probes in vain on the levels above
    for (const LevelCosts& level : costs.levels) {
        runs.push_back({level.entries, level.runs});
        memory += level.entries * level.filter.bits_per_key;
        run_count += level.runs;
        costs.found_lookup +=
            level.entries / data.entries * (1 + passed + (level.runs - 1) / 2 * level.filter.rate);
        passed += level.runs * level.filter.rate;
    }
    costs.empty_lookup = passed;
    costs.bits_per_key = memory / data.entries;
    costs.short_range = run_count;
    costs.found_lookup_last = 1 + passed - costs.levels.back().filter.rate;
    costs.empty_lookup_uniform = run_count * bloom_rate(costs.bits_per_key);
    const std::vector<RunFilter> best = best_filters(runs, costs.bits_per_key);
    for (size_t i = 0; i < runs.size(); ++i) {
        costs.empty_lookup_optimal += costs.levels[i].runs * best[i].rate;
    }
}

}  // namespace

std::vector<double> writes_by_level(const DeclaredLayout& layout, int deepest) {
    const std::vector<double> arrivals = layout.arrivals(deepest);
    const auto& levels = layout.levels(deepest);
    std::vector<double> writes;
    for (size_t i = 0; i < levels.size(); ++i) {
        writes.push_back(one_level_writes(arrivals[i], levels[i].runs, layout.rule(), i == 0));
    }
    return writes;
}

WriteBand write_band(const DeclaredLayout& layout, int deepest) {
    WriteBand band;
    const std::vector<double> arrivals = layout.arrivals(deepest);
    const auto& levels = layout.levels(deepest);
    for (size_t i = 0; i < levels.size(); ++i) {
        const double t = arrivals[i] + 1;
        const double k = levels[i].runs;
        const double endure = std::max(1.0, (t - 1 + k) / (2 * k));
        band.endure += endure;
        band.bypass += (t - 1) / t * endure;
        band.write_then_spill += k == 1 ? (t + 1) / 2 : endure;
    }
    return band;
}

DesignCosts costs_of(const DeclaredLayout& layout, const DataSize& data,
                     const AnyBloomSizing& sizing, const AnyFilter& filter) {
    DesignCosts costs;
    const int deepest = layout.levels_for(data.bytes());
    const auto& levels = layout.levels(deepest);
    const std::vector<double> entries = entries_by_level(layout, data, deepest);
    const std::vector<double> writes = writes_by_level(layout, deepest);
    RunsByLevel tree;
    for (size_t i = 0; i < levels.size(); ++i) {
        LevelCosts level;
        level.capacity = levels[i].capacity;
        level.entries = entries[i];
        level.runs = levels[i].runs;
        level.merges = writes[i];
        costs.write += writes[i];
        tree.emplace_back(static_cast<size_t>(level.runs), level.entries / level.runs);
        costs.levels.push_back(level);
    }
    const auto filters = filters_of(tree, layout, data.entry_bytes, sizing, filter);
    for (size_t i = 0; i < levels.size(); ++i) costs.levels[i].filter = filters[i];
    costs.size_ratio = common_growth(layout.arrivals(deepest));
    costs.rule = layout.rule();
    costs.band = write_band(layout, deepest);
    add_lookups(costs, data);

    const LevelCosts& last = costs.levels.back();
    double live = 1;  // at least the largest run
    for (const LevelCosts& level : costs.levels) {
        live = std::max(live, level.entries / level.runs);
    }
    costs.space = data.entries / live;
    costs.peak_space = costs.space + (last.runs == 1 && costs.rule != SpillRule::by_tables ? 1 : 0);
    return costs;
}

double range_lookup(const DesignCosts& costs, const DataSize& data, double selected) {
    return costs.short_range + selected / data.entries_per_block() * costs.space;
}

}  // namespace lsm::model
