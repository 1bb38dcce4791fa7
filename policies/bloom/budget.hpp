// A fixed number of filter bits in all, whatever the tree's size, spent where it saves most: Monkey
// (Dayan, Athanassoulis and Idreos, SIGMOD 2017) as it is meant for a machine with so much memory.
// As the tree grows each key gets fewer bits: runs are given what they would get from Monkey with
// `memory` over the entries of the tree with full levels. A run that was written while the tree was
// small keeps its larger filter until it is merged, so a tree that grows holds more than the budget
// for a time, and one whose runs are never merged for good: giving younger runs less instead was
// tried, and made lookups dearer than it saved. docs/guide/reading-the-curves.md has figures.
#pragma once

#include <string_view>

#include "framework/policy/bloom.hpp"
#include "framework/policy/bloom/full_tree.hpp"
#include "framework/policy/options.hpp"

namespace lsm::bloom {

class Budget {
  public:
    struct Options {
        uint64_t memory = 1 << 20;
        static OptionTable<Options> table() {
            return {size_option("memory", &Options::memory, {0, 0x1p50},
                                "filter memory of the whole tree at rest, however large it is")};
        }
    };
    static constexpr std::string_view about =
        "a fixed amount of filter memory, spent where it saves most";

    explicit Budget(const Options& options) : bits_(8 * static_cast<double>(options.memory)) {}

    double bits_per_key(const BloomQuestion& question) const {
        if (question.run_entries == 0 || !(bits_ > 0)) return 0;
        const FullTree tree = full_tree(question);
        double keys = 0;
        for (const WeighedRun& run : tree.runs) keys += static_cast<double>(run.entries);
        return best_bits_per_key(tree.runs, tree.asked, bits_ / keys);
    }

  private:
    double bits_;
};

}  // namespace lsm::bloom
