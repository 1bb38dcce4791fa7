// First in, first out: runs stay on level 1 as they were flushed and are never merged; the oldest
// is dropped with all it holds when its newest write is older than the TTL, or when all together
// exceed the limit. For caches and recent history: no write amplification beyond the flush, and
// data that is lost by design.
//
// Source: RocksDB's FIFO compaction (max_table_files_size, default 1 GB, and ttl; expiry comes
// first, as there). Where ours departs from it: TTL is in ticks (writes in deterministic mode,
// milliseconds else) and is looked at after flushes, not by a timer; runs go one by one; merging
// small runs (allow_compaction) is left out.
#pragma once

#include <algorithm>
#include <limits>

#include "framework/base/size.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/options.hpp"

namespace lsm::compaction {

class Fifo {
  public:
    struct Options {
        uint64_t limit = 64 << 20;
        uint64_t ttl = 0;
        static OptionTable<Options> table() {
            return {size_option("limit", &Options::limit, {1, 0x1p50},
                                "logical bytes that are kept; beyond, the oldest run is dropped"),
                    option("ttl", &Options::ttl, {0, 0x1p53}, "ticks",
                           "the oldest run is dropped when its newest write is older; 0: never")};
        }
    };
    static constexpr std::string_view about =
        "never merges; drops the oldest run when it expires or the tree exceeds a limit (data is "
        "lost)";
    static constexpr Mapping mapping{"age, size of the tree", "one level of runs as flushed", "run",
                                     "oldest; dropped"};

    static constexpr bool may_drop = true;

    explicit Fifo(const Options& options) : limit_(options.limit), ttl_(options.ttl) {}

    Choice choose(const TreeShape& shape) const {
        const int last = shape.last_level();
        if (last == 0) return Choice::nothing();
        const RunShape& oldest = shape.level(last).runs.back();
        const uint64_t bytes = shape.logical_bytes();
        const uint64_t age = age_of(shape, oldest);
        const bool expired = ttl_ > 0 && age > ttl_;
        if (oldest.busy() || (!expired && bytes <= limit_)) return Choice::nothing();
        Choice choice;
        choice.action = Choice::Action::drop;
        for (const TableShape& table : oldest.tables) choice.inputs.push_back(table.id);
        choice.output_level = last;
        choice.score = expired ? static_cast<double>(age) / static_cast<double>(ttl_)
                               : static_cast<double>(bytes) / static_cast<double>(limit_);
        choice.reason = (expired ? "the newest write of the oldest run is " + std::to_string(age) +
                                       " ticks old, above the TTL of " + std::to_string(ttl_)
                                 : "the tree holds " + format_size(bytes) + " of at most " +
                                       format_size(limit_)) +
                        ": drop the oldest run, " + format_size(oldest.logical_bytes());
        return choice;
    }

    uint64_t runs_allowed(const TreeShape&, int) const {
        return std::numeric_limits<uint64_t>::max();
    }
    uint64_t capacity(const TreeShape&, int) const { return limit_; }

  private:
    /// Ticks since the run's newest write.
    static uint64_t age_of(const TreeShape& shape, const RunShape& run) {
        uint64_t newest = 0;
        for (const TableShape& table : run.tables) {
            newest = std::max(newest, table.newest_write_tick);
        }
        return shape.tick > newest ? shape.tick - newest : 0;
    }

    uint64_t limit_;
    uint64_t ttl_;
};

}  // namespace lsm::compaction
