// How a run is cut into tables where fragments of range tombstones lie over the cuts: seeded random
// entries, fragments and cut keys, held against what a run has to be.
#include "framework/tree/run_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "framework/table/table.hpp"
#include "policies/filter/bloom.hpp"
#include "policies/format/row_block.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

using test::Entries;

class EntriesCursor final : public Cursor {
  public:
    explicit EntriesCursor(const Entries& entries) : entries_(entries) {}
    void seek_first() override { at_ = 0; }
    void seek_last() override { at_ = entries_.size(); }
    void seek(std::string_view, Sequence) override { FAIL(); }
    bool next(EntryBatch& batch) override {
        batch.clear();
        while (at_ < entries_.size() && !batch.full()) batch.push(entries_[at_++].view());
        return !batch.empty();
    }
    bool previous(EntryBatch&) override { return false; }

  private:
    const Entries& entries_;
    size_t at_ = 0;
};

struct KeepAll {
    bool keeps(const Entry&) { return true; }
    bool last_was_expired() const { return false; }
};

struct Case {
    Entries entries;
    std::vector<RangeTombstone> tombstones;
    std::vector<std::string> cut_keys;
    uint64_t table_size = 0;
};

const std::vector<std::string> kKeyNames = {"", "a", "b", "bb", "c", "d", "e", "ee", "f", "g"};

Case random_case(Random& random) {
    Case made;
    const auto index = [&](size_t below) { return static_cast<size_t>(random.below(below)); };
    for (uint64_t n = random.below(12); n > 0; --n) {
        const std::string value(random.below(9), 'v');
        made.entries.push_back({kKeyNames[index(kKeyNames.size())], value, 100 + n, Kind::value});
    }
    test::sort_entries(made.entries);
    for (uint64_t n = random.below(5); n > 0; --n) {
        const size_t first = index(kKeyNames.size() - 1);
        const size_t last = first + 1 + index(kKeyNames.size() - first - 1);
        made.tombstones.push_back({kKeyNames[first], kKeyNames[last], 1 + random.below(200)});
    }
    for (const std::string& key : kKeyNames) {
        if (random.below(4) == 0) made.cut_keys.push_back(key);
    }
    made.table_size = 1 + random.below(30);
    return made;
}

class RunWriterTest : public ::testing::Test {
  protected:
    using Maker = test::TableMaker<format::RowBlock, filter::Bloom>;

    WrittenRun write(const Case& made) {
        WrittenRun written;
        plan_.table_size = made.table_size;
        plan_.cut_keys = made.cut_keys;
        plan_.names = maker_.names;
        plan_.next_table = [this] { return ++last_table_; };
        plan_.path = [](TableId id) { return Maker::path(id); };
        EntriesCursor cursor(made.entries);
        RunWriter<format::RowBlock, filter::Bloom>(maker_.files, maker_.format, maker_.filter,
                                                   plan_, written)
            .write(cursor, KeepAll(), RangeTombstones::fragment(made.tombstones).fragments());
        return written;
    }

    /// All that the run's tables hold, after a look at each of them.
    void check(const Case& made) {
        const WrittenRun written = write(made);
        Entries entries;
        std::vector<RangeTombstone> tombstones;
        std::vector<std::unique_ptr<Table<format::RowBlock, filter::Bloom>>> open;
        for (size_t i = 0; i < written.tables.size(); ++i) {
            const TableShape& table = written.tables[i];
            if (i > 0) {
                ASSERT_TRUE(written.tables[i - 1].ends_before(table.smallest));
            }
            for (const std::string& cut : made.cut_keys) {
                ASSERT_TRUE(cut <= table.smallest || table.ends_before(cut))
                    << "a table from " << table.smallest << " to " << table.largest << " spans "
                    << cut;
            }
            open.push_back(maker_.open(table.id));
            open.back()->verify(maker_.files, {});
            const auto cursor = open.back()->cursor({});
            cursor->seek_first();
            for (const auto& entry : test::take_forward(*cursor)) {
                ASSERT_TRUE(table.overlaps(entry.key, entry.key));
                entries.push_back(entry);
            }
            const RangeTombstones* ranges = open.back()->ranges();
            ASSERT_EQ(ranges == nullptr ? 0 : ranges->count(), table.range_tombstones);
            ASSERT_GT(table.range_tombstones + table.entries, 0u);
            if (ranges == nullptr) continue;
            ASSERT_LE(table.smallest, ranges->first());
            ASSERT_GE(table.largest, ranges->last().substr(0, table.largest.size()));
            ASSERT_FALSE(table.ends_before(ranges->fragments().back().first));
            ranges->append_to(tombstones);
        }
        ASSERT_EQ(entries, made.entries);
        ASSERT_EQ(RangeTombstones::fragment(tombstones).fragments(),
                  RangeTombstones::fragment(made.tombstones).fragments());
    }

    Maker maker_{format::RowBlock({}), filter::Bloom({})};
    RunPlan plan_;
    TableId last_table_ = 0;
};

TEST_F(RunWriterTest, CutsKeepAllAndNothingOverlaps) {
    Random random(5);
    for (int round = 0; round < 3000; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        check(random_case(random));
        if (HasFatalFailure()) return;
    }
}

TEST_F(RunWriterTest, AFragmentAboveTheTableSizeDoesNotMakeATableOfEachKey) {
    Case made;
    for (const char* key : {"b", "c", "d", "e", "f"})
        made.entries.push_back({key, "v", 300, Kind::value});
    for (Sequence i = 1; i <= 50; ++i) made.tombstones.push_back({"a", "g", i});
    made.table_size = 8;
    const WrittenRun written = write(made);
    EXPECT_EQ(written.tables.size(), 3u) << "what begins with it, then four entries and one";
    check(made);
}

}  // namespace
}  // namespace lsm
