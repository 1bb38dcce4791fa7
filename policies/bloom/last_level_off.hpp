// No filter on the deepest level, which holds most keys and so most of the filter memory, but where
// a lookup of a key that exists ends anyway; the levels above as in uniform or, with `upper:
// monkey`, as Monkey does with the same bits for each of their keys. For workloads that seldom look
// for what is not there. Source: RocksDB's optimize_filters_for_hits; Dayan and Idreos,
// "Dostoevsky", SIGMOD 2018, section 2 (filters off on the last level as memory runs short).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "framework/policy/bloom.hpp"
#include "framework/policy/bloom/full_tree.hpp"
#include "framework/policy/options.hpp"

namespace lsm::bloom {

class LastLevelOff {
  public:
    struct Options {
        double bits_per_key = 10;
        std::string upper = "uniform";
        static OptionTable<Options> table() {
            return {option("bits_per_key", &Options::bits_per_key, {0, 100}, "bits",
                           "filter memory for each key above the deepest level"),
                    choice_option("upper", &Options::upper, {"uniform", "monkey"},
                                  "how the levels above share it")};
        }
    };
    static constexpr std::string_view about = "no filter on the deepest level";

    explicit LastLevelOff(const Options& options)
        : average_(options.bits_per_key), monkey_(options.upper == "monkey") {}

    double bits_per_key(const BloomQuestion& question) const {
        const int deepest = std::max(question.level, question.after.last_level());
        if (question.level == deepest || !(average_ > 0)) return 0;
        if (!monkey_ || question.run_entries == 0) return average_;
        FullTree tree = full_tree(question);
        std::erase_if(tree.runs, [&](const WeighedRun& run) { return run.level == deepest; });
        return best_bits_per_key(tree.runs, tree.asked, average_);
    }

  private:
    double average_;
    bool monkey_;
};

}  // namespace lsm::bloom
