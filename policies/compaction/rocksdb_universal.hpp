// RocksDB's universal compaction: neighbours in age merge, newest first, when an old run is no
// larger than what has collected in front of it. Writes less than leveled compaction, and bounds
// space by merging everything when old data has become too small a share.
//
// Once there are `run_trigger` sorted runs, three conditions are tried in order:
// 1. size amplification: all runs but the oldest hold at least max_size_amplification % of the
//    oldest: merge all.
// 2. size ratio: from the newest run on, the next run is taken as long as it is at most
//    size_ratio % larger than all that are taken. At least min_merge_width make a merge, at most
//    max_merge_width; if a start gives too few, the next run is the start.
// 3. run count: more than run_trigger runs: as many of the newest as bring the count down to it,
//    whatever their size.
//
// Source: RocksDB, db/compaction/compaction_picker_universal.cc and its wiki, defaults of 6.22.
// Where ours departs from it:
// - All runs are on level 1. RocksDB keeps the older ones as levels of one run each and places a
//   result on the deepest level that is free: bookkeeping, which moves no byte.
// - Sizes are logical bytes; RocksDB adds a compensation for tombstones.
// - stop_style is total; periodic and delete-triggered compactions and partial ("incremental")
//   merges of the largest run are left out.
#pragma once

#include <algorithm>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/options.hpp"

namespace lsm::compaction {

class RocksdbUniversal {
  public:
    struct Options {
        uint64_t run_trigger = 4;
        uint64_t size_ratio = 1;
        uint64_t min_merge_width = 2;
        uint64_t max_merge_width = 1'000'000;
        uint64_t max_size_amplification = 200;

        static OptionTable<Options> table() {
            return {
                option("run_trigger", &Options::run_trigger, {1, 1000}, "runs",
                       "sorted runs from which on merges are looked for"),
                option("size_ratio", &Options::size_ratio, {0, 10000}, "%",
                       "how much larger the next run may be than those taken so far together"),
                option("min_merge_width", &Options::min_merge_width, {2, 1'000'000}, "runs",
                       "runs that a merge by size ratio takes at least"),
                option("max_merge_width", &Options::max_merge_width, {2, 1'000'000}, "runs",
                       "runs that a merge by size ratio or count takes at most"),
                option("max_size_amplification", &Options::max_size_amplification, {1, 1'000'000},
                       "%", "bytes in front of the oldest run, of its own, that merge everything")};
        }
        std::vector<OptionProblem> problems() const {
            if (min_merge_width <= max_merge_width) return {};
            return {{"min_merge_width",
                     "it is " + std::to_string(min_merge_width) + ", above max_merge_width " +
                         std::to_string(max_merge_width) + ": no merge could be both"}};
        }
    };
    static constexpr std::string_view about =
        "merges neighbours in age by size ratio, all when space demands (RocksDB's universal "
        "compaction)";
    static constexpr Mapping mapping{"run_count, space_amplification", "one level, runs by age",
                                     "neighbouring runs of similar size, or all", "-"};

    explicit RocksdbUniversal(const Options& options) : options_(options) {}

    Choice choose(const TreeShape& shape) const {
        const auto& runs = shape.level(1).runs;
        if (runs.size() < options_.run_trigger) return Choice::nothing();
        Choice choice = for_size_amplification(runs);
        if (choice.action == Choice::Action::nothing) choice = by_size_ratio(runs);
        if (choice.action == Choice::Action::nothing) choice = by_run_count(runs);
        return choice;
    }

    uint64_t runs_allowed(const TreeShape&, int) const { return options_.run_trigger; }

  private:
    using Runs = std::vector<RunShape>;

    Choice for_size_amplification(const Runs& runs) const {
        if (runs.size() < 2 ||
            std::any_of(runs.begin(), runs.end(), [](const RunShape& run) { return run.busy(); })) {
            return Choice::nothing();
        }
        uint64_t newer = 0;
        for (size_t i = 0; i + 1 < runs.size(); ++i) newer += runs[i].logical_bytes();
        const uint64_t oldest = runs.back().logical_bytes();
        const double percent =
            100 * static_cast<double>(newer) / static_cast<double>(std::max<uint64_t>(oldest, 1));
        const auto most = static_cast<double>(options_.max_size_amplification);
        if (percent < most) return Choice::nothing();
        Choice choice = merge(runs, 0, runs.size());
        choice.score = percent / most;
        choice.reason = "size amplification: " + format_size(newer) +
                        " in front of the oldest run's " + format_size(oldest) + ", " +
                        percent_text(newer, oldest) + " of at most " +
                        std::to_string(options_.max_size_amplification) + " %: merge all " +
                        std::to_string(runs.size());
        return choice;
    }

    Choice by_size_ratio(const Runs& runs) const {
        const auto [first, end] = pick(runs, options_.size_ratio, false, options_.max_merge_width);
        if (end - first < options_.min_merge_width) return Choice::nothing();
        Choice choice = merge(runs, first, end);
        choice.score =
            static_cast<double>(end - first) / static_cast<double>(options_.min_merge_width);
        choice.reason = "size ratio: " + std::to_string(end - first) + " runs from run " +
                        std::to_string(first + 1) +
                        " on, each no more than all before it together and " +
                        std::to_string(options_.size_ratio) + " %: merge them";
        return choice;
    }

    Choice by_run_count(const Runs& runs) const {
        if (runs.size() <= options_.run_trigger) return Choice::nothing();
        const uint64_t surplus = runs.size() - options_.run_trigger + 1;
        const auto [first, end] =
            pick(runs, 0, true, std::min<uint64_t>(surplus, options_.max_merge_width));
        if (end - first < 2) return Choice::nothing();
        Choice choice = merge(runs, first, end);
        choice.score =
            static_cast<double>(runs.size()) / static_cast<double>(options_.run_trigger + 1);
        choice.reason = "run count: " + std::to_string(runs.size()) + " runs of at most " +
                        std::to_string(options_.run_trigger) + ": merge " +
                        std::to_string(end - first) + " from run " + std::to_string(first + 1) +
                        " on";
        return choice;
    }

    /// The first idle neighbours that make a merge: [first, end), empty when none do.
    std::pair<size_t, size_t> pick(const Runs& runs, uint64_t size_ratio, bool any_size,
                                   uint64_t most) const {
        const uint64_t least = std::min(options_.min_merge_width, most);
        for (size_t first = 0; first < runs.size(); ++first) {
            if (runs[first].busy()) continue;
            auto taken = static_cast<double>(runs[first].logical_bytes());
            size_t end = first + 1;
            for (; end < runs.size() && end - first < most && !runs[end].busy(); ++end) {
                const auto next = static_cast<double>(runs[end].logical_bytes());
                const double limit = taken * (100 + static_cast<double>(size_ratio)) / 100;
                if (!any_size && limit < next) break;
                taken += next;
            }
            if (end - first >= least) return {first, end};
        }
        return {0, 0};
    }

    /// Into the place of the newest of them.
    static Choice merge(const Runs& runs, size_t first, size_t end) {
        Choice choice;
        choice.action = Choice::Action::merge;
        for (size_t i = first; i < end; ++i) {
            for (const TableShape& table : runs[i].tables) choice.inputs.push_back(table.id);
        }
        choice.output_level = 1;
        return choice;
    }

    static std::string percent_text(uint64_t part, uint64_t whole) {
        return std::to_string(100 * part / std::max<uint64_t>(whole, 1)) + " %";
    }

    Options options_;
};

}  // namespace lsm::compaction
