#include "framework/model/design.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lsm::model {
namespace {

constexpr uint64_t kMostRuns = 100000;  // of a level; beyond, a strategy sets no number
constexpr double kMostBytes = 0x1p62;
constexpr size_t kTables = 8;  // of each run in the tree that a strategy is asked about

uint64_t whole(double value) {
    return static_cast<uint64_t>(std::min(std::max(value, 1.0), kMostBytes));
}

RunShape run_of(double bytes, size_t tables, RunId id, double entry_bytes) {
    RunShape run;
    run.id = id;
    const double share = bytes / static_cast<double>(tables);
    for (size_t i = 0; i < tables; ++i) {
        TableShape table;
        table.id = id * kTables + i;
        table.smallest = std::string(1, static_cast<char>('a' + 2 * i));
        table.largest = std::string(1, static_cast<char>('b' + 2 * i));
        table.logical_bytes = whole(share);
        table.stored_bytes = table.logical_bytes;
        table.entries = whole(share / entry_bytes);
        run.tables.push_back(std::move(table));
    }
    return run;
}

TreeShape empty_shape(double memtable_bytes, size_t levels) {
    TreeShape shape;
    shape.memtable_bytes = whole(memtable_bytes);
    shape.table_bytes = shape.memtable_bytes;
    shape.levels.resize(levels);
    return shape;
}

/// A run on each level, ten times the one before.
TreeShape shape_of_depth(double memtable_bytes, int deepest) {
    TreeShape shape = empty_shape(memtable_bytes, static_cast<size_t>(deepest));
    double bytes = memtable_bytes;
    RunId id = 1000;
    for (LevelShape& level : shape.levels) {
        level.runs.push_back(run_of(std::min(bytes, kMostBytes), 1, --id, 1));
        bytes *= 10;
    }
    return shape;
}

/// How many tables of that level are among the choice's inputs.
size_t taken_of(const Choice& choice, const LevelShape& level) {
    size_t count = 0;
    for (const RunShape& run : level.runs) {
        for (const TableShape& table : run.tables) {
            count += std::count(choice.inputs.begin(), choice.inputs.end(), table.id) > 0 ? 1 : 0;
        }
    }
    return count;
}

/// What the strategy does with the first level that it keeps as one run, once that is too full.
SpillRule find_rule(const AnyCompaction& strategy, const DeclaredLayout& layout) {
    constexpr int kDepth = 3;
    const auto& levels = layout.levels(kDepth);
    int level = 1;
    while (level < kDepth && levels[static_cast<size_t>(level - 1)].runs > 1) ++level;
    if (levels[static_cast<size_t>(level - 1)].runs > 1) return SpillRule::bypass;
    const double arrival = layout.arrival_bytes(level);
    const double full = arrival * layout.arrivals(kDepth)[static_cast<size_t>(level - 1)];

    const auto ask = [&](std::vector<double> runs) {
        TreeShape shape = empty_shape(layout.memtable_bytes(), kDepth + 1);
        RunId id = 100;
        for (const double bytes : runs) {
            shape.levels[static_cast<size_t>(level - 1)].runs.push_back(
                run_of(bytes, kTables, --id, 1));
        }
        for (int below = level + 1; below <= kDepth + 1; ++below) {
            const double bytes = layout.arrival_bytes(below);
            shape.levels[static_cast<size_t>(below - 1)].runs.push_back(
                run_of(bytes, kTables, --id, 1));
        }
        const Choice choice = strategy.choose(shape);
        return std::pair(choice.output_level,
                         taken_of(choice, shape.levels[static_cast<size_t>(level - 1)]));
    };
    const auto [one_target, one_taken] = ask({full + 2 * arrival});
    if (one_taken > 0 && one_taken < kTables) return SpillRule::by_tables;
    const auto [two_target, two_taken] = ask({arrival, full});
    return two_taken > 0 && two_target == level ? SpillRule::write_then_spill : SpillRule::bypass;
}

}  // namespace

const char* spill_rule_name(SpillRule rule) {
    switch (rule) {
        case SpillRule::bypass:
            return "bypass";
        case SpillRule::write_then_spill:
            return "write_then_spill";
        case SpillRule::by_tables:
            return "by_tables";
    }
    return "";
}

