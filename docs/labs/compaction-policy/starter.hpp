// The lab's starter: a compaction policy that is correct, and wasteful. Whenever there is more than
// one run, it merges everything there is into one. Copy it to my-policies/compaction/starter.hpp
// and make it better there.
#pragma once

#include "framework/policy/compaction.hpp"
#include "framework/policy/options.hpp"

namespace lsm::compaction {

class Starter {
  public:
    struct Options {
        uint64_t size_ratio = 4;  // not used yet: step 2 does
        static OptionTable<Options> table() {
            return {option("size_ratio", &Options::size_ratio, {2, 100}, "",
                           "how many times larger each level is than the one before")};
        }
    };
    static constexpr std::string_view about = "the compaction lab's policy";

    explicit Starter(const Options& options) : options_(options) {}

    Choice choose(const TreeShape& shape) const {
        const LevelShape& level = shape.level(1);
        if (level.runs.size() < 2 || level.busy()) return Choice::nothing();
        return merge_level(shape, 1, 1);
    }

    /// At rest this policy has one run, on level 1.
    uint64_t runs_allowed(const TreeShape&, int) const { return 1; }

  private:
    /// All runs of a level, merged into a new run on another level (or on the same one).
    static Choice merge_level(const TreeShape& shape, int from, int to) {
        const LevelShape& level = shape.level(from);
        Choice choice;
        choice.action = Choice::Action::merge;
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) choice.inputs.push_back(table.id);
        }
        choice.output_level = to;
        choice.score = 1;
        choice.reason = "level " + std::to_string(from) + " holds " +
                        std::to_string(level.runs.size()) + " runs: merge them into level " +
                        std::to_string(to);
        return choice;
    }

    Options options_;
};

}  // namespace lsm::compaction
