// Monkey (Dayan, Athanassoulis and Idreos, SIGMOD 2017): spend the filter memory where it saves
// most.
//
// An empty lookup costs the sum of the runs' false positive rates. A bit per key of a small run is
// cheap and lowers that sum as much as one of a large run does, so small runs get more. Instead of
// the paper's closed form, which wants levels that grow by a constant factor, this is the optimum
// for whatever runs there are, with every level but the deepest as full as it may be
// (framework/policy/bloom/full_tree.hpp): every rate is proportional to its run's size. Where
// levels hold more than was reckoned with (entries that shrank, a tiered level 1 larger than the
// level below), a run gets no more than what the others have left of the budget, or what uniform
// gives. Where a strategy sets no capacities (universal, size-tiered) the runs are those that there
// are when one is written, and what comes later can make it dearer than uniform.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/policy/bloom.hpp"
#include "framework/policy/bloom/full_tree.hpp"
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
        if (question.run_entries == 0 || !(average_ > 0)) return average_;
        const FullTree tree = full_tree(question);
        return std::min(lsm::best_bits_per_key(tree.runs, tree.asked, average_),
                        std::max(bits_left(question, average_), average_));
    }

    /// What a run of `entries`, one of `runs` (entries each), gets of `average` bits per key over
    /// all.
    static double best_bits_per_key(const std::vector<uint64_t>& runs, uint64_t entries,
                                    double average) {
        std::vector<WeighedRun> weighed;
        for (const uint64_t run : runs) weighed.push_back({1, run, 1});
        return lsm::best_bits_per_key(std::move(weighed), {1, entries, 1}, average);
    }

  private:
    double average_;
};

}  // namespace lsm::bloom
