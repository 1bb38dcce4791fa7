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
// M = bits_per_key times the entries of all runs, so equal runs get what uniform gives them, and at
// equal memory the sum of the rates is never above uniform's. The run that is being written counts
// with its whole size, the entries of the run that it joins included. Runs keep the filters they
// were written with: the optimum is the tree's as far as runs are rewritten while it grows.
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
                           "filter memory aimed at when a run is written, over the whole tree, for "
                           "each of its keys")};
        }
    };
    static constexpr std::string_view about =
        "filter memory where it saves most: small runs get more bits per key";

    explicit Monkey(const Options& options) : average_(options.bits_per_key) {}

    double bits_per_key(const BloomQuestion& question) const {
        const uint64_t entries = question.run_entries;
        if (entries == 0 || !(average_ > 0)) return average_;
        std::vector<uint64_t> runs = other_runs(question);
        runs.push_back(entries);
        return best_bits_per_key(std::move(runs), entries, average_);
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
    /// Entries of each run of the tree but the one that is being written.
    static std::vector<uint64_t> other_runs(const BloomQuestion& question) {
        std::vector<uint64_t> runs;
        bool joined_seen = question.joined_entries == 0;
        for (size_t i = 0; i < question.after.levels.size(); ++i) {
            const bool its_level = static_cast<int>(i) + 1 == question.level;
            for (const RunShape& run : question.after.levels[i].runs) {
                uint64_t entries = 0;
                for (const TableShape& table : run.tables) entries += table.entries;
                if (entries == 0) continue;
                if (its_level && !joined_seen && entries == question.joined_entries) {
                    joined_seen = true;
                    continue;
                }
                runs.push_back(entries);
            }
        }
        return runs;
    }

    double average_;
};

}  // namespace lsm::bloom
