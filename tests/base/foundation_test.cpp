// The small headers that everything stands on: order of entries, hashes, random numbers, the arena,
// errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "framework/base/arena.hpp"
#include "framework/base/entry.hpp"
#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/random.hpp"

namespace lsm {
namespace {

int sign(int value) { return (value > 0) - (value < 0); }

TEST(Entry, OrderIsByKeyAndThenNewestFirst) {
    using std::string_literals::operator""s;
    std::vector<std::string> keys = {"",
                                     "\0"s,
                                     "\0\0"s,
                                     "a",
                                     "a\0"s,
                                     "ab",
                                     "abcdefg",
                                     "abcdefgh",
                                     "abcdefgh\0"s,
                                     "abcdefghi",
                                     "abcdefgz",
                                     "b",
                                     "\x7f",
                                     "\x80",
                                     "\xff",
                                     "\xff\xff\xff\xff\xff\xff\xff\xff\xff"};
    for (const std::string& left : keys) {
        for (const std::string& right : keys) {
            const int expected = sign(left.compare(right));
            EXPECT_EQ(sign(compare_keys(key_prefix(left), left, key_prefix(right), right)),
                      expected);
            const Entry a = Entry::make(left, "", 5, Kind::value);
            const Entry b = Entry::make(right, "", 5, Kind::tombstone);
            EXPECT_EQ(sign(compare_entries(a, b)), expected);
        }
    }
    const Entry older = Entry::make("k", "old", 3, Kind::value);
    const Entry newer = Entry::make("k", "new", 4, Kind::value);
    EXPECT_LT(compare_entries(newer, older), 0);
    EXPECT_GT(compare_entries(older, newer), 0);
}

TEST(Hash, BitsStayAsTheyAre) {
    // XXH3 of the empty string, from its specification.
    EXPECT_EQ(hash_key(""), 0x2d06800538d394c2U);
    EXPECT_NE(hash_bytes("a", 1), hash_bytes("a", 2));
    EXPECT_NE(checksum32("record", 7), checksum32("record", 8)) << "bound to what the seed says";
    EXPECT_EQ(checksum32("record", 7), checksum32("record", 7));
}

TEST(Random, EqualSeedsGiveEqualNumbers) {
    Random one(42), same(42), other(43);
    bool differs = false;
    for (int i = 0; i < 100; ++i) {
        const uint64_t number = one.next();
        EXPECT_EQ(number, same.next());
        differs = differs || number != other.next();
    }
    EXPECT_TRUE(differs);
    EXPECT_NE(Random::stream(1, "keys").next(), Random::stream(1, "values").next());
    EXPECT_EQ(Random::stream(1, "keys").next(), Random::stream(1, "keys").next());
}

TEST(Random, BoundedNumbersAreEven) {
    Random random(1);
    std::vector<int> counts(10);
    double sum = 0;
    for (int i = 0; i < 100'000; ++i) {
        ++counts[random.below(10)];
        const double unit = random.unit();
        ASSERT_GE(unit, 0);
        ASSERT_LT(unit, 1);
        sum += unit;
    }
    // Six standard deviations of 95 about 10,000; of the mean of 100,000 numbers, 0.0009.
    for (const int count : counts) EXPECT_NEAR(count, 10'000, 570);
    EXPECT_NEAR(sum / 100'000, 0.5, 0.0055);
    EXPECT_EQ(random.below(1), 0);
}

TEST(Arena, PiecesAreAlignedAndDoNotOverlap) {
    Arena arena;
    Random random(3);
    std::vector<std::pair<char*, size_t>> pieces;
    std::vector<std::pair<std::string_view, std::string>> copies;
    for (int i = 0; i < 5000; ++i) {
        const size_t alignment = size_t{1} << random.below(5);
        const size_t size = 1 + random.below(random.below(50) == 0 ? 100'000 : 100);
        auto* at = static_cast<char*>(arena.allocate(size, alignment));
        ASSERT_EQ(reinterpret_cast<uintptr_t>(at) % alignment, 0U);
        std::memset(at, i, size);
        pieces.emplace_back(at, size);
        const std::string text(random.below(30), static_cast<char>('a' + i % 26));
        copies.emplace_back(arena.copy(text), text);
    }
    for (size_t i = 0; i < pieces.size(); ++i) {
        const auto [at, size] = pieces[i];
        EXPECT_TRUE(
            std::all_of(at, at + size, [&](char byte) { return byte == static_cast<char>(i); }));
    }
    for (const auto& [copy, text] : copies) EXPECT_EQ(copy, text);
    EXPECT_GT(arena.bytes_used(), 0U);
}

TEST(Error, SaysPlaceMessageAndRemedyInOneLine) {
    const Error text(ErrorKind::config, "unknown key 'bloon'", {"a.yaml", {}, 3, 7},
                     "did you mean 'bloom'?");
    EXPECT_STREQ(text.what(), "a.yaml:3:7: unknown key 'bloon'; did you mean 'bloom'?");
    EXPECT_EQ(text.message(), "unknown key 'bloon'");
    EXPECT_EQ(exit_status(text.kind()), 2);
    const Error binary(ErrorKind::corruption, "checksum differs", {"7.table", 4096, {}, {}});
    EXPECT_STREQ(binary.what(), "7.table at byte 4096: checksum differs");
    EXPECT_EQ(exit_status(ErrorKind::corruption), 3);
    EXPECT_EQ(exit_status(ErrorKind::locked), 4);
    EXPECT_EQ(exit_status(ErrorKind::io), 5);
}

}  // namespace
}  // namespace lsm
