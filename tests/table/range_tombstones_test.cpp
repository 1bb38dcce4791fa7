// Fragments of range tombstones against their definition, on every small case, and their bytes.
#include "framework/table/range_tombstones.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "framework/base/coding.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

const std::vector<std::string> kBounds = {"", "a", "ab", "b", "c"};
const std::vector<std::string> kProbes = {
    "", std::string(1, '\0'), "a", "aa", "ab", "abc", "b", "bz", "c", "d"};

/// All ranges between two bounds.
std::vector<RangeTombstone> all_ranges() {
    std::vector<RangeTombstone> ranges;
    for (size_t first = 0; first < kBounds.size(); ++first) {
        for (size_t last = first + 1; last < kBounds.size(); ++last)
            ranges.push_back({kBounds[first], kBounds[last], 0});
    }
    return ranges;
}

Sequence expected_covering(const std::vector<RangeTombstone>& tombstones, std::string_view key,
                           Sequence at) {
    Sequence newest = 0;
    for (const RangeTombstone& one : tombstones) {
        if (one.first <= key && key < one.last && one.sequence <= at)
            newest = std::max(newest, one.sequence);
    }
    return newest;
}

void check(const std::vector<RangeTombstone>& tombstones) {
    const RangeTombstones made = RangeTombstones::fragment(tombstones);
    for (const std::string& key : kProbes) {
        for (Sequence at = 0; at <= 8; ++at) {
            ASSERT_EQ(made.newest_covering(key, at), expected_covering(tombstones, key, at))
                << "key " << key << " at " << at;
        }
    }
    const auto& fragments = made.fragments();
    uint64_t count = 0, bytes = 0;
    for (size_t i = 0; i < fragments.size(); ++i) {
        const RangeFragment& one = fragments[i];
        ASSERT_LT(one.first, one.last);
        ASSERT_TRUE(std::is_sorted(one.sequences.rbegin(), one.sequences.rend()));
        ASSERT_FALSE(one.sequences.empty());
        if (i > 0) {
            ASSERT_LE(fragments[i - 1].last, one.first);
            const bool joinable =
                fragments[i - 1].last == one.first && fragments[i - 1].sequences == one.sequences;
            ASSERT_FALSE(joinable) << "two fragments that are one";
        }
        count += one.sequences.size();
        bytes += one.sequences.size() * (one.first.size() + one.last.size());
    }
    ASSERT_EQ(made.count(), count);
    ASSERT_EQ(made.logical_bytes(), bytes);
    // Fragments are range tombstones too, and nothing changes by doing it again.
    std::vector<RangeTombstone> again;
    made.append_to(again);
    ASSERT_EQ(RangeTombstones::fragment(again).fragments(), fragments);
    ASSERT_EQ(RangeTombstones::decode(made.encode(), "f", 0).fragments(), fragments);
}

TEST(RangeTombstonesTest, EverySetOfUpToThreeIsFragmentedRightly) {
    const std::vector<RangeTombstone> ranges = all_ranges();
    check({});
    for (RangeTombstone one : ranges) {
        one.sequence = 4;
        check({one});
        for (RangeTombstone two : ranges) {
            for (const Sequence second : {2, 4, 6}) {
                two.sequence = second;
                check({one, two});
                for (RangeTombstone three : ranges) {
                    three.sequence = 5;
                    check({one, two, three});
                    check({three, two, one});
                }
            }
        }
    }
}

TEST(RangeTombstonesTest, ManyRandomOnesAreFragmentedRightly) {
    Random random(3);
    for (int round = 0; round < 300; ++round) {
        std::vector<RangeTombstone> tombstones;
        const auto ranges = all_ranges();
        for (uint64_t n = random.below(12); n > 0; --n) {
            RangeTombstone one = ranges[random.below(ranges.size())];
            one.sequence = 1 + random.below(7);
            tombstones.push_back(one);
        }
        check(tombstones);
    }
}

std::optional<ErrorKind> kind_of_decoding(const std::string& bytes) {
    return test::error_kind([&] { RangeTombstones::decode(bytes, "f", 5); });
}

std::string encoded(const std::vector<RangeFragment>& fragments) {
    return RangeTombstones(fragments).encode();
}

TEST(RangeTombstonesTest, WhatCanNotBeIsDamage) {
    EXPECT_EQ(kind_of_decoding(encoded({{"a", "b", {2, 1}}, {"b", "c", {1}}})), std::nullopt);
    EXPECT_EQ(kind_of_decoding(encoded({{"b", "a", {1}}})), ErrorKind::corruption);
    EXPECT_EQ(kind_of_decoding(encoded({{"a", "a", {1}}})), ErrorKind::corruption);
    EXPECT_EQ(kind_of_decoding(encoded({{"a", "c", {1}}, {"b", "d", {1}}})), ErrorKind::corruption);
    EXPECT_EQ(kind_of_decoding(encoded({{"a", "b", {}}})), ErrorKind::corruption);
    EXPECT_EQ(kind_of_decoding(encoded({{"a", "b", {1, 2}}})), ErrorKind::corruption);
    EXPECT_EQ(kind_of_decoding(encoded({{"a", "b", {1, 1}}})), ErrorKind::corruption);
    EXPECT_EQ(kind_of_decoding(encoded({{"a", "b", {0}}})), ErrorKind::corruption);
    EXPECT_EQ(kind_of_decoding(encoded({{"a", "b", {kMaxSequence + 1}}})), ErrorKind::corruption);
    EXPECT_EQ(kind_of_decoding(encoded({{"a", std::string(kMaxKeyBytes + 1, 'b'), {1}}})),
              ErrorKind::corruption);
    std::string many;
    put_varint(many, uint64_t{1} << 60);
    EXPECT_EQ(kind_of_decoding(many), ErrorKind::corruption);
}

TEST(RangeTombstonesTest, EveryCutAndEveryFlippedBitIsDamageOrFragments) {
    const std::string whole = encoded({{"a", "b", {300, 2, 1}}, {"ba", "c", {7}}});
    for (size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(kind_of_decoding(whole.substr(0, size)), ErrorKind::corruption) << size;
    EXPECT_EQ(kind_of_decoding(whole + "x"), ErrorKind::corruption);
    for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string bytes = whole;
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
        const auto kind = kind_of_decoding(bytes);
        EXPECT_TRUE(!kind || *kind == ErrorKind::corruption);
    }
    try {
        RangeTombstones::decode("x", "the file", 77);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("the file"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("77"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace lsm
