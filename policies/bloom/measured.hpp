// Monkey by what lookups really ask: an existing key is found before the deepest level, a skewed
// workload hardly leaves the small levels, and a filter that is seldom asked is worth few bits.
// With w_r the share of lookups that come to run r, the least number of false positives is at
//
//     p_r = min(1, c n_r / w_r)
//
// (the Lagrange condition of Monkey's sum with weights: n_r / p_r must be the same per w_r for all
// runs; Dayan, Athanassoulis and Idreos, SIGMOD 2017, section 4, is w_r = 1). w_r is the number of
// lookups that came to the run's level since the tree was opened, by its runs: all runs of a level
// count alike. Without lookups so far, and on levels that no lookup came to, each run counts as the
// one above it does: then it is Monkey. The counts grow with time, so a workload that changes is
// followed slowly.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "framework/policy/bloom.hpp"
#include "framework/policy/bloom/full_tree.hpp"
#include "framework/policy/options.hpp"

namespace lsm::bloom {

class Measured {
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
        "filter memory where lookups really go: Monkey with measured frequencies";
    static constexpr bool wants_probes = true;

    explicit Measured(const Options& options) : average_(options.bits_per_key) {}

    double bits_per_key(const BloomQuestion& question) const {
        if (question.run_entries == 0 || !(average_ > 0)) return average_;
        FullTree tree = full_tree(question);
        weigh(tree, question.after);
        return best_bits_per_key(tree.runs, tree.asked, average_);
    }

  private:
    static void weigh(FullTree& tree, const TreeShape& shape) {
        const int deepest = tree.runs.back().level;
        std::vector<double> runs(static_cast<size_t>(deepest) + 1);
        for (const WeighedRun& run : tree.runs) runs[static_cast<size_t>(run.level)] += 1;
        std::vector<double> lookups(runs.size());  // for one run, by level; 0: not known
        for (int level = 1; level <= deepest; ++level) {
            const auto index = static_cast<size_t>(level);
            const auto probes = static_cast<double>(shape.level(level).probes);
            const bool known = probes > 0 && runs[index] > 0;
            lookups[index] = known ? probes / runs[index] : lookups[index - 1];
        }
        const auto first =
            std::find_if(lookups.begin(), lookups.end(), [](double count) { return count > 0; });
        if (first == lookups.end()) return;
        std::fill(lookups.begin(), first, *first);
        for (WeighedRun& run : tree.runs) run.weight = lookups[static_cast<size_t>(run.level)];
        tree.asked.weight = lookups[static_cast<size_t>(tree.asked.level)];
    }

    double average_;
};

}  // namespace lsm::bloom