std::variant<DeclaredLayout, std::string> DeclaredLayout::of(const AnyCompaction& strategy,
                                                             double memtable_bytes) {
    if (strategy.may_drop) return "it drops data that is alive";
    DeclaredLayout layout;
    layout.memtable_bytes_ = memtable_bytes;
    bool unlimited = false;
    for (int deepest = 1; deepest <= kDeepest; ++deepest) {
        const TreeShape shape = shape_of_depth(memtable_bytes, deepest);
        std::vector<LevelLayout> levels;
        for (int level = 1; level <= deepest; ++level) {
            const uint64_t runs = strategy.runs_allowed(shape, level);
            const auto capacity = static_cast<double>(strategy.capacity(shape, level));
            unlimited = runs > kMostRuns;
            if (unlimited) break;
            if (runs == 0) return "it leaves levels out";
            if (!(capacity > 0)) return "it sets no capacity for its levels";
            levels.push_back({capacity, static_cast<double>(runs)});
        }
        if (unlimited) break;
        const bool last = levels.back().capacity >= kMostBytes;
        layout.by_depth_.push_back(std::move(levels));
        if (last) break;
    }
    // Where runs by level grow as LSM-bush's do, trees deeper than these hold more than anyone has.
    if (unlimited && layout.by_depth_.size() < 4) return "it sets no number of runs";
    if (layout.by_depth_.size() < 4) return "its levels have no bound";
    layout.rule_ = find_rule(strategy, layout);
    return layout;
}

const std::vector<LevelLayout>& DeclaredLayout::levels(int deepest) const {
    const int depth = std::clamp(deepest, 1, static_cast<int>(by_depth_.size()));
    return by_depth_[static_cast<size_t>(depth - 1)];
}

std::vector<double> DeclaredLayout::arrivals(int deepest) const {
    std::vector<double> counts;
    double arrival = memtable_bytes_;
    for (const LevelLayout& level : levels(deepest)) {
        counts.push_back(std::max(1.0, std::floor(level.capacity / arrival)));
        arrival *= counts.back() + 1;
    }
    return counts;
}

double DeclaredLayout::arrival_bytes(int level) const {
    const std::vector<double> counts = arrivals(level);
    double arrival = memtable_bytes_;
    for (size_t i = 0; i + 1 < static_cast<size_t>(level) && i < counts.size(); ++i) {
        arrival *= counts[i] + 1;
    }
    return arrival;
}

int DeclaredLayout::levels_for(double bytes) const {
    const int most = static_cast<int>(by_depth_.size());
    for (int deepest = 1; deepest < most; ++deepest) {
        const std::vector<double> counts = arrivals(deepest);
        double arrival = memtable_bytes_;
        double held = 0;
        for (const double count : counts) {
            held += count * arrival;
            arrival *= count + 1;
        }
        if (held >= bytes) return deepest;
    }
    return most;
}

TreeShape shape_of(const RunsByLevel& tree, double entry_bytes, double memtable_bytes) {
    TreeShape shape = empty_shape(memtable_bytes, tree.size());
    RunId id = 1;
    for (const auto& level : tree) id += level.size();
    for (size_t i = 0; i < tree.size(); ++i) {
        for (const double entries : tree[i]) {
            shape.levels[i].runs.push_back(run_of(entries * entry_bytes, 1, --id, entry_bytes));
        }
    }
    return shape;
}

std::vector<LevelFilter> filters_of(const RunsByLevel& tree, const DeclaredLayout& layout,
                                    double entry_bytes, const AnyBloomSizing& sizing,
                                    const AnyFilter& filter) {
    std::vector<LevelFilter> filters(tree.size());
    std::vector<LevelLimits> limits;
    for (const LevelLayout& level : layout.levels(static_cast<int>(tree.size()))) {
        limits.push_back({whole(level.runs), whole(level.capacity / entry_bytes)});
    }
    for (size_t i = 0; i < tree.size(); ++i) {
        if (tree[i].empty()) continue;
        RunsByLevel without = tree;
        without[i].erase(without[i].begin());
        const TreeShape after = shape_of(without, entry_bytes, layout.memtable_bytes());
        const BloomQuestion question{after,
                                     static_cast<int>(i) + 1,
                                     whole(tree[i].front()),
                                     0,
                                     [&](double bits) { return filter.false_positive_rate(bits); },
                                     limits};
        const double bits = std::max(0.0, sizing.bits_per_key(question));
        filters[i] = {bits, bits > 0 ? filter.false_positive_rate(bits) : 1};
    }
    return filters;
}

}  // namespace lsm::model
