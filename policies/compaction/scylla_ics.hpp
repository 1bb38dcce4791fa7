// ScyllaDB's incremental compaction (ICS): size-tiered compaction over runs of fragments, where a
// run is a sequence of small tables. In ScyllaDB a merge deletes an input fragment as soon as its
// keys are safe in a finished output fragment, so that the space a merge needs for a while is a few
// fragments instead of the size of its inputs. Optionally a space amplification goal: the largest
// tier is merged with the next one when that has grown to too large a share of it, at the price of
// writes.
//
// Source: ScyllaDB, "Maximizing Disk Utilization with Incremental Compaction" (2020) and
// "Incremental Compaction 2.0" (2021); defaults of its manual: fragments of 1 GB, goal off, between
// 1 and 2 when set. Where ours departs from it:
// - Runs of fragments are what every run here is (format.table_size is the fragment's size). But a
//   merge here gives its inputs back when it ends, all at once, because its edit is atomic: peak
//   space is that of cassandra_stcs. What remains visible is the goal and the fragments as tables.
// - The goal is checked before the tiers are, on the two largest tiers of the tree.
// - The merge for the goal takes all runs of both tiers, without regard to max_threshold.
#pragma once

#include <limits>

#include "framework/base/number.hpp"
#include "framework/policy/compaction/size_tiers.hpp"

namespace lsm::compaction {

class ScyllaIcs {
  public:
    struct Options : SizeTierOptions {
        double space_amplification_goal = 0;

        static OptionTable<Options> table() {
            OptionTable<Options> table = rows<Options>();
            table.push_back(option<Options>(
                "space_amplification_goal", &Options::space_amplification_goal, {0, 2}, "",
                "merge the two largest tiers when together they are more than this multiple of the "
                "largest; above 1; 0: off"));
            return table;
        }
        std::vector<OptionProblem> problems() const {
            std::vector<OptionProblem> all = SizeTierOptions::problems();
            if (space_amplification_goal > 0 && space_amplification_goal <= 1) {
                all.push_back({"space_amplification_goal",
                               "it must be above 1, or 0 for none: no tree is smaller than its "
                               "data"});
            }
            return all;
        }
    };
    static constexpr std::string_view about =
        "size-tiered over runs of fragments, with a goal for space (ScyllaDB's incremental "
        "compaction)";
    static constexpr Mapping mapping{"run_count of one size, space_amplification", "runs by size",
                                     "runs of similar size, table by table", "-"};

    explicit ScyllaIcs(const Options& options) : options_(options) {}

    Choice choose(const TreeShape& shape) const {
        const std::vector<ListedRun> runs = listed_runs(shape);
        Choice choice = merge_for_space(shape, runs);
        if (choice.action != Choice::Action::nothing) return choice;
        return merge_full_tier(shape, runs, options_);
    }

    uint64_t runs_allowed(const TreeShape&, int) const {
        return std::numeric_limits<uint64_t>::max();
    }

  private:
    Choice merge_for_space(const TreeShape& shape, const std::vector<ListedRun>& runs) const {
        if (options_.space_amplification_goal == 0 || any_busy(runs)) return Choice::nothing();
        const std::vector<SizeTier> tiers = size_tiers(shape, runs, options_);
        if (tiers.size() < 2) return Choice::nothing();
        const SizeTier& largest = tiers[tiers.size() - 1];
        const SizeTier& second = tiers[tiers.size() - 2];
        const double amplification =
            1 + static_cast<double>(second.bytes) / static_cast<double>(largest.bytes);
        if (amplification <= options_.space_amplification_goal) return Choice::nothing();

        std::vector<ListedRun> inputs;  // both tiers, in the order of the list
        for (const ListedRun& one : runs) {
            const auto in = [&](const SizeTier& tier) {
                return std::any_of(tier.runs.begin(), tier.runs.end(),
                                   [&](const ListedRun& other) { return other.run == one.run; });
            };
            if (in(largest) || in(second)) inputs.push_back(one);
        }
        Choice choice = merge_runs(shape, inputs,
                                   level_for_size(total_bytes(inputs), shape.memtable_bytes,
                                                  static_cast<double>(options_.min_threshold)));
        choice.score = amplification / options_.space_amplification_goal;
        choice.reason = "the two largest tiers hold " + format_size(largest.bytes) + " and " +
                        format_size(second.bytes) + ", " + format_number(amplification) +
                        " times the largest, above the goal of " +
                        format_number(options_.space_amplification_goal) + ": merge both";
        return choice;
    }

    Options options_;
};

}  // namespace lsm::compaction
