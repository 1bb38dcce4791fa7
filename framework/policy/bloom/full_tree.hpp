// What sizings that spend a budget reckon with: the runs of the tree with every level but the
// deepest as full as its layout lets it be, and the best way to spend bits on given runs.
//
// A run keeps the filter it was written with while the tree above it fills and empties again.
// Reckoned with the tree as it will be when full, every run of a level gets what its level gets
// whenever it is written, and the tree takes less than the budget while they are less full
// (adr/0012). Where a layout sets no limits, the runs are those that there are.
//
// Minimise sum w_r p_r subject to sum n_r ln(1/p_r) = M ln^2 2 and p_r <= 1, with n_r entries in
// run r, w_r the share of lookups that ask it, and M bits in all (Dayan, Athanassoulis and Idreos,
// "Monkey", SIGMOD 2017, section 4, where all w_r are 1). Then p_r = min(1, c n_r / w_r):
//
//     S = all runs
//     repeat: ln c = -(M ln^2 2 + sum over S of n ln (n/w)) / sum over S of n
//             stop if c max(n/w over S) <= 1, else drop that run from S: it gets no filter
//     bits per key of r = -ln(c n_r / w_r) / ln^2 2
//
// Pure; usable from any thread. O(runs log runs).
#pragma once

#include <algorithm>
#include <vector>

#include "framework/base/math.hpp"
#include "framework/policy/bloom.hpp"

namespace lsm {

struct WeighedRun {
    int level = 1;
    uint64_t entries = 0;
    double weight = 1;  // how often lookups ask its filter, against the other runs; above 0

    double size_by_weight() const { return static_cast<double>(entries) / weight; }
};

struct FullTree {
    std::vector<WeighedRun> runs;  // all, smaller levels first
    WeighedRun asked;              // what the run that is being written counts as; one of them
};

namespace detail {

/// Replaces the level's runs by those it has when it is full: as many as its layout allows, all of
/// one size, holding what the layout lets it hold, or what it does hold where that is more.
inline void fill_up(std::vector<uint64_t>& runs, LevelLimits limits) {
    constexpr uint64_t kMostRuns = 1000;  // with more the level counts as unlimited
    const uint64_t count = std::max<uint64_t>(limits.runs, runs.size());
    if (limits.entries == 0 || limits.runs == 0 || count > kMostRuns) return;
    uint64_t entries = 0;
    for (const uint64_t run : runs) entries += run;
    runs.assign(count, std::max(std::max(entries, limits.entries) / count, uint64_t{1}));
}

/// Entries of each run of the level but the one that is being written.
inline std::vector<uint64_t> other_runs(const BloomQuestion& question, int level) {
    std::vector<uint64_t> runs;
    bool joined_seen = question.joined_entries == 0 || level != question.level;
    for (const RunShape& run : question.after.level(level).runs) {
        const uint64_t entries = run.entries();
        if (entries == 0) continue;
        if (!joined_seen && entries == question.joined_entries) {
            joined_seen = true;
            continue;
        }
        runs.push_back(entries);
    }
    return runs;
}

}  // namespace detail

/// Bits per key that are left for the run that is being written, when the tree as it is may take
/// `average` for each of its entries and the other runs have what they have.
inline double bits_left(const BloomQuestion& question, double average) {
    const auto written = static_cast<double>(question.run_entries - question.joined_entries);
    double keys = written;
    double spent = 0;
    for (const LevelShape& level : question.after.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                keys += static_cast<double>(table.entries);
                spent += static_cast<double>(table.filter_bits);
            }
        }
    }
    return std::max(0.0, (average * keys - spent) / std::max(1.0, written));
}

/// The question must be about a run with entries.
inline FullTree full_tree(const BloomQuestion& question) {
    FullTree tree;
    const int deepest = std::max(question.level, question.after.last_level());
    for (int level = 1; level <= deepest; ++level) {
        std::vector<uint64_t> there = detail::other_runs(question, level);
        if (level == question.level) there.push_back(question.run_entries);
        const auto index = static_cast<size_t>(level - 1);
        if (level < deepest && index < question.limits.size()) {
            detail::fill_up(there, question.limits[index]);
        }
        for (const uint64_t entries : there) tree.runs.push_back({level, entries, 1});
        if (level == question.level) tree.asked = tree.runs.back();
    }
    return tree;
}

/// What a run like `asked`, one of `runs`, gets of `average` bits per key over all of them.
inline double best_bits_per_key(std::vector<WeighedRun> runs, const WeighedRun& asked,
                                double average) {
    constexpr double kLn2Squared = 0.4804530139182014;
    std::stable_sort(runs.begin(), runs.end(), [](const WeighedRun& left, const WeighedRun& right) {
        return left.size_by_weight() < right.size_by_weight();
    });
    double keys = 0;           // sum of n over S, all runs at first
    double keys_log_keys = 0;  // sum of n ln (n/w) over S
    for (const WeighedRun& run : runs) {
        keys += static_cast<double>(run.entries);
        keys_log_keys += static_cast<double>(run.entries) * exact_log(run.size_by_weight());
    }
    const double memory = average * keys * kLn2Squared;
    while (!runs.empty()) {
        const WeighedRun largest = runs.back();
        const double log_c = -(memory + keys_log_keys) / keys;
        if (log_c + exact_log(largest.size_by_weight()) <= 0) {
            return std::max(0.0, -(log_c + exact_log(asked.size_by_weight())) / kLn2Squared);
        }
        keys -= static_cast<double>(largest.entries);
        keys_log_keys -= static_cast<double>(largest.entries) * exact_log(largest.size_by_weight());
        runs.pop_back();
    }
    return 0;
}

}  // namespace lsm
