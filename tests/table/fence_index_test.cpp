// The fence index against a linear search, and its decoder against damage.
#include "framework/table/fence_index.hpp"

#include <gtest/gtest.h>

#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

using test::Entries;

/// Blocks of `per_block` entries each.
std::string build(const Entries& entries, size_t per_block) {
    FenceIndexBuilder builder;
    uint64_t offset = 3;
    for (size_t first = 0; first < entries.size(); first += per_block) {
        const auto& last = entries[std::min(first + per_block, entries.size()) - 1];
        builder.add(entries[first].key, last.key, last.sequence, {offset, 10 + first});
        offset += 10 + first + first % 2;
    }
    return builder.finish();
}

void check_against_linear_search(const Entries& entries, size_t per_block,
                                 const std::vector<std::string>& keys) {
    const FenceIndex index(build(entries, per_block));
    ASSERT_EQ(index.size(), (entries.size() + per_block - 1) / per_block);
    for (const std::string& key : keys) {
        for (const Sequence at : {Sequence{1}, Sequence{50}, Sequence{200}, kMaxSequence}) {
            const test::OwnedEntry target{key, {}, at, Kind::value};
            const auto found =
                std::lower_bound(entries.begin(), entries.end(), target, test::entry_less);
            const auto place = static_cast<size_t>(found - entries.begin());
            const size_t expected = found == entries.end() ? index.size() : place / per_block;
            EXPECT_EQ(index.find(key, at), expected) << key << " at " << at;
        }
    }
}

TEST(FenceIndex, FindsTheBlockOfTheFirstEntryNotBefore) {
    const Entries entries = test::random_entries(5, 400);
    std::vector<std::string> keys;
    Random random(6);
    for (int i = 0; i < 500; ++i) keys.push_back(test::random_bytes(random, random.below(10), 4));
    for (const auto& entry : entries) keys.push_back(entry.key);
    for (const size_t per_block : {1, 2, 7, 1000}) {
        check_against_linear_search(entries, per_block, keys);
    }
}

TEST(FenceIndex, FindsAmongKeysThatShareTheirFirstBytes) {
    const Entries entries = test::numbered_entries(300);
    std::vector<std::string> keys = {"", "u", "user", "user0", "usez", "v", "user000000000"};
    for (uint64_t i = 0; i < 620; ++i) {
        std::string digits = std::to_string(i);
        keys.push_back("user" + std::string(12 - digits.size(), '0') + digits);
    }
    check_against_linear_search(entries, 4, keys);
}

TEST(FenceIndex, KeepsKeysAndHandles) {
    const Entries entries = test::random_entries(5, 100);
    const FenceIndex index(build(entries, 10));
    EXPECT_EQ(index.first_key(3), entries[30].key);
    EXPECT_EQ(index.last_key(3), entries[39].key);
    EXPECT_EQ(index.handle(0).offset, 3U);
    EXPECT_EQ(index.handle(3).size, 40U);
    EXPECT_GT(index.memory_bytes(), 0U);
    EXPECT_EQ(FenceIndex(FenceIndexBuilder().finish()).find("a", 1), 0U);
}

TEST(FenceIndex, DamageIsToldOrHarmless) {
    const std::string good = build(test::random_entries(5, 200), 3);
    Random random(7);
    int refused = 0;
    for (int round = 0; round < 5000; ++round) {
        std::string bytes = good;
        if (round % 4 == 0) bytes.resize(random.below(bytes.size()));
        for (int flips = 0; flips < 1 + round % 3 && !bytes.empty(); ++flips) {
            bytes[random.below(bytes.size())] = static_cast<char>(random.next());
        }
        try {
            const FenceIndex index(bytes);
            for (const char* key : {"", "a", "abc", "b", "cccc"}) index.find(key, 77);
        } catch (const DamagedBlock&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace lsm
