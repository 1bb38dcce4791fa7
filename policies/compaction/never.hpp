// No compaction: every flush stays a run of level 1. The floor of write amplification and the
// ceiling of everything else; for measuring what compaction is worth, and for loading a tree that
// is compacted by hand afterwards.
#pragma once

#include <limits>

#include "framework/policy/compaction.hpp"
#include "framework/policy/options.hpp"

namespace lsm::compaction {

class Never {
  public:
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about = "never merges anything; runs pile up on level 1";
    static constexpr Mapping mapping{"none", "one level of runs as flushed", "-", "-"};

    explicit Never(const Options&) {}

    Choice choose(const TreeShape&) const { return Choice::nothing(); }
    uint64_t runs_allowed(const TreeShape&, int) const {
        return std::numeric_limits<uint64_t>::max();
    }
};

}  // namespace lsm::compaction
