// Size-tiered buckets: runs of similar size, for the strategies that come from Cassandra's
// size-tiered compaction (cassandra_stcs, cassandra_twcs and cassandra_lcs for a part of the tree,
// scylla_ics).
//
// Runs are sorted by size. A run joins the first bucket whose mean size it is near to, between
// `bucket_low` and `bucket_high` of it; runs below `min_sstable_size` all share one. Source: Apache
// Cassandra, SizeTieredCompactionStrategy (defaults as there). Pure; usable from any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/base/size.hpp"
#include "framework/policy/compaction/sorted_runs.hpp"
#include "framework/policy/options.hpp"

namespace lsm {

struct SizeTierOptions {
    uint64_t min_threshold = 4;
    uint64_t max_threshold = 32;
    double bucket_low = 0.5;
    double bucket_high = 1.5;
    uint64_t min_sstable_size = 0;

    /// Rows for the table of an Options that derives from this.
    template <class Options>
    static OptionTable<Options> rows() {
        return {option<Options>("min_threshold", &Options::min_threshold, {2, 1000}, "runs",
                                "runs of similar size that make a merge"),
                option<Options>("max_threshold", &Options::max_threshold, {2, 1000}, "runs",
                                "runs that one merge takes at most, the oldest of the bucket"),
                option<Options>("bucket_low", &Options::bucket_low, {0, 1}, "",
                                "a run is similar from this multiple of its bucket's mean size"),
                option<Options>("bucket_high", &Options::bucket_high, {1, 100}, "",
                                "a run is similar up to this multiple of its bucket's mean size"),
                size_option<Options>("min_sstable_size", &Options::min_sstable_size, {0, 0x1p50},
                                     "runs smaller than this are all similar; 0: half a memtable")};
    }

    std::vector<OptionProblem> problems() const {
        if (min_threshold <= max_threshold) return {};
        return {{"min_threshold", "it is " + std::to_string(min_threshold) +
                                      ", above max_threshold " + std::to_string(max_threshold) +
                                      ": no merge could be both"}};
    }
};

struct SizeTier {
    std::vector<ListedRun> runs;  // newest first
    uint64_t bytes = 0;

    double mean() const { return static_cast<double>(bytes) / static_cast<double>(runs.size()); }
};

/// The buckets of idle runs, that of the smallest runs first.
inline std::vector<SizeTier> size_tiers(const TreeShape& shape, const std::vector<ListedRun>& runs,
                                        const SizeTierOptions& options) {
    const uint64_t small_limit =
        options.min_sstable_size > 0 ? options.min_sstable_size : shape.memtable_bytes / 2;
    const auto small = static_cast<double>(small_limit);
    std::vector<ListedRun> by_size = idle_runs(runs);
    std::stable_sort(
        by_size.begin(), by_size.end(),
        [](const ListedRun& left, const ListedRun& right) { return left.bytes() < right.bytes(); });
    std::vector<SizeTier> tiers;
    for (const ListedRun& one : by_size) {
        const auto bytes = static_cast<double>(one.bytes());
        const auto similar = [&](const SizeTier& tier) {
            const double mean = tier.mean();
            return (bytes > options.bucket_low * mean && bytes < options.bucket_high * mean) ||
                   (bytes < small && mean < small);
        };
        auto tier = std::find_if(tiers.begin(), tiers.end(), similar);
        if (tier == tiers.end()) tier = tiers.insert(tier, SizeTier());
        tier->runs.push_back(one);
        tier->bytes += one.bytes();
    }
    for (SizeTier& tier : tiers) {
        std::sort(tier.runs.begin(), tier.runs.end(),
                  [](const ListedRun& left, const ListedRun& right) {
                      return left.level != right.level ? left.level < right.level
                                                       : left.place < right.place;
                  });
    }
    return tiers;
}

/// The merge of the first bucket, smallest runs first, that has enough runs and need not wait. Its
/// result sinks to the level of its size class, but not below `deepest_level` for that.
inline Choice merge_full_tier(const TreeShape& shape, const std::vector<ListedRun>& runs,
                              const SizeTierOptions& options, const std::string& of_what = "",
                              int deepest_level = 1000) {
    for (const SizeTier& tier : size_tiers(shape, runs, options)) {
        const uint64_t count = tier.runs.size();
        if (count < options.min_threshold) continue;
        const uint64_t taken = std::min(count, options.max_threshold);
        const std::vector<ListedRun> inputs(tier.runs.end() - static_cast<std::ptrdiff_t>(taken),
                                            tier.runs.end());
        const int size_class = level_for_size(total_bytes(inputs), shape.memtable_bytes,
                                              static_cast<double>(options.min_threshold));
        Choice choice = merge_runs(shape, inputs, std::min(size_class, deepest_level));
        if (choice.action == Choice::Action::nothing) continue;
        choice.score = static_cast<double>(count) / static_cast<double>(options.min_threshold);
        choice.reason = std::to_string(count) + " runs" + of_what + " are of similar size, about " +
                        format_size(static_cast<uint64_t>(tier.mean())) + ", and " +
                        std::to_string(options.min_threshold) + " make a merge: merge " +
                        (taken == count ? "them" : "the oldest " + std::to_string(taken));
        return choice;
    }
    return Choice::nothing();
}

}  // namespace lsm
