#include "framework/os/ledger.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "framework/os/memory_file_system.hpp"
#include "framework/os/metered_file_system.hpp"

namespace lsm {
namespace {

void expect_count(const LedgerCount& count, uint64_t reads, uint64_t read_bytes, uint64_t writes,
                  uint64_t written_bytes) {
    EXPECT_EQ(count.reads, reads);
    EXPECT_EQ(count.read_bytes, read_bytes);
    EXPECT_EQ(count.writes, writes);
    EXPECT_EQ(count.written_bytes, written_bytes);
}

TEST(Ledger, CountsByCauseLevelAndBlock) {
    Ledger ledger;
    ledger.add_write({Cause::flush, BlockKind::data, 1}, 4096);
    ledger.add_write({Cause::flush, BlockKind::data, 1}, 100);
    ledger.add_write({Cause::flush, BlockKind::filter, 1}, 7);
    ledger.add_write({Cause::compaction, BlockKind::data, 2}, 50);
    ledger.add_read({Cause::compaction, BlockKind::data, 1}, 4196);
    ledger.add_read({Cause::get, BlockKind::index, 2}, 10);
    ledger.add_sync();
    const LedgerSnapshot counts = ledger.snapshot();
    expect_count(counts.total(Cause::flush), 0, 0, 3, 4203);
    expect_count(counts.total(Cause::flush, 1), 0, 0, 3, 4203);
    expect_count(counts.total(Cause::flush, 2), 0, 0, 0, 0);
    expect_count(counts.total(Cause::flush, BlockKind::filter), 0, 0, 1, 7);
    expect_count(counts.total(Cause::compaction), 1, 4196, 1, 50);
    expect_count(counts.total(Cause::compaction, 1), 1, 4196, 0, 0);
    expect_count(counts.total(Cause::compaction, 2), 0, 0, 1, 50);
    expect_count(counts.total(Cause::get, BlockKind::index), 1, 10, 0, 0);
    expect_count(counts.total(Cause::scan), 0, 0, 0, 0);
    EXPECT_EQ(counts.syncs, 1);
}

TEST(Ledger, SinceSubtracts) {
    Ledger ledger;
    ledger.add_write({Cause::log, BlockKind::record, 0}, 30);
    ledger.add_sync();
    const LedgerSnapshot before = ledger.snapshot();
    ledger.add_write({Cause::log, BlockKind::record, 0}, 12);
    ledger.add_read({Cause::get, BlockKind::data, 4}, 9);
    ledger.add_sync();
    ledger.add_sync();
    const LedgerSnapshot change = ledger.snapshot().since(before);
    expect_count(change.total(Cause::log), 0, 0, 1, 12);
    expect_count(change.total(Cause::get, 4), 1, 9, 0, 0);
    EXPECT_EQ(change.syncs, 2);
}

TEST(Ledger, DeepLevelsShareTheLastSlot) {
    Ledger ledger;
    ledger.add_write({Cause::compaction, BlockKind::data, 31}, 1);
    ledger.add_write({Cause::compaction, BlockKind::data, 32}, 2);
    ledger.add_write({Cause::compaction, BlockKind::data, 255}, 4);
    expect_count(ledger.snapshot().total(Cause::compaction, 31), 0, 0, 3, 7);
    expect_count(ledger.snapshot().total(Cause::compaction, 200), 0, 0, 3, 7);
}

TEST(Ledger, NamesDiffer) {
    std::set<std::string> names;
    for (int i = 0; i < kCauseCount; ++i) names.insert(cause_name(static_cast<Cause>(i)));
    EXPECT_EQ(names.size(), static_cast<size_t>(kCauseCount));
    names.clear();
    for (int i = 0; i < kBlockKindCount; ++i)
        names.insert(block_kind_name(static_cast<BlockKind>(i)));
    EXPECT_EQ(names.size(), static_cast<size_t>(kBlockKindCount));
    EXPECT_EQ(names.count("unknown"), 0);
}

TEST(Ledger, ConcurrentAddsAreAllCounted) {
    Ledger ledger;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int each = 0; each < 10'000; ++each)
                ledger.add_read({Cause::get, BlockKind::data, 1}, 3);
        });
    }
    for (std::thread& thread : threads) thread.join();
    expect_count(ledger.snapshot().total(Cause::get), 40'000, 120'000, 0, 0);
}

/// A life of a small tree, worked out by hand.
class MeteredTest : public testing::Test {
  protected:
    void write(const std::string& path, uint64_t bytes, IoTag tag) {
        const auto file = files_->create(path);
        file->append(std::string(bytes, 'x'), tag);
        file->sync();
        file->close();
    }
    uint64_t stored() const { return gauge_.current(StorageGauge::Part::files); }
    uint64_t stored_peak() const { return gauge_.peak(StorageGauge::Part::files); }
    uint64_t log() const { return gauge_.current(StorageGauge::Part::log); }
    uint64_t log_peak() const { return gauge_.peak(StorageGauge::Part::log); }

