// What reads cost, summed without a shared line: each thread adds to one of a few padded shards.
// Sums are exact when no reader runs, and exact always for one thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "framework/metrics/engine_counters.hpp"

namespace lsm {

/// One lookup's or scan's cost, kept on the reader's stack.
struct ReadCost {
    uint64_t gets = 0;
    uint64_t empty_gets = 0;
    uint64_t data_blocks_found = 0;
    uint64_t data_blocks_empty = 0;
    uint64_t tables_probed = 0;
    uint64_t filter_probes = 0;
    uint64_t false_positives = 0;
    uint64_t true_negatives = 0;
    uint64_t expected_false_positives =
        0;  // in units of 2^-32, so that sums do not depend on their order
    uint64_t scans = 0;
    uint64_t scan_data_blocks = 0;
    uint64_t scan_live_bytes = 0;
    uint64_t cache_hits = 0;
    uint64_t cache_misses = 0;
};

class ReadStatistics {
  public:
    void add(const ReadCost& cost);
    /// Fills the read side of the counters.
    void fill(EngineCounters& counters) const;

  private:
    static constexpr size_t kShards = 16;
    static constexpr size_t kFields = sizeof(ReadCost) / sizeof(uint64_t);
    struct alignas(64) Shard {
        std::array<std::atomic<uint64_t>, kFields> fields{};
    };
    std::array<Shard, kShards> shards_;
};

}  // namespace lsm
