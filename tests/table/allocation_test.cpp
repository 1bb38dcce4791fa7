// What a lookup costs in memory: nothing when its block is cached, one buffer when it is not.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "policies/filter/blocked_bloom.hpp"
#include "policies/format/plain.hpp"
#include "policies/format/row_block.hpp"
#include "tests/table/table_support.hpp"

namespace {
thread_local uint64_t allocations = 0;
}

void* operator new(size_t size) {
    ++allocations;
    void* memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace lsm {
namespace {

template <class F>
void check_allocations(F format) {
    test::TableMaker<F, filter::BlockedBloom> maker(std::move(format), filter::BlockedBloom({}));
    const test::Entries entries = test::numbered_entries(2000);
    maker.write(entries);
    BlockCache cache(10 << 20);
    for (BlockCache* used : {static_cast<BlockCache*>(nullptr), &cache}) {
        const auto table = maker.open(7, used);
        for (const auto& entry : entries) {
            PinnedEntry found;
            ASSERT_TRUE(table->find(entry.key, kMaxSequence, {}, found));
        }
        const uint64_t before = allocations;
        for (const auto& entry : entries) {
            PinnedEntry found;
            ASSERT_TRUE(table->may_contain(hash_key(entry.key)));
            ASSERT_TRUE(table->find(entry.key, kMaxSequence, {}, found));
        }
        EXPECT_EQ(allocations - before, used == nullptr ? entries.size() : 0);
    }
}

TEST(Allocations, ALookupInACachedBlockHasNone) {
    check_allocations(format::RowBlock({}));
    check_allocations(format::Plain({}));
}

}  // namespace
}  // namespace lsm
