// Cassandra's time-window compaction (TWCS), for time series: runs are grouped into windows by
// their newest write. The window that is being written merges by size, as size-tiered compaction
// does; a window that is over becomes one run and is left alone from then on. Where entries were
// written with a time to live, tables of which every entry has expired are dropped without being
// read: the reason the strategy exists.
//
// Source: Apache Cassandra, TimeWindowCompactionStrategy (CASSANDRA-9666). Where ours departs from
// it:
// - Windows are counted in ticks (writes in deterministic mode, milliseconds else), not by the
//   calendar, and from 0. Cassandra's default is a day.
// - A run here is several tables, which go one by one, as their entries have expired.
// - As there, an expired table stays while a table that has not expired may hold older versions of
//   its keys: they would come back. There is no unsafe_aggressive_sstable_expiration.
// - Deletes have no gc_grace_seconds: a tombstone counts as expired at once.
// - A window that is over merges in one go up to max_threshold runs, the newest of it first.
// - Runs lie on level 1, except where runs of a window that are not neighbours in age have merged.
// - Nothing happens by time alone: expired tables go after the next flush.
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

#include "framework/policy/choice_check.hpp"
#include "framework/policy/compaction/size_tiers.hpp"

namespace lsm::compaction {

class CassandraTwcs {
  public:
    struct Options : SizeTierOptions {
        uint64_t window = 100'000;

        static OptionTable<Options> table() {
            OptionTable<Options> table = rows<Options>();
            table.push_back(option<Options>("window", &Options::window, {1, 0x1p53}, "ticks",
                                            "length of a window of time"));
            return table;
        }
    };
    static constexpr std::string_view about =
        "one run per window of time; what has expired is dropped unread (Cassandra's time-window "
        "compaction)";
    static constexpr Mapping mapping{"run_count in the window; age of a window; expiry",
                                     "runs by window of time", "runs of a window", "-"};

    explicit CassandraTwcs(const Options& options) : options_(options) {}

    Choice choose(const TreeShape& shape) const {
        const std::vector<ListedRun> runs = listed_runs(shape);
        Choice choice = drop_expired(shape, runs);
        if (choice.action != Choice::Action::nothing || runs.empty()) return choice;

        std::map<uint64_t, std::vector<ListedRun>, std::greater<>> windows;  // newest first
        for (const ListedRun& one : runs) windows[window_of(one)].push_back(one);
        for (const auto& [window, inside] : windows) {
            choice = window == windows.begin()->first ? merge_current(shape, inside, window)
                                                      : merge_past(shape, inside, window);
            if (choice.action != Choice::Action::nothing) return choice;
        }
        return Choice::nothing();
    }

    // Level 1 holds a run for each window, and some more for the current one.
    uint64_t runs_allowed(const TreeShape&, int) const {
        return std::numeric_limits<uint64_t>::max();
    }

  private:
    static uint64_t newest_write(const ListedRun& one) {
        uint64_t tick = 0;
        for (const TableShape& table : one.run->tables) {
            tick = std::max(tick, table.newest_write_tick);
        }
        return tick;
    }

    uint64_t window_of(const ListedRun& one) const { return newest_write(one) / options_.window; }

    Choice merge_current(const TreeShape& shape, const std::vector<ListedRun>& runs,
                         uint64_t window) const {
        return merge_full_tier(shape, runs, options_,
                               " of the current window " + std::to_string(window), 1);
    }

    Choice merge_past(const TreeShape& shape, std::vector<ListedRun> runs, uint64_t window) const {
        const size_t count = runs.size();
        if (count < 2 || any_busy(runs)) return Choice::nothing();
        if (count > options_.max_threshold) runs.resize(options_.max_threshold);
        Choice choice = merge_runs(shape, runs, 1);
        choice.score = static_cast<double>(count);
        choice.reason = "window " + std::to_string(window) + " is over and has " +
                        std::to_string(count) + " runs: merge " +
                        (runs.size() == count ? "them" : std::to_string(runs.size())) + " into one";
        return choice;
    }

    /// The oldest run's tables that have expired.
    Choice drop_expired(const TreeShape& shape, const std::vector<ListedRun>& runs) const {
        for (auto one = runs.rbegin(); one != runs.rend(); ++one) {
            Choice choice;
            uint64_t bytes = 0;
            for (const TableShape& table : one->run->tables) {
                const bool expired = table.expires_tick > 0 && table.expires_tick <= shape.tick;
                if (!expired || table.busy || !may_drop_expired(shape, {table.id})) continue;
                choice.inputs.push_back(table.id);
                bytes += table.logical_bytes;
            }
            if (choice.inputs.empty()) continue;
            choice.action = Choice::Action::drop;
            choice.output_level = one->level;
            choice.score = 1;
            choice.reason = "every entry of " + std::to_string(choice.inputs.size()) +
                            (choice.inputs.size() == 1 ? " table" : " tables") + " of window " +
                            std::to_string(window_of(*one)) + " has expired: drop unread, " +
                            format_size(bytes);
            return choice;
        }
        return Choice::nothing();
    }

    Options options_;
};

}  // namespace lsm::compaction
