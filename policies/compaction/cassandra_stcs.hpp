// Cassandra's size-tiered compaction (STCS): runs of similar size make a bucket, and a bucket with
// `min_threshold` runs becomes one run. No levels, no key ranges: writes little, and keeps old
// versions until runs of their size happen to merge.
//
// Source: Apache Cassandra, SizeTieredCompactionStrategy, with its defaults. The bucket rule is in
// framework/policy/compaction/size_tiers.hpp. Where ours departs from it:
// - Of several full buckets the one of the smallest runs goes first; Cassandra takes the one that
//   is read most and goes by size only among equals. Of a bucket above `max_threshold` the oldest
//   runs go, where Cassandra leaves out the coldest: reads do not steer merges here.
// - `min_sstable_size` is half a memtable by default, not 50 MB: our memtables are small.
// - Single tables are not rewritten for their share of tombstones (tombstone_threshold).
// Runs of a bucket need not be neighbours in age. Then their merge overtakes the runs between and
// is placed below them (framework/policy/compaction/sorted_runs.hpp).
#pragma once

#include <limits>

#include "framework/policy/compaction/size_tiers.hpp"

namespace lsm::compaction {

class CassandraStcs {
  public:
    struct Options : SizeTierOptions {
        static OptionTable<Options> table() { return rows<Options>(); }
    };
    static constexpr std::string_view about =
        "merges runs of similar size, whatever their age (Cassandra's size-tiered compaction)";
    static constexpr Mapping mapping{"run_count of one size", "runs by size",
                                     "runs of similar size", "-"};

    explicit CassandraStcs(const Options& options) : options_(options) {}

    Choice choose(const TreeShape& shape) const {
        return merge_full_tier(shape, listed_runs(shape), options_);
    }

    // Buckets are as many as there are sizes.
    uint64_t runs_allowed(const TreeShape&, int) const {
        return std::numeric_limits<uint64_t>::max();
    }

  private:
    SizeTierOptions options_;
};

}  // namespace lsm::compaction
