// Decoded blocks that stay in memory, least recently used first out, by table and offset.
//
// The capacity is in bytes of decoded blocks plus a fixed charge for each (kEntryBytes). It is
// split over shards, each with a lock of its own, so that readers rarely wait for each other; a
// small cache has few shards (one below 256 KiB), since a shard that holds a handful of blocks is
// no cache. A block larger than a shard is not kept. Capacity 0: nothing is ever kept.
//
// Thread-safety: all functions, any thread. Cost: one lock and one hash lookup; a hit allocates
// nothing. Blocks of deleted tables age out by themselves, since table numbers are never used
// again. Leaves out: priorities, admission by frequency.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "framework/policy/format.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

class BlockCache {
  public:
    static constexpr uint64_t kEntryBytes = 64;

    explicit BlockCache(uint64_t capacity);
    ~BlockCache();
    BlockCache(const BlockCache&) = delete;
    BlockCache& operator=(const BlockCache&) = delete;

    /// The block, now the most recently used of its shard, or an empty pin. Counts a hit or a miss.
    BlockPin find(TableId table, uint64_t offset);
    /// Keeps a block; others go until it fits. One that is there already is replaced.
    void insert(TableId table, uint64_t offset, const BlockPin& block);

    uint64_t capacity() const { return capacity_; }
    /// What is kept now, by the rule of the capacity.
    uint64_t used_bytes() const;
    uint64_t hits() const;
    uint64_t misses() const;

  private:
    class Shard;

    Shard& shard_of(uint64_t hash) const;

    uint64_t capacity_;
    std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace lsm