    std::unique_ptr<FileSystem> memory_ = make_memory_file_system();
    Ledger ledger_;
    StorageGauge gauge_;
    std::unique_ptr<FileSystem> files_ = make_metered_file_system(*memory_, ledger_, gauge_);
};

TEST_F(MeteredTest, ATracePassesThroughTheLedger) {
    const auto log = files_->create_log("1.log", 1 << 20);
    for (int i = 0; i < 10; ++i)
        log->append(std::string(25, 'r'), {Cause::log, BlockKind::record, 0});
    log->sync();
    write("2.table", 300, {Cause::flush, BlockKind::data, 1});
    write("3.table", 200, {Cause::flush, BlockKind::data, 1});
    char buffer[512];
    files_->open("2.table")->read(0, 300, buffer, {Cause::compaction, BlockKind::data, 1});
    files_->open("3.table")->read(0, 200, buffer, {Cause::compaction, BlockKind::data, 1});
    write("4.table", 450, {Cause::compaction, BlockKind::data, 2});
    files_->open("4.table")->read(100, 50, buffer, {Cause::get, BlockKind::data, 2});
    EXPECT_THROW(files_->open("4.table")->read(449, 50, buffer, {Cause::get, BlockKind::data, 2}),
                 std::exception);
    files_->sync_folder(".");
    const LedgerSnapshot counts = ledger_.snapshot();
    expect_count(counts.total(Cause::log), 0, 0, 10, 250);
    expect_count(counts.total(Cause::flush, 1), 0, 0, 2, 500);
    expect_count(counts.total(Cause::compaction, 1), 2, 500, 0, 0);
    expect_count(counts.total(Cause::compaction, 2), 0, 0, 1, 450);
    expect_count(counts.total(Cause::get), 1, 50, 0, 0);
    EXPECT_EQ(counts.syncs, 5) << "the log, three tables, the folder";
}

TEST_F(MeteredTest, GaugeSeesACompactionsInputsBesideItsOutputs) {
    write("1", 300, {Cause::flush, BlockKind::data, 1});
    write("2", 200, {Cause::flush, BlockKind::data, 1});
    EXPECT_EQ(stored(), 500);
    write("3", 450, {Cause::compaction, BlockKind::data, 2});
    files_->remove("1");
    files_->remove("2");
    EXPECT_EQ(stored(), 450);
    EXPECT_EQ(stored_peak(), 950);
    gauge_.reset_peaks();
    EXPECT_EQ(stored_peak(), 450);
    write("1", 10, {Cause::flush, BlockKind::data, 1});
    EXPECT_EQ(stored_peak(), 460);
}

TEST_F(MeteredTest, GaugeKeepsTheLogApart) {
    const auto log = files_->create_log("log", 4096);
    log->append(std::string(100, 'r'), {Cause::log, BlockKind::record, 0});
    write("table", 40, {Cause::flush, BlockKind::data, 1});
    EXPECT_EQ(log_peak(), 100);
    EXPECT_EQ(stored(), 40);
    files_->remove("log");
    log->append("more", {Cause::log, BlockKind::record, 0});
    EXPECT_EQ(stored_peak(), 40);
}

TEST_F(MeteredTest, GaugeFollowsNames) {
    write("a", 100, {});
    write("b", 10, {});
    files_->rename("a", "./b");
    EXPECT_EQ(stored(), 100) << "the file that was replaced is gone";
    files_->link("b", "c");
    EXPECT_EQ(stored(), 100) << "two names of one file";
    files_->remove("b");
    EXPECT_EQ(stored(), 100);
    write("c", 5, {});
    EXPECT_EQ(stored(), 5) << "made anew";
    files_->create_folder("folder");
    files_->create_folder("folder2");
    write("folder/d", 7, {});
    write("folder2/e", 9, {});
    files_->rename("folder", "moved");
    EXPECT_EQ(stored(), 21);
    files_->remove("moved/d");
    EXPECT_EQ(stored(), 14);
    files_->remove("folder2/e");
    files_->remove("c");
    EXPECT_EQ(stored(), 0);
}

TEST_F(MeteredTest, GaugeTakesInWhatWasThereBefore) {
    for (const char* name : {"old.table", "old.log"}) {
        const auto file = memory_->create(name);
        file->append(std::string(60, 'x'), {});
        file->close();
    }
    EXPECT_EQ(stored(), 0);
    char buffer[60];
    const auto table = files_->open("old.table");
    table->read(0, 60, buffer, {Cause::recovery, BlockKind::meta, 0});
    files_->open("old.table")->read(0, 60, buffer, {Cause::recovery, BlockKind::meta, 0});
    EXPECT_EQ(stored(), 60);
    files_->open("old.log")->read(0, 60, buffer, {Cause::recovery, BlockKind::record, 0});
    EXPECT_EQ(stored(), 60);
    EXPECT_EQ(log(), 60);
    files_->remove("old.log");
    files_->remove("old.table");
    EXPECT_EQ(stored(), 0);
    EXPECT_EQ(log(), 0);
}

}  // namespace
}  // namespace lsm
