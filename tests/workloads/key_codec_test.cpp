#include "workloads/key_codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace lsm::workloads {
namespace {

std::string key_of(const KeyCodec& codec, uint64_t number) {
    std::string key;
    codec.encode(number, key);
    return key;
}

class KeyCodecSizes : public ::testing::TestWithParam<std::tuple<uint64_t, bool>> {};

TEST_P(KeyCodecSizes, KeysAreDistinctDecodeAndSortAsTheirNumbers) {
    const auto [bytes, hashed] = GetParam();
    KeyCodec codec(bytes, hashed, 7);
    if (!hashed) codec.add_shuffled_segment(100, 500);
    std::set<std::string> keys;
    std::vector<std::pair<uint64_t, std::string>> by_number;
    for (uint64_t identifier = 0; identifier < 2000; ++identifier) {
        for (const bool missing : {false, true}) {
            const uint64_t number =
                missing ? codec.missing_number(identifier) : codec.number(identifier);
            const std::string key = key_of(codec, number);
            ASSERT_EQ(key.size(), bytes);
            keys.insert(key);
            by_number.emplace_back(number, key);
            const auto decoded = codec.decode(key);
            ASSERT_TRUE(decoded.has_value()) << key;
            EXPECT_EQ(decoded->identifier, identifier);
            EXPECT_EQ(decoded->missing, missing);
        }
    }
    EXPECT_EQ(keys.size(), 4000U);
    std::sort(by_number.begin(), by_number.end());
    EXPECT_TRUE(std::is_sorted(
        by_number.begin(), by_number.end(),
        [](const auto& left, const auto& right) { return left.second < right.second; }));
}

INSTANTIATE_TEST_SUITE_P(All, KeyCodecSizes,
                         ::testing::Combine(::testing::Values(8, 9, 13, 15, 16, 24, 100),
                                            ::testing::Bool()));

TEST(KeyCodec, LargestIdentifierDecodes) {
    for (const bool hashed : {false, true}) {
        const KeyCodec codec(8, hashed, 1);
        const auto decoded = codec.decode(key_of(codec, codec.missing_number(kMaxIdentifier)));
        ASSERT_TRUE(decoded.has_value());
        EXPECT_EQ(decoded->identifier, kMaxIdentifier);
        EXPECT_TRUE(decoded->missing);
    }
}

TEST(KeyCodec, SequentialKeysCanBeRead) {
    const KeyCodec codec(16, false, 1);
    EXPECT_EQ(key_of(codec, codec.number(0)), "0000000000000000");
    EXPECT_EQ(key_of(codec, codec.number(5)), "0000000a00000000");
    EXPECT_EQ(key_of(codec, codec.missing_number(5)), "0000000b00000000");
}

TEST(KeyCodec, HashedKeysDependOnTheSeedAndSpreadEvenly) {
    const KeyCodec codec(16, true, 1);
    const KeyCodec other(16, true, 2);
    EXPECT_NE(codec.number(0), other.number(0));
    std::vector<int> sixteenths(16);
    for (uint64_t i = 0; i < 16000; ++i) ++sixteenths[codec.number(i) >> 60];
    for (const int count : sixteenths) EXPECT_NEAR(count, 1000, 160);  // 5 standard deviations
}

TEST(KeyCodec, ForeignKeysDoNotDecode) {
    const KeyCodec codec(16, true, 1);
    EXPECT_FALSE(codec.decode("short"));
    EXPECT_FALSE(codec.decode("000000000000000G"));
    EXPECT_FALSE(codec.decode("000000000000000A"));  // upper case
    const KeyCodec padded(24, true, 1);
    std::string key = key_of(padded, padded.number(3));
    EXPECT_TRUE(padded.decode(key));
    key.back() = '1';
    EXPECT_FALSE(padded.decode(key));
}

TEST(Permutation, IsOneToOneBothWaysForAllSmallSizes) {
    for (uint64_t count = 1; count < 200; ++count) {
        const Permutation permutation(count, 5);
        std::vector<bool> hit(count);
        for (uint64_t i = 0; i < count; ++i) {
            const uint64_t to = permutation.forward(i);
            ASSERT_LT(to, count);
            EXPECT_FALSE(hit[to]);
            hit[to] = true;
            EXPECT_EQ(permutation.backward(to), i);
        }
    }
}

TEST(Permutation, LeavesLittleInPlace) {
    const Permutation permutation(10000, 5);
    int ascents = 0;
    for (uint64_t i = 0; i + 1 < 10000; ++i)
        ascents += permutation.forward(i) < permutation.forward(i + 1);
    EXPECT_NEAR(ascents, 5000, 150);  // half, as in a random permutation; 5 standard deviations
}

}  // namespace
}  // namespace lsm::workloads
