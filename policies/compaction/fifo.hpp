// First in, first out: runs stay on level 1 as they were flushed and are never merged; when all
// together exceed the limit the oldest is dropped with all it holds. For caches and recent history:
// no write amplification beyond the flush, and data that is lost by design. Source: RocksDB's FIFO
// compaction.
#pragma once

#include <limits>

#include "framework/base/size.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/options.hpp"

namespace lsm::compaction {

class Fifo {
  public:
    struct Options {
        uint64_t limit = 64 << 20;
        static OptionTable<Options> table() {
            return {size_option("limit", &Options::limit, {1, 0x1p50},
                                "logical bytes that are kept; beyond, the oldest run is dropped")};
        }
    };
    static constexpr std::string_view about =
        "never merges; drops the oldest run when the tree exceeds a limit (data is lost)";

    static constexpr bool may_drop = true;

    explicit Fifo(const Options& options) : limit_(options.limit) {}

    Choice choose(const TreeShape& shape) const {
        const uint64_t bytes = shape.logical_bytes();
        const int last = shape.last_level();
        if (bytes <= limit_ || last == 0) return Choice::nothing();
        const RunShape& oldest = shape.level(last).runs.back();
        if (oldest.busy()) return Choice::nothing();
        Choice choice;
        choice.action = Choice::Action::drop;
        for (const TableShape& table : oldest.tables) choice.inputs.push_back(table.id);
        choice.output_level = last;
        choice.score = static_cast<double>(bytes) / static_cast<double>(limit_);
        choice.reason = "the tree holds " + format_size(bytes) + " of at most " +
                        format_size(limit_) + ": drop the oldest run, " +
                        format_size(oldest.logical_bytes());
        return choice;
    }

    uint64_t runs_allowed(const TreeShape&, int) const {
        return std::numeric_limits<uint64_t>::max();
    }
    uint64_t capacity(const TreeShape&, int) const { return limit_; }

  private:
    uint64_t limit_;
};

}  // namespace lsm::compaction
