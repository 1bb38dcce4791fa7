#include "framework/table/block_cache.hpp"
#include "framework/base/bug_museum.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <list>
#include <mutex>

#include "framework/base/hash.hpp"

namespace lsm {

namespace {

constexpr uint64_t kMostShards = 16;
constexpr uint64_t kLeastShardBytes = 256 * 1024;

struct BlockKey {
    TableId table;
    uint64_t offset;
    bool operator==(const BlockKey&) const = default;
};

uint64_t hash_of(const BlockKey& key) { return mix64(mix64(key.table) + key.offset); }

struct BlockKeyHash {
    using is_avalanching = void;  // its bits need no further mixing
    size_t operator()(const BlockKey& key) const { return hash_of(key); }
};

}  // namespace

class BlockCache::Shard {
  public:
    explicit Shard(uint64_t capacity) : capacity_(capacity) {}

    BlockPin find(const BlockKey& key) {
        const std::lock_guard lock(mutex_);
        const auto found = places_.find(key);
        if (found == places_.end()) {
            ++misses_;
            return {};
        }
        ++hits_;
        order_.splice(order_.begin(), order_, found->second);
        return found->second->block;
    }

    void insert(const BlockKey& key, const BlockPin& block) {
        const uint64_t charge = block.bytes().size() + kEntryBytes;
        if (charge > capacity_) return;
        std::list<Kept> dropped;  // freed after the lock is released
        const std::lock_guard lock(mutex_);
        if (const auto old = places_.find(key); old != places_.end()) drop(old->second, dropped);
        while (used_ + charge > capacity_) drop(std::prev(order_.end()), dropped);
        order_.push_front({key, block, charge});
        places_.emplace(key, order_.begin());
        used_ += charge;
    }

    uint64_t used_bytes() const {
        const std::lock_guard lock(mutex_);
        return used_;
    }
    uint64_t hits() const {
        const std::lock_guard lock(mutex_);
        return hits_;
    }
    uint64_t misses() const {
        const std::lock_guard lock(mutex_);
        return misses_;
    }

  private:
    struct Kept {
        BlockKey key;
        BlockPin block;
        uint64_t charge;
    };

    void drop(std::list<Kept>::iterator kept, std::list<Kept>& dropped) {
        used_ -= kept->charge;
        places_.erase(kept->key);
        dropped.splice(dropped.begin(), order_, kept);
    }

    const uint64_t capacity_;
    mutable std::mutex mutex_;
    std::list<Kept> order_;  // most recently used first
    boost::unordered_flat_map<BlockKey, std::list<Kept>::iterator, BlockKeyHash> places_;
    uint64_t used_ = 0;
    uint64_t hits_ = 0;
    uint64_t misses_ = 0;
};

BlockCache::BlockCache(uint64_t capacity) : capacity_(capacity) {
    uint64_t shards = 1;
    while (shards < kMostShards && capacity / (shards * 2) >= kLeastShardBytes) shards *= 2;
    for (uint64_t i = 0; i < shards; ++i) {
        shards_.push_back(std::make_unique<Shard>(capacity / shards));
    }
}

BlockCache::~BlockCache() = default;

BlockCache::Shard& BlockCache::shard_of(uint64_t hash) const {
    // The high half: the low one picks the bucket inside the shard.
    return *shards_[(hash >> 32) % shards_.size()];
}

BlockPin BlockCache::find(TableId table, uint64_t offset) {
    if (bug(Bug::cache_key_without_table)) table = 0;
    const BlockKey key{table, offset};
    return shard_of(hash_of(key)).find(key);
}

void BlockCache::insert(TableId table, uint64_t offset, const BlockPin& block) {
    if (bug(Bug::cache_key_without_table)) table = 0;
    const BlockKey key{table, offset};
    shard_of(hash_of(key)).insert(key, block);
}

uint64_t BlockCache::used_bytes() const {
    uint64_t sum = 0;
    for (const auto& shard : shards_) sum += shard->used_bytes();
    return sum;
}

uint64_t BlockCache::hits() const {
    uint64_t sum = 0;
    for (const auto& shard : shards_) sum += shard->hits();
    return sum;
}

uint64_t BlockCache::misses() const {
    uint64_t sum = 0;
    for (const auto& shard : shards_) sum += shard->misses();
    return sum;
}

}  // namespace lsm
