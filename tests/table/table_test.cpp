// TableBuilder and Table: what is written is found, what is damaged is told.
#include "framework/table/table.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "framework/os/metered_file_system.hpp"
#include "policies/filter/bloom.hpp"
#include "policies/format/plain.hpp"
#include "policies/format/row_block.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

using format::Plain;
using format::RowBlock;
using test::Entries;
using test::OwnedEntry;

using Maker = test::TableMaker<RowBlock, filter::Bloom>;

Maker row_block_maker() { return {RowBlock({}), filter::Bloom({})}; }

Footer footer_of(Maker& maker, TableId id) {
    const std::string bytes = test::file_bytes(maker.files, Maker::path(id));
    return Footer::decode(std::string_view(bytes).substr(bytes.size() - Footer::kBytes),
                          Maker::path(id), bytes.size(), id);
}

TEST(Table, FindsEveryVersionOfEveryKey) {
    Maker maker = row_block_maker();
    maker.settings.block_size = 100;
    const Entries entries = test::random_entries(1, 2000);
    maker.write(entries);
    const auto table = maker.open();
    for (const OwnedEntry& entry : entries) {
        EXPECT_TRUE(table->may_contain(hash_key(entry.key)));
        PinnedEntry found;
        ASSERT_TRUE(table->find(entry.key, entry.sequence, {}, found));
        EXPECT_EQ(test::owned(found.entry), entry);
        const OwnedEntry* older = test::expected_entry(entries, entry.key, entry.sequence - 1);
        ASSERT_EQ(table->find(entry.key, entry.sequence - 1, {}, found), older != nullptr);
        if (older != nullptr) {
            EXPECT_EQ(test::owned(found.entry), *older);
        }
    }
}

TEST(Table, SaysWhatItHolds) {
    Maker maker = row_block_maker();
    const Entries entries = {{"a", "12345", 9, Kind::value},
                             {"b", "", 8, Kind::tombstone},
                             {"b", "1", 3, Kind::value},
                             {"c", "", 11, Kind::value}};
    const TableShape written = maker.write(entries, 7, {Cause::flush, 1, 100, 50, 90});
    const auto table = maker.open();
    for (const TableShape& shape : {written, table->shape()}) {
        EXPECT_EQ(shape.id, 7U);
        EXPECT_EQ(shape.smallest, "a");
        EXPECT_EQ(shape.largest, "c");
        EXPECT_EQ(shape.entries, 4U);
        EXPECT_EQ(shape.tombstones, 1U);
        EXPECT_EQ(shape.logical_bytes, 10U);
        EXPECT_EQ(shape.stored_bytes, maker.files.file_size(Maker::path(7)));
        EXPECT_EQ(shape.oldest_sequence, 3U);
        EXPECT_EQ(shape.newest_sequence, 11U);
        EXPECT_EQ(shape.created_tick, 100U);
        EXPECT_EQ(shape.oldest_tombstone_tick, 50U);
        EXPECT_EQ(shape.newest_write_tick, 90U);
        EXPECT_GT(shape.filter_bits, 0U);
    }
    EXPECT_EQ(table->properties().keys, 3U);
    EXPECT_EQ(table->properties().data_blocks, 1U);
    EXPECT_EQ(table->properties().filter, "filter");
    EXPECT_EQ(table->filter_bits(), written.filter_bits);
    EXPECT_EQ(maker.write({{"a", "", 1, Kind::value}}, 8, {Cause::flush, 1, 9, 5, 9})
                  .oldest_tombstone_tick,
              0U);
}

TEST(Table, WithoutBitsHasNoFilterAndAnswersMaybe) {
    Maker maker = row_block_maker();
    maker.bits_per_key = 0;
    EXPECT_EQ(maker.write(test::numbered_entries(10)).filter_bits, 0U);
    const auto table = maker.open();
    EXPECT_TRUE(table->may_contain(hash_key("not there")));
    EXPECT_EQ(table->warning(), "");
    EXPECT_EQ(table->filter_bits(), 0U);
}

