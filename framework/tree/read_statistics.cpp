#include "framework/tree/read_statistics.hpp"

#include <bit>

namespace lsm {

namespace {

size_t shard_of_this_thread() {
    static std::atomic<size_t> next{0};
    thread_local const size_t mine = next.fetch_add(1, std::memory_order_relaxed);
    return mine;
}

}  // namespace

void ReadStatistics::add(const ReadCost& cost) {
    const auto values = std::bit_cast<std::array<uint64_t, kFields>>(cost);
    Shard& shard = shards_[shard_of_this_thread() % kShards];
    for (size_t i = 0; i < kFields; ++i) {
        if (values[i] != 0) shard.fields[i].fetch_add(values[i], std::memory_order_relaxed);
    }
}

void ReadStatistics::fill(EngineCounters& counters) const {
    std::array<uint64_t, kFields> sums{};
    for (const Shard& shard : shards_) {
        for (size_t i = 0; i < kFields; ++i)
            sums[i] += shard.fields[i].load(std::memory_order_relaxed);
    }
    const auto cost = std::bit_cast<ReadCost>(sums);
    counters.gets = cost.gets;
    counters.empty_gets = cost.empty_gets;
    counters.get_data_blocks_found = cost.data_blocks_found;
    counters.get_data_blocks_empty = cost.data_blocks_empty;
    counters.tables_probed = cost.tables_probed;
    counters.filter_probes = cost.filter_probes;
    counters.filter_false_positives = cost.false_positives;
    counters.filter_true_negatives = cost.true_negatives;
    counters.filter_expected_false_positives =
        static_cast<double>(cost.expected_false_positives) * 0x1.0p-32;
    counters.scans = cost.scans;
    counters.scan_data_blocks = cost.scan_data_blocks;
    counters.scan_live_bytes = cost.scan_live_bytes;
    counters.cache_hits = cost.cache_hits;
    counters.cache_misses = cost.cache_misses;
}

}  // namespace lsm
