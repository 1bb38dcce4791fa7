#include "framework/base/size.hpp"

#include <gtest/gtest.h>

#include "framework/base/random.hpp"

namespace lsm {
namespace {

constexpr uint64_t kKiB = 1024;
constexpr uint64_t kMiB = 1024 * kKiB;
constexpr uint64_t kLimit = uint64_t{1} << 63;

TEST(Size, ReadsWhatPeopleWrite) {
    EXPECT_EQ(parse_size("64 MiB"), 64 * kMiB);
    EXPECT_EQ(parse_size("4KiB"), 4 * kKiB);
    EXPECT_EQ(parse_size("100 B"), 100);
    EXPECT_EQ(parse_size("100"), 100);
    EXPECT_EQ(parse_size("0"), 0);
    EXPECT_EQ(parse_size("1 GB"), 1'000'000'000);
    EXPECT_EQ(parse_size("1e6"), 1'000'000);
    EXPECT_EQ(parse_size("1E+3 KiB"), 1000 * kKiB);
    EXPECT_EQ(parse_size("1500e-2"), 15);
    EXPECT_EQ(parse_size("500k"), 500'000);
    EXPECT_EQ(parse_size("1.5 MiB"), 3 * kMiB / 2);
    EXPECT_EQ(parse_size(".5 KiB"), 512);
    EXPECT_EQ(parse_size("10_000"), 10'000);
    EXPECT_EQ(parse_size("2 mib"), 2 * kMiB);
    EXPECT_EQ(parse_size(" 7 bytes "), 7);
    EXPECT_EQ(parse_size("1 EiB"), uint64_t{1} << 60);
    EXPECT_EQ(parse_size("1 EB"), 1'000'000'000'000'000'000);
}

TEST(Size, RefusesWhatIsNoSize) {
    for (const char* text : {"",     " ",     "-1",      "+1",  "12 apples",     "MiB",
                             ".",    "1.2.3", "1 MiB 2", "1e",  "1e99999999999", "0x10",
                             "1__0", "_1",    "1_",      "nan", "inf",           "1 i",
                             "1 iB", "1 KBB", "1,000",   "1.5", "1.0000001 KiB", "1e-1"}) {
        EXPECT_EQ(parse_size(text), std::nullopt) << "'" << text << "'";
    }
}

TEST(Size, KeepsToTheLimit) {
    EXPECT_EQ(parse_size("8 EiB"), kLimit);
    EXPECT_EQ(parse_size("9223372036854775808"), kLimit);
    EXPECT_EQ(parse_size("9223372036854775809"), std::nullopt);
    EXPECT_EQ(parse_size("9 EiB"), std::nullopt);
    EXPECT_EQ(parse_size("99999999999999999999999999"), std::nullopt);
    EXPECT_EQ(parse_size("18446744073709551617"), std::nullopt) << "2^64 + 1 wraps to 1";
    EXPECT_EQ(parse_size("1e19"), std::nullopt);
    EXPECT_EQ(parse_size("0e50"), 0);
}

TEST(Size, ReadsCounts) {
    EXPECT_EQ(parse_count("500k"), 500'000);
    EXPECT_EQ(parse_count("1M"), 1'000'000);
    EXPECT_EQ(parse_count("2G"), 2'000'000'000);
    EXPECT_EQ(parse_count("1e6"), 1'000'000);
    EXPECT_EQ(parse_count("10_000"), 10'000);
    EXPECT_EQ(parse_count("1.5 k"), 1500);
    EXPECT_EQ(parse_count("0"), 0);
    EXPECT_EQ(parse_count("500k operations", "operations"), 500'000);
    EXPECT_EQ(parse_count("500 operations", "operations"), 500);
    EXPECT_EQ(parse_count("500", "operations"), 500);
    for (const char* text : {"", "-1", "1.5", "4 KiB", "12 apples", "k", "5 b", "1e30"})
        EXPECT_EQ(parse_count(text), std::nullopt) << "'" << text << "'";
    EXPECT_EQ(parse_count("500k seconds", "operations"), std::nullopt);
    EXPECT_EQ(parse_count("500k operations"), std::nullopt);
}

TEST(Size, PrintsSizesForPeople) {
    EXPECT_EQ(format_size(0), "0 B");
    EXPECT_EQ(format_size(100), "100 B");
    EXPECT_EQ(format_size(1023), "1023 B");
    EXPECT_EQ(format_size(1024), "1 KiB");
    EXPECT_EQ(format_size(1536), "1.5 KiB");
    EXPECT_EQ(format_size(64 * kMiB), "64 MiB");
    EXPECT_EQ(format_size(64 * kMiB + 1), "64.0 MiB");
    EXPECT_EQ(format_size(123'456'789), "117.7 MiB");
    EXPECT_EQ(format_size(kMiB - 1), "1.0 MiB") << "not 1024.0 KiB";
    EXPECT_EQ(format_size(kLimit), "8 EiB");
    EXPECT_EQ(format_size(UINT64_MAX), "16.0 EiB");
}

TEST(Size, ExactTextReadsBackAsTheSameNumber) {
    EXPECT_EQ(format_size_exactly(64 * kMiB), "64 MiB");
    EXPECT_EQ(format_size_exactly(1536), "1.5 KiB");
    EXPECT_EQ(format_size_exactly(64 * kMiB + 1), "67108865 B");
    EXPECT_EQ(format_size_exactly(0), "0 B");
    Random random(1);
    for (int i = 0; i < 10'000; ++i) {
        const uint64_t bytes = random.next() >> (1 + random.below(63)) << random.below(20) >> 1;
        EXPECT_EQ(parse_size(format_size_exactly(bytes)), bytes) << format_size_exactly(bytes);
    }
}

TEST(Size, PrintsCountsForPeople) {
    EXPECT_EQ(format_count(0), "0");
    EXPECT_EQ(format_count(999), "999");
    EXPECT_EQ(format_count(1000), "1k");
    EXPECT_EQ(format_count(1234), "1,234");
    EXPECT_EQ(format_count(500'000), "500k");
    EXPECT_EQ(format_count(1'500'000), "1.5M");
    EXPECT_EQ(format_count(123'456), "123,456");
    EXPECT_EQ(format_count(1'234'567), "1,234,567");
    EXPECT_EQ(format_count(2'000'000'000), "2G");
}

}  // namespace
}  // namespace lsm
