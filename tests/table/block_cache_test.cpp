// The block cache: least recently used out first, within its capacity, from any thread.
#include "framework/table/block_cache.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "framework/base/random.hpp"

namespace lsm {
namespace {

BlockPin block(const std::string& bytes) {
    return BlockPin(std::make_shared<const std::string>(bytes));
}

constexpr uint64_t kCharge = 100 + BlockCache::kEntryBytes;
const std::string kHundred(100, 'x');

TEST(BlockCache, KeepsWhatWasUsedLast) {
    BlockCache cache(3 * kCharge);
    for (uint64_t offset : {0, 1, 2}) cache.insert(1, offset, block(kHundred));
    EXPECT_TRUE(cache.find(1, 0));
    cache.insert(1, 3, block(kHundred));
    EXPECT_FALSE(cache.find(1, 1));
    EXPECT_TRUE(cache.find(1, 0));
    EXPECT_TRUE(cache.find(1, 2));
    EXPECT_TRUE(cache.find(1, 3));
    EXPECT_EQ(cache.hits(), 4U);
    EXPECT_EQ(cache.misses(), 1U);
    EXPECT_EQ(cache.used_bytes(), 3 * kCharge);
}

TEST(BlockCache, TellsTablesApartAndReplaces) {
    BlockCache cache(10 * kCharge);
    cache.insert(1, 5, block("one"));
    cache.insert(2, 5, block("two"));
    cache.insert(1, 5, block("three"));
    EXPECT_EQ(cache.find(1, 5).bytes(), "three");
    EXPECT_EQ(cache.find(2, 5).bytes(), "two");
    EXPECT_EQ(cache.used_bytes(), 8 + 2 * BlockCache::kEntryBytes);
}

TEST(BlockCache, WithoutCapacityKeepsNothingAndLargeBlocksStayOut) {
    BlockCache none(0);
    none.insert(1, 0, block("x"));
    EXPECT_FALSE(none.find(1, 0));
    BlockCache small(kCharge);
    small.insert(1, 0, block(kHundred));
    small.insert(1, 1, block(kHundred + "x"));
    EXPECT_TRUE(small.find(1, 0));
    EXPECT_FALSE(small.find(1, 1));
}

TEST(BlockCache, APinOutlivesItsPlaceInTheCache) {
    BlockCache cache(kCharge);
    cache.insert(1, 0, block(kHundred));
    const BlockPin pin = cache.find(1, 0);
    cache.insert(1, 1, block(kHundred));
    EXPECT_FALSE(cache.find(1, 0));
    EXPECT_EQ(pin.bytes(), kHundred);
}

TEST(BlockCache, ManyThreadsStayWithinTheCapacity) {
    BlockCache cache(4 << 20);
    std::vector<std::thread> threads;
    for (uint64_t seed = 0; seed < 4; ++seed) {
        threads.emplace_back([&cache, seed] {
            Random random(seed);
            for (int i = 0; i < 20000; ++i) {
                const TableId table = random.below(4);
                const uint64_t offset = random.below(4000);
                const std::string bytes(1000 + offset, static_cast<char>(table));
                if (const BlockPin found = cache.find(table, offset)) {
                    ASSERT_EQ(found.bytes(), bytes);
                } else {
                    cache.insert(table, offset, block(bytes));
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_LE(cache.used_bytes(), cache.capacity());
    EXPECT_GT(cache.used_bytes(), cache.capacity() / 2);
    EXPECT_EQ(cache.hits() + cache.misses(), 80000U);
}

}  // namespace
}  // namespace lsm