TEST(Table, AnEmptyTableIsATable) {
    Maker maker = row_block_maker();
    maker.write({});
    const auto table = maker.open();
    PinnedEntry found;
    EXPECT_FALSE(table->find("", kMaxSequence, {}, found));
    const auto cursor = table->cursor({});
    cursor->seek("a");
    EXPECT_TRUE(test::take_forward(*cursor).empty());
    EXPECT_TRUE(test::take_backward(*cursor).empty());
    table->verify(maker.files, {});
}

TEST(Table, ALookupReadsOneBlockAndAGapNone) {
    Maker maker = row_block_maker();
    maker.settings.block_size = 64;
    const Entries entries = test::numbered_entries(500);
    maker.write(entries);
    BlockCache cache(1 << 20);
    const auto table = maker.open(7, &cache);
    ReadCounts counts;
    ReadContext context;
    context.counts = &counts;
    PinnedEntry found;
    ASSERT_TRUE(table->find(entries[77].key, kMaxSequence, context, found));
    EXPECT_EQ(counts.data_blocks, 1U);
    EXPECT_EQ(counts.cache_misses, 1U);
    ASSERT_TRUE(table->find(entries[77].key, kMaxSequence, context, found));
    EXPECT_EQ(counts.data_blocks, 2U);
    EXPECT_EQ(counts.cache_hits, 1U);
    ASSERT_FALSE(table->find("a", kMaxSequence, context, found));
    ASSERT_FALSE(table->find("z", kMaxSequence, context, found));
    EXPECT_EQ(counts.data_blocks, 2U);
    EXPECT_EQ(counts.other_blocks, 0U);
}

TEST(Table, EveryByteIsTaggedWithCauseLevelAndKind) {
    const auto memory = make_memory_file_system();
    Ledger ledger;
    const auto files = make_metered_file_system(*memory, ledger);
    const RowBlock format({});
    const filter::Bloom bloom({});
    const TablePolicyNames names{"row_block", "bloom"};
    using Builder = TableBuilder<RowBlock, filter::Bloom>;
    Builder builder(*files, "t", 7, format, bloom, names, {}, 10, {Cause::compaction, 3, 0, 0, 0});
    for (const OwnedEntry& entry : test::numbered_entries(1000)) builder.add(entry.view());
    const TableShape shape = builder.finish();
    const LedgerSnapshot written = ledger.snapshot();
    EXPECT_EQ(written.total(Cause::compaction, 3).written_bytes, shape.stored_bytes);
    EXPECT_EQ(written.total(Cause::compaction, BlockKind::filter).written_bytes,
              shape.filter_bits / 8 + kBlockTrailerBytes);
    EXPECT_GT(written.total(Cause::compaction, BlockKind::data).written_bytes, 20000U);
    EXPECT_GT(written.total(Cause::compaction, BlockKind::index).written_bytes, 50U);
    EXPECT_EQ(written.syncs, 1U);

    const auto table = Table<RowBlock, filter::Bloom>::open(*files, "t", 7, nullptr, format, bloom,
                                                            names, {Cause::recovery, 3});
    const LedgerSnapshot opened = ledger.snapshot().since(written);
    EXPECT_EQ(opened.total(Cause::recovery, 3).reads, 4U);  // footer, properties, filter, index
    EXPECT_EQ(opened.total(Cause::get).reads, 0U);
    PinnedEntry found;
    ASSERT_TRUE(table->find("user000000000000", kMaxSequence, {Cause::get, 3}, found));
    const LedgerSnapshot looked = ledger.snapshot();
    EXPECT_EQ(looked.total(Cause::get, 3).reads, 1U);
    EXPECT_EQ(looked.total(Cause::get, BlockKind::data).reads, 1U);
}

