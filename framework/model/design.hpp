// A design as the cost model sees it: what a strategy lets each level hold, how large the data and
// the buffer are, and which filters the runs have. Everything follows from what the policies
// declare (runs_allowed and capacity of the strategy, bits_per_key of the sizing,
// false_positive_rate of the filter): the model knows none of them by name.
//
// Levels fill by the rule of adr/0004: level i takes arrivals of A_i bytes, A_1 being a memtable
// and A_(i+1) all that makes level i go down. Of a capacity C_i it takes m_i = floor(C_i / A_i) at
// rest.
//
// A strategy is outside the model where it sets no capacity or no number of runs, or may drop data.
// Whether it merges whole levels or single tables, and whether a run that finds a level full
// bypasses it, is found by asking it what it would do with a small tree that is drawn for that.
//
// Pure and deterministic; asking a strategy costs a few calls of choose.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "framework/policy/bloom.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/filter.hpp"

namespace lsm::model {

/// How large the data is, and the memory for it. Bytes are logical.
struct DataSize {
    double entries = 0;
    double entry_bytes = 1;
    double memtable_bytes = 1 << 20;
    double block_bytes = 4096;

    double bytes() const { return entries * entry_bytes; }
    double entries_per_block() const {
        return block_bytes > entry_bytes ? block_bytes / entry_bytes : 1;
    }
};

/// What happens to a run that finds a leveled level full, and how much of it goes down.
enum class SpillRule { bypass, write_then_spill, by_tables };
const char* spill_rule_name(SpillRule rule);

/// What a strategy lets a level hold at rest while the tree is that deep.
struct LevelLayout {
    double capacity = 0;  ///< bytes
    double runs = 1;      ///< K_i
};

/// The layout that a strategy declares, for a tree of any depth.
class DeclaredLayout {
  public:
    /// Asks the strategy. Why it is outside the model, in words, where it is.
    static std::variant<DeclaredLayout, std::string> of(const AnyCompaction& strategy,
                                                        double memtable_bytes);

    /// Levels of a tree whose deepest one is `deepest`, level 1 first.
    const std::vector<LevelLayout>& levels(int deepest) const;
    SpillRule rule() const { return rule_; }
    double memtable_bytes() const { return memtable_bytes_; }

    /// Arrivals that each level has taken at rest when it is full: m_i.
    std::vector<double> arrivals(int deepest) const;
    /// Bytes of one arrival at a level: A_i.
    double arrival_bytes(int level) const;
    /// The fewest levels that hold so many bytes.
    int levels_for(double bytes) const;

    static constexpr int kDeepest = 40;  ///< levels

  private:
    double memtable_bytes_ = 0;
    SpillRule rule_ = SpillRule::bypass;
    std::vector<std::vector<LevelLayout>> by_depth_;  // [deepest - 1]
};

/// Bits and rate of the filters of each level's runs.
struct LevelFilter {
    double bits_per_key = 0;
    double rate = 1;
};

/// A tree of runs, each with its entries, newest first on each level.
using RunsByLevel = std::vector<std::vector<double>>;

/// What the sizing gives the runs of each level of this tree, and what the filter makes of it; of
/// the level's newest run where they differ. Levels without runs get no filter.
std::vector<LevelFilter> filters_of(const RunsByLevel& tree, const DeclaredLayout& layout,
                                    double entry_bytes, const AnyBloomSizing& sizing,
                                    const AnyFilter& filter);

/// The shape of such a tree as a policy would see it: each run one table.
TreeShape shape_of(const RunsByLevel& tree, double entry_bytes, double memtable_bytes);

}  // namespace lsm::model
