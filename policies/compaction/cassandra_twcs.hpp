// Cassandra's time-window compaction (TWCS), for time series: runs are grouped into windows by
// their newest write. The window that is being written merges by size, as size-tiered compaction
// does; a window that is over becomes one run and is left alone from then on. With a TTL, a run
// whose newest write is older is dropped whole, without being read: the reason the strategy exists.
//
// Source: Apache Cassandra, TimeWindowCompactionStrategy (CASSANDRA-9666). Where ours departs from
// it:
// - Windows are counted in ticks (writes in deterministic mode, milliseconds else), not by the
//   calendar, and from 0. Cassandra's default is a day.
// - The strategy carries the TTL and drops runs itself, live data or not (may_drop). In Cassandra
//   entries expire, and a table is dropped when all of its entries have.
// - As there, an expired run stays while another run that is not expired may hold older versions of
//   its keys: they would come back.
// - A window that is over merges in one go up to max_threshold runs, the newest of it first.
// - Runs lie on level 1, except where runs of a window that are not neighbours in age have merged.
// - Nothing happens by time alone: expired runs go after the next flush.
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

#include "framework/policy/compaction/size_tiers.hpp"

namespace lsm::compaction {

class CassandraTwcs {
  public:
    struct Options : SizeTierOptions {
        uint64_t window = 100'000;
        uint64_t ttl = 0;

        static OptionTable<Options> table() {
            OptionTable<Options> table = rows<Options>();
            table.push_back(option<Options>("window", &Options::window, {1, 0x1p53}, "ticks",
                                            "length of a window of time"));
            table.push_back(option<Options>(
                "ttl", &Options::ttl, {0, 0x1p53}, "ticks",
                "a run whose newest write is older is dropped with all it holds; 0: none is"));
            return table;
        }
    };
    static constexpr std::string_view about =
        "one run per window of time, whole runs expire (Cassandra's time-window compaction)";
    static constexpr Mapping mapping{"run_count in the window; age of a window",
                                     "runs by window of time", "runs of a window", "-"};

    static constexpr bool may_drop = true;

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

    bool expired(const TreeShape& shape, const ListedRun& one) const {
        const uint64_t newest = newest_write(one);
        return options_.ttl > 0 && shape.tick > newest && shape.tick - newest > options_.ttl;
    }

    Choice drop_expired(const TreeShape& shape, const std::vector<ListedRun>& runs) const {
        for (auto one = runs.rbegin(); one != runs.rend(); ++one) {
            if (!expired(shape, *one) || one->run->busy()) continue;
            const bool shadows = std::any_of(runs.begin(), runs.end(), [&](const ListedRun& other) {
                return !expired(shape, other) &&
                       other.run->oldest_sequence() < one->run->newest_sequence() &&
                       !(other.run->largest() < one->run->smallest() ||
                         one->run->largest() < other.run->smallest());
            });
            if (shadows) continue;
            Choice choice;
            choice.action = Choice::Action::drop;
            for (const TableShape& table : one->run->tables) choice.inputs.push_back(table.id);
            choice.output_level = one->level;
            const uint64_t age = shape.tick - newest_write(*one);
            choice.score = static_cast<double>(age) / static_cast<double>(options_.ttl);
            choice.reason = "the newest write of a run of window " +
                            std::to_string(window_of(*one)) + " is " + std::to_string(age) +
                            " ticks old, above the TTL of " + std::to_string(options_.ttl) +
                            ": drop it, " + format_size(one->bytes());
            return choice;
        }
        return Choice::nothing();
    }

    Options options_;
};

}  // namespace lsm::compaction
