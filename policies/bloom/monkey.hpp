// Monkey (Dayan, Athanassoulis and Idreos, SIGMOD 2017): spend the filter memory where it saves
// most.
//
// An empty lookup costs the sum of the runs' false positive rates. A bit per key of a small run is
// cheap and lowers that sum as much as one of a large run does, so small runs get more. Instead of
// the paper's closed form, which wants levels that grow by a constant factor, this is the optimum
// for whatever runs there are. Minimise sum p_r subject to sum n_r ln(1/p_r) = M ln^2 2 and p_r <=
// 1, with n_r entries in run r and M bits in all: then every rate is proportional to its run's
// size,
//
//     p_r = min(1, c n_r)
//
//     S = all runs
//     repeat: ln c = -(M ln^2 2 + sum over S of n ln n) / sum over S of n
//             stop if c max(S) <= 1, else drop the largest run from S: it gets no filter
//     bits per key of r = -ln(c n_r) / ln^2 2
//
// A run keeps the filter it was written with while the tree above it fills and empties again. So,
// as in the paper, the runs are those of the tree with every level but the deepest as full as its
// layout lets it be, and M is bits_per_key times their entries: every run of a level then gets what
// its level gets whenever it is written, and because the levels with more bits are the ones that
// are less full than reckoned with, the tree as it is never takes more than bits_per_key for each
// of its entries. At equal memory the sum of the rates is never above uniform's. Where a layout
// sets no limits, the runs are those that there are.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "framework/base/math.hpp"
#include "framework/policy/bloom.hpp"
#include "framework/policy/options.hpp"

namespace lsm::bloom {

class Monkey {
  public:
    struct Options {
        double bits_per_key = 10;
        static OptionTable<Options> table() {
            return {option("bits_per_key", &Options::bits_per_key, {0, 100}, "bits",
                           "filter memory of the whole tree, for each of its keys, once its levels "
                           "are full")};
        }
    };
    static constexpr std::string_view about =
        "filter memory where it saves most: small runs get more bits per key";

    explicit Monkey(const Options& options) : average_(options.bits_per_key) {}

    double bits_per_key(const BloomQuestion& question) const {
        const uint64_t entries = question.run_entries;
        if (entries == 0 || !(average_ > 0)) return average_;
        std::vector<uint64_t> runs;
        uint64_t counts_as = entries;
        const int deepest = std::max(question.level, question.after.last_level());
        for (int level = 1; level <= deepest; ++level) {
            std::vector<uint64_t> there = other_runs(question, level);
            if (level == question.level) there.push_back(entries);
            if (level < deepest) fill_up(there, limits_of(question, level));
            if (level == question.level) counts_as = there.back();
            runs.insert(runs.end(), there.begin(), there.end());
        }
        return best_bits_per_key(std::move(runs), counts_as, average_);
    }

    /// What a run of `entries`, one of `runs` (entries each), gets of `average` bits per key over
    /// all.
    static double best_bits_per_key(std::vector<uint64_t> runs, uint64_t entries, double average) {
        constexpr double kLn2Squared = 0.4804530139182014;
        std::sort(runs.begin(), runs.end());
        double keys = 0;           // sum of n over S, all runs at first
        double keys_log_keys = 0;  // sum of n ln n over S
        for (const uint64_t run : runs) {
            const auto n = static_cast<double>(run);
            keys += n;
            keys_log_keys += n * exact_log(n);
        }
        const double memory = average * keys * kLn2Squared;
        while (!runs.empty()) {
            const auto largest = static_cast<double>(runs.back());
            const double log_c = -(memory + keys_log_keys) / keys;
            if (log_c + exact_log(largest) <= 0) {
                const double log_rate = log_c + exact_log(static_cast<double>(entries));
                return std::max(0.0, -log_rate / kLn2Squared);
            }
            keys -= largest;
            keys_log_keys -= largest * exact_log(largest);
            runs.pop_back();
        }
        return 0;
    }

  private:
    static constexpr uint64_t kMostRuns = 1000;  // of a level; with more it counts as unlimited

    static LevelLimits limits_of(const BloomQuestion& question, int level) {
        const auto index = static_cast<size_t>(level - 1);
        return index < question.limits.size() ? question.limits[index] : LevelLimits{};
    }

    /// Replaces the level's runs by those it has when it is full: as many as its layout allows, all
    /// of one size, holding what the layout lets it hold, or what it does hold where that is more.
    static void fill_up(std::vector<uint64_t>& runs, LevelLimits limits) {
        const uint64_t count = std::max<uint64_t>(limits.runs, runs.size());
        if (limits.entries == 0 || limits.runs == 0 || count > kMostRuns) return;
        uint64_t entries = 0;
        for (const uint64_t run : runs) entries += run;
        runs.assign(count, std::max(std::max(entries, limits.entries) / count, uint64_t{1}));
    }

    /// Entries of each run of the level but the one that is being written.
    static std::vector<uint64_t> other_runs(const BloomQuestion& question, int level) {
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

    double average_;
};

}  // namespace lsm::bloom
