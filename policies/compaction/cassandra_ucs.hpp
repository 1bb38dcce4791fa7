// Cassandra's unified compaction (UCS): one parameter w per level spans leveled and tiered
// compaction. A run's level follows from its size alone, and a level with t runs merges them into
// one:
//   w < 0: f = 2 - w, t = 2      leveled with size ratio f (L10 is w = -8)
//   w = 0: f = t = 2             the two are the same (N)
//   w > 0: f = t = 2 + w         tiered with size ratio f (T4 is w = 2)
//   level = floor(log_f(density / flush size)), from 0; the last w of the list holds for the rest
//
// Source: Apache Cassandra 5, UnifiedCompactionStrategy.md; default T4. Where ours departs from it:
// - Density is bytes per share of the key space. Runs cover all of it here, so it is bytes; and
//   shards, which cut outputs so that parts of the key space are compacted side by side, are left
//   out. Runs are counted whether their keys overlap or not.
// - The flush size is the memtable's, not the mean of the last flushes.
// - Of several due levels the smallest goes first, and all its runs; Cassandra prefers the level
//   with the most overlap and draws lots among equals.
// - A run is placed on our level n + 1 for its level n where the order of versions permits
//   (framework/policy/compaction/sorted_runs.hpp). Its level by size is what counts for choices: a
//   result that updates have shrunk below the next level stays with its old one, as there.
#pragma once

#include <cmath>
#include <limits>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/policy/compaction/sorted_runs.hpp"
#include "framework/policy/options.hpp"

namespace lsm::compaction {

class CassandraUcs {
  public:
    struct Options {
        std::vector<double> w = {2};

        static OptionTable<Options> table() {
            return {list_option("w", &Options::w, {-98, 98}, "",
                                "scaling parameter of each level, the last for all below: "
                                "negative leveled, positive tiered; whole numbers")};
        }
        std::vector<OptionProblem> problems() const {
            std::vector<OptionProblem> all;
            if (w.empty()) all.push_back({"w", "it needs at least one number"});
            for (const double one : w) {
                if (one == std::floor(one)) continue;
                all.push_back({"w", format_number(one) + " is no whole number"});
            }
            return all;
        }
    };
    static constexpr std::string_view about =
        "leveled to tiered by one number per level (Cassandra's unified compaction)";
    static constexpr Mapping mapping{"run_count by level", "leveling to tiering by w",
                                     "runs of a level", "-"};

    explicit CassandraUcs(const Options& options) {
        for (const double one : options.w) w_.push_back(static_cast<int64_t>(one));
    }

    Choice choose(const TreeShape& shape) const {
        std::vector<std::vector<ListedRun>> levels;
        for (const ListedRun& one : idle_runs(listed_runs(shape))) {
            const size_t level = level_of(shape, one.bytes());
            if (levels.size() <= level) levels.resize(level + 1);
            levels[level].push_back(one);
        }
        for (size_t level = 0; level < levels.size(); ++level) {
            const std::vector<ListedRun>& runs = levels[level];
            if (runs.size() < threshold(level)) continue;
            const size_t wanted = level_of(shape, total_bytes(runs));
            Choice choice = merge_runs(shape, runs, static_cast<int>(wanted) + 1);
            if (choice.action == Choice::Action::nothing) continue;
            choice.score = static_cast<double>(runs.size()) / static_cast<double>(threshold(level));
            choice.reason = "level " + std::to_string(level) + " by size has " +
                            std::to_string(runs.size()) + " runs and merges at " +
                            std::to_string(threshold(level)) +
                            " (w = " + std::to_string(scaling(level)) + "): merge them, " +
                            format_size(total_bytes(runs));
            return choice;
        }
        return Choice::nothing();
    }

    // By size a level holds threshold - 1 runs; but a run may lie deeper than its size.
    uint64_t runs_allowed(const TreeShape&, int) const {
        return std::numeric_limits<uint64_t>::max();
    }

  private:
    int64_t scaling(size_t level) const { return w_[std::min(level, w_.size() - 1)]; }

    uint64_t fanout(size_t level) const {
        const int64_t w = scaling(level);
        return static_cast<uint64_t>(w < 0 ? 2 - w : 2 + w);
    }

    uint64_t threshold(size_t level) const { return scaling(level) > 0 ? fanout(level) : 2; }

    /// From 0, by the fanouts of the levels above.
    size_t level_of(const TreeShape& shape, uint64_t bytes) const {
        constexpr size_t kDeepest = 60;
        size_t level = 0;
        auto limit = static_cast<double>(std::max<uint64_t>(shape.memtable_bytes, 1)) *
                     static_cast<double>(fanout(0));
        while (level < kDeepest && static_cast<double>(bytes) >= limit) {
            ++level;
            limit *= static_cast<double>(fanout(level));
        }
        return level;
    }

    std::vector<int64_t> w_;
};

}  // namespace lsm::compaction
