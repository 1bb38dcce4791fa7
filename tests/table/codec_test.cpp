// The stored form of a block: what comes back, and what is refused.
#include "framework/table/codec.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "framework/base/coding.hpp"
#include "framework/base/hash.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

std::shared_ptr<const char[]> shared_bytes(std::string_view bytes) {
    auto copy = std::make_shared<char[]>(bytes.size());
    std::memcpy(copy.get(), bytes.data(), bytes.size());
    return copy;
}

std::string decode(std::string_view stored, uint64_t seed) {
    return std::string(decode_block(shared_bytes(stored), stored.size(), seed, "f", 12).bytes());
}

TEST(Codec, EveryCodecGivesBackWhatWentIn) {
    Random random(1);
    for (const char* name : {"none", "lz4", "zstd"}) {
        BlockEncoder encoder(parse_codec(name));
        for (const uint64_t size : {0, 1, 7, 100, 5000, 300000}) {
            for (const uint64_t alphabet : {1, 4, 256}) {
                const std::string bytes = test::random_bytes(random, size, alphabet);
                const std::string stored(encoder.encode(bytes, 99));
                EXPECT_EQ(decode(stored, 99), bytes) << name << " " << size;
                EXPECT_LE(stored.size(), bytes.size() + kBlockTrailerBytes);
            }
        }
    }
}

TEST(Codec, CompressionThatSavesLittleIsStoredPlain) {
    Random random(2);
    const std::string noise = test::random_bytes(random, 4096);
    const std::string text(4096, 'x');
    for (const Codec codec : {Codec::lz4, Codec::zstd}) {
        BlockEncoder encoder(codec);
        const std::string plain(encoder.encode(noise, 1));
        EXPECT_EQ(plain.size(), noise.size() + kBlockTrailerBytes);
        EXPECT_EQ(plain[noise.size()], static_cast<char>(Codec::none));
        const std::string packed(encoder.encode(text, 1));
        EXPECT_LT(packed.size(), 200U);
        EXPECT_EQ(packed[packed.size() - 5], static_cast<char>(codec));
    }
}

TEST(Codec, AnUncompressedBlockIsNotCopied) {
    BlockEncoder encoder(Codec::none);
    const std::string_view stored = encoder.encode("some bytes", 5);
    const auto shared = shared_bytes(stored);
    EXPECT_EQ(decode_block(shared, stored.size(), 5, "f", 0).bytes().data(), shared.get());
}

TEST(Codec, AnotherSeedOrAFlippedBitIsCorruptionWithItsPlace) {
    BlockEncoder encoder(Codec::lz4);
    const std::string stored(encoder.encode(std::string(1000, 'a'), 3));
    try {
        decode(stored, 4);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::corruption);
        EXPECT_EQ(error.place().file, "f");
        EXPECT_EQ(error.place().offset, 12U);
    }
    for (size_t bit = 0; bit < stored.size() * 8; ++bit) {
        std::string flipped = stored;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
        EXPECT_EQ(test::error_kind([&] { decode(flipped, 3); }), ErrorKind::corruption) << bit;
    }
}

TEST(Codec, DamageThatTheChecksumLetThroughIsCorruptionToo) {
    Random random(3);
    std::string text;
    while (text.size() < 3000) text += "word" + std::to_string(random.below(50));
    for (const Codec codec : {Codec::lz4, Codec::zstd}) {
        BlockEncoder encoder(codec);
        const std::string stored(encoder.encode(text, 0));
        int refused = 0;
        for (int round = 0; round < 3000; ++round) {
            std::string forged = stored.substr(0, stored.size() - 4);
            if (round % 3 == 0) forged.resize(1 + random.below(forged.size()));
            const uint64_t at = random.below(forged.size());
            forged[at] = static_cast<char>(random.below(256));
            put_fixed32(forged, checksum32(forged, 0));
            const auto kind = test::error_kind([&] { decode(forged, 0); });
            if (kind) {
                EXPECT_EQ(*kind, ErrorKind::corruption);
                ++refused;
            }
        }
        EXPECT_GT(refused, 100);
    }
}

TEST(Codec, AnUnknownNameListsTheKnownOnes) {
    try {
        parse_codec("lzma");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::config);
        EXPECT_NE(error.remedy().find("zstd"), std::string::npos);
    }
}

}  // namespace
}  // namespace lsm
