#include "framework/base/coding.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "framework/base/random.hpp"

namespace lsm {
namespace {

TEST(Coding, BytesOnDiskAreFixed) {
    std::string out;
    put_fixed32(out, 0x01020304);
    put_fixed64(out, 0x05060708090a0b0c);
    put_varint(out, 300);
    put_bytes(out, "key");
    EXPECT_EQ(out,
              std::string("\x04\x03\x02\x01\x0c\x0b\x0a\x09\x08\x07\x06\x05\xac\x02\x03key", 18));
}

TEST(Coding, ReadsBackWhatWasWritten) {
    Random random(1);
    std::vector<uint64_t> words = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
    for (int i = 0; i < 1000; ++i) words.push_back(random.next() >> random.below(64));
    std::string out;
    for (const uint64_t word : words) {
        put_varint(out, word);
        put_fixed64(out, word);
        put_fixed32(out, static_cast<uint32_t>(word));
        put_bytes(out, std::string(word % 50, 'b'));
    }
    Decoder decoder(out);
    for (const uint64_t word : words) {
        ASSERT_EQ(decoder.varint(), word);
        ASSERT_EQ(decoder.fixed64(), word);
        ASSERT_EQ(decoder.fixed32(), static_cast<uint32_t>(word));
        ASSERT_EQ(decoder.bytes(), std::string(word % 50, 'b'));
    }
    EXPECT_TRUE(decoder.at_end());
    EXPECT_FALSE(decoder.failed());
}

TEST(Coding, DamageDoesNotReadPastTheEnd) {
    Decoder cut("\x05key");
    EXPECT_EQ(cut.bytes(), "");
    EXPECT_TRUE(cut.failed());
    EXPECT_EQ(cut.fixed32(), 0) << "all that follows is empty";
    EXPECT_EQ(cut.remaining(), 0);

    Decoder endless(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12));
    EXPECT_EQ(endless.varint(), 0);
    EXPECT_TRUE(endless.failed());

    Decoder above_64_bits(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10));
    EXPECT_EQ(above_64_bits.varint(), 0);
    EXPECT_TRUE(above_64_bits.failed());

    Decoder empty("");
    EXPECT_TRUE(empty.at_end());
    EXPECT_EQ(empty.fixed64(), 0);
    EXPECT_EQ(empty.byte(), 0);
    EXPECT_TRUE(empty.failed());
}

// Whatever the bytes are, the decoder ends and stays within them (the sanitizers watch).
TEST(Coding, RandomBytesAreSafe) {
    Random random(2);
    for (int i = 0; i < 2000; ++i) {
        std::string bytes(random.below(40), '\0');
        for (char& byte : bytes) byte = static_cast<char>(random.next());
        const std::string exact(bytes.data(), bytes.size());
        Decoder decoder(exact);
        while (!decoder.failed() && !decoder.at_end()) {
            const std::string_view view = decoder.bytes();
            ASSERT_LE(view.size(), exact.size());
        }
    }
}

}  // namespace
}  // namespace lsm
