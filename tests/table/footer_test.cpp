// Footer and properties: what is written is read, what is newer or damaged is told apart.
#include "framework/table/footer.hpp"

#include <gtest/gtest.h>

#include "framework/base/coding.hpp"
#include "framework/base/hash.hpp"
#include "framework/table/properties.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

Footer some_footer() {
    Footer footer;
    footer.root = {100, 20};
    footer.filter = {120, 30};
    footer.properties = {150, 40};
    footer.table = 9;
    return footer;
}

TEST(Footer, IsReadAsWritten) {
    const std::string bytes = some_footer().encode();
    ASSERT_EQ(bytes.size(), Footer::kBytes);
    const Footer footer = Footer::decode(bytes, "f", 262, 9);
    EXPECT_EQ(footer.root.offset, 100U);
    EXPECT_EQ(footer.filter.size, 30U);
    EXPECT_EQ(footer.properties.offset, 150U);
    EXPECT_EQ(footer.table, 9U);
}

TEST(Footer, EveryFlippedBitIsCorruptionAtTheFootersOffset) {
    const std::string good = some_footer().encode();
    for (size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string bytes = good;
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
        try {
            Footer::decode(bytes, "f", 262, 9);
            FAIL() << bit;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::corruption);
            EXPECT_EQ(error.place().file, "f");
            EXPECT_EQ(error.place().offset, 190U);
        }
    }
}

TEST(Footer, ANewerLayoutIsAVersionError) {
    std::string bytes = some_footer().encode().substr(0, 56);
    put_fixed32(bytes, kTableLayoutVersion + 1);
    put_fixed32(bytes, checksum32(bytes));
    bytes += "lsmtable";
    EXPECT_EQ(test::error_kind([&] { Footer::decode(bytes, "f", 262, 9); }), ErrorKind::version);
}

TEST(Footer, AnotherTablesFooterIsCorruption) {
    const std::string bytes = some_footer().encode();
    EXPECT_EQ(test::error_kind([&] { Footer::decode(bytes, "f", 262, 8); }), ErrorKind::corruption);
}

TableProperties some_properties() {
    TableProperties properties;
    properties.format = "row_block";
    properties.format_version = 3;
    properties.filter = "bloom";
    properties.codec = "lz4";
    properties.entries = 1000;
    properties.tombstones = 1;
    properties.smallest = std::string("a\0b", 3);
    properties.largest = std::string(70000, 'z');
    properties.newest_sequence = kMaxSequence;
    properties.newest_write_tick = 12345;
    return properties;
}

TEST(TableProperties, AreReadAsWrittenAndUnknownNamesAreSkipped) {
    std::string bytes = some_properties().encode();
    put_bytes(bytes, "of_the_future");
    put_bytes(bytes, "anything");
    const TableProperties read = TableProperties::decode(bytes, "f", 0);
    EXPECT_EQ(read.encode(), some_properties().encode());
    EXPECT_EQ(read.largest.size(), 70000U);
    EXPECT_EQ(read.shape(4, 99).stored_bytes, 99U);
}

TEST(TableProperties, DamageIsCorruptionOrHarmless) {
    const std::string good = some_properties().encode();
    Random random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes = good.substr(0, random.below(300));
        if (!bytes.empty()) bytes[random.below(bytes.size())] = static_cast<char>(random.next());
        const auto kind = test::error_kind([&] { TableProperties::decode(bytes, "f", 0); });
        if (kind) {
            EXPECT_EQ(*kind, ErrorKind::corruption);
        }
    }
}

}  // namespace
}  // namespace lsm