TEST(Table, AnotherFormatIsAConfigurationErrorThatNamesBoth) {
    Maker maker = row_block_maker();
    maker.write(test::numbered_entries(10));
    maker.names.format = "other";
    try {
        maker.open();
        FAIL() << "opened";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::config);
        EXPECT_NE(error.message().find("format,"), std::string::npos) << error.message();
        EXPECT_NE(error.message().find("other"), std::string::npos) << error.message();
    }
}

TEST(Table, AnotherFilterMeansMaybeAndAWarning) {
    Maker maker = row_block_maker();
    const Entries entries = test::numbered_entries(10);
    maker.write(entries);
    maker.names.filter = "other";
    const auto table = maker.open();
    EXPECT_NE(table->warning().find("other"), std::string::npos);
    EXPECT_TRUE(table->may_contain(hash_key("not there")));
    EXPECT_EQ(table->filter_bits(), 0U);
    PinnedEntry found;
    EXPECT_TRUE(table->find(entries[3].key, kMaxSequence, {}, found));
    table->verify(maker.files, {});
}

TEST(Table, ADamagedFilterMeansMaybeAndAWarning) {
    Maker maker = row_block_maker();
    maker.write(test::numbered_entries(1000));
    const std::string path = Maker::path(7);
    std::string bytes = test::file_bytes(maker.files, path);
    bytes[footer_of(maker, 7).filter.offset + 5] ^= 1;
    test::write_file(maker.files, path, bytes);
    const auto table = maker.open();
    EXPECT_NE(table->warning().find(path), std::string::npos) << table->warning();
    EXPECT_TRUE(table->may_contain(hash_key("not there")));
    EXPECT_EQ(test::error_kind([&] { table->verify(maker.files, {}); }), ErrorKind::corruption);
}

TEST(Table, EveryFlippedByteIsFoundByVerify) {
    Maker maker = row_block_maker();
    maker.settings.block_size = 64;
    maker.write(test::random_entries(3, 60));
    const std::string good = test::file_bytes(maker.files, Maker::path(7));
    for (size_t at = 0; at < good.size(); ++at) {
        std::string bytes = good;
        bytes[at] ^= 0x10;
        test::write_file(maker.files, Maker::path(7), bytes);
        EXPECT_EQ(test::error_kind([&] { maker.open()->verify(maker.files, {}); }),
                  ErrorKind::corruption)
            << "byte " << at;
    }
}

TEST(Table, EveryTruncationIsCorruption) {
    Maker maker = row_block_maker();
    maker.write(test::random_entries(3, 30));
    const std::string good = test::file_bytes(maker.files, Maker::path(7));
    for (size_t size = 0; size < good.size(); ++size) {
        test::write_file(maker.files, Maker::path(7), std::string_view(good).substr(0, size));
        EXPECT_EQ(test::error_kind([&] { maker.open(); }), ErrorKind::corruption) << size;
    }
}

TEST(Table, BlocksOfAnotherTableDoNotPass) {
    Maker maker = row_block_maker();
    const Entries entries = test::numbered_entries(5);
    maker.write(entries, 7);
    maker.write(entries, 8);
    const std::string seven = test::file_bytes(maker.files, Maker::path(7));
    std::string mixed = test::file_bytes(maker.files, Maker::path(8));
    // The same entries make the same data block in front of the index, but for its checksum.
    const size_t data = footer_of(maker, 8).root.offset;
    ASSERT_EQ(seven.substr(0, data - 4), mixed.substr(0, data - 4));
    mixed.replace(0, data, seven, 0, data);
    test::write_file(maker.files, Maker::path(8), mixed);
    EXPECT_EQ(test::error_kind([&] { maker.open(8)->verify(maker.files, {}); }),
              ErrorKind::corruption);
}

TEST(Table, AFileUnderAnotherNumberIsCorruption) {
    Maker maker = row_block_maker();
    maker.write(test::numbered_entries(5), 7);
    test::write_file(maker.files, Maker::path(8), test::file_bytes(maker.files, Maker::path(7)));
    EXPECT_EQ(test::error_kind([&] { maker.open(8); }), ErrorKind::corruption);
}

}  // namespace
}  // namespace lsm
