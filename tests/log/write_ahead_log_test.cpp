// The write-ahead log: what was appended comes back in order, and a reader knows where and how it
// ends.
#include "framework/log/write_ahead_log.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"
#include "framework/base/random.hpp"
#include "framework/log/record.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm {
namespace {

struct Written {
    std::string key, value;
    Sequence sequence;
    Kind kind;
    bool operator==(const Written&) const = default;
};

class WriteAheadLogTest : public ::testing::Test {
  protected:
    void SetUp() override { files->create_folder("t"); }

    std::string contents(const std::string& name) {
        const auto file = files->open(name);
        std::string bytes(file->size(), '\0');
        if (!bytes.empty()) file->read(0, bytes.size(), bytes.data(), {});
        return bytes;
    }
    void overwrite(const std::string& name, std::string_view bytes) {
        const auto file = files->create(name);
        file->append(bytes, {});
        file->close();
    }
    LogReplay replay(uint64_t number = 3) {
        recovery = {};
        found.clear();
        return replay_log(*files, path, number, recovery, [&](const Entry& entry) {
            found.push_back(
                {std::string(entry.key), std::string(entry.value), entry.sequence, entry.kind});
            EXPECT_EQ(entry.prefix, key_prefix(entry.key));
        });
    }
    void append_batch(LogWriter& log, const std::vector<Written>& batch) {
        std::vector<Entry> entries;
        for (const Written& one : batch)
            entries.push_back(Entry::make(one.key, one.value, one.sequence, one.kind));
        log.append(encode_log_batch(batch.front().sequence, entries));
        written.insert(written.end(), batch.begin(), batch.end());
    }

    const std::string path = "t/3.log";
    std::unique_ptr<FileSystem> files = make_memory_file_system();
    LogRecovery recovery;
    std::vector<Written> found, written;
};

TEST_F(WriteAheadLogTest, GivesBackBatchesInOrder) {
    LogWriter log(*files, path, 3, {2, 555, true}, 4096);
    Random random(1);
    Sequence next = 10;
    for (int round = 0; round < 50; ++round) {
        std::vector<Written> batch;
        for (uint64_t i = 0, count = 1 + random.below(5); i < count; ++i) {
            const bool put = random.below(3) != 0;
            batch.push_back({std::string(random.below(4), 'k'),
                             put ? std::string(random.below(300), 'v') : "", next++,
                             put ? Kind::value : Kind::tombstone});
        }
        append_batch(log, batch);
    }
    EXPECT_EQ(log.number(), 3u);
    const uint64_t length = log.length();
    log.close();
    const LogReplay result = replay();
    EXPECT_EQ(found, written);
    EXPECT_EQ(recovery.batches, 50u);
    EXPECT_EQ(recovery.entries, written.size());
    EXPECT_TRUE(recovery.notes.empty());
    EXPECT_TRUE(result.has_header);
    EXPECT_TRUE(result.whole);
    EXPECT_EQ(result.length, length);
    EXPECT_EQ(result.previous.number, 2u);
    EXPECT_EQ(result.previous.length, 555u);
    EXPECT_TRUE(result.previous.synced);
}

TEST_F(WriteAheadLogTest, SaysHowItEnds) {
    LogWriter log(*files, path, 3, {}, 4096);
    append_batch(log, {{"a", "1", 1, Kind::value}});
    EXPECT_FALSE(log.end().synced);
    log.sync();
    EXPECT_TRUE(log.end().synced);
    EXPECT_EQ(log.end().number, 3u);
    EXPECT_EQ(log.end().length, log.length());
    append_batch(log, {{"b", "1", 2, Kind::value}});
    EXPECT_FALSE(log.end().synced);
}

TEST_F(WriteAheadLogTest, ATornTailIsSealedAndReported) {
    LogWriter log(*files, path, 3, {}, 4096);
    append_batch(log, {{"a", "1", 1, Kind::value}});
    const uint64_t first = log.length();
    append_batch(log, {{"b", "2", 2, Kind::value}, {"c", "3", 3, Kind::value}});
    log.close();
    const std::string whole = contents(path);
    for (uint64_t size = first + 1; size < whole.size(); ++size) {
        overwrite(path, whole.substr(0, size));
        const LogReplay result = replay();
        ASSERT_EQ(found.size(), 1u) << "a part of a batch at " << size;
        EXPECT_FALSE(result.whole);
        EXPECT_EQ(result.length, first);
        ASSERT_EQ(recovery.notes.size(), 1u);
        EXPECT_NE(recovery.notes[0].find(path), std::string::npos);
        EXPECT_NE(recovery.notes[0].find(std::to_string(first)), std::string::npos);
    }
}

TEST_F(WriteAheadLogTest, WithoutAWholeHeaderThereIsNoLog) {
    {
        LogWriter(*files, path, 3, {}, 4096).close();
    }
    const std::string whole = contents(path);
    for (uint64_t size = 0; size < whole.size(); ++size) {
        overwrite(path, whole.substr(0, size));
        const LogReplay result = replay();
        EXPECT_FALSE(result.has_header) << size;
        EXPECT_FALSE(result.whole);
        EXPECT_EQ(result.length, 0u);
    }
    overwrite(path, std::string(5000, '\0'));
    EXPECT_FALSE(replay().has_header);
}

TEST_F(WriteAheadLogTest, ALogUnderAnotherNumberIsNotTaken) {
    LogWriter log(*files, path, 3, {}, 4096);
    append_batch(log, {{"a", "1", 1, Kind::value}});
    log.close();
    EXPECT_FALSE(replay(4).has_header);
    EXPECT_TRUE(found.empty());
}

TEST_F(WriteAheadLogTest, RotInFrontOfSyncedRecordsIsRefused) {
    LogWriter log(*files, path, 3, {}, 4096);
    append_batch(log, {{"a", "1", 1, Kind::value}});
    const uint64_t place = log.length();
    append_batch(log, {{"b", "2", 2, Kind::value}});
    log.sync();
    append_batch(log, {{"c", "3", 3, Kind::value}});
    log.close();
    std::string bytes = contents(path);
    bytes[place + kRecordHeaderBytes + 1] ^= 4;
    overwrite(path, bytes);
    try {
        replay();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::corruption);
        EXPECT_EQ(error.place().file, path);
        EXPECT_EQ(error.place().offset, place);
    }
}

TEST_F(WriteAheadLogTest, ANewerFormatIsAVersionErrorWhateverItsHeaderHolds) {
    for (const uint64_t more : {0, 17, 40}) {
        std::string header;
        put_fixed32(header, kLogVersion + 1);
        header.append(more, 'x');
        overwrite(path, frame_record(header, 3, 0, 0));
        try {
            replay();
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::version) << error.what();
            EXPECT_EQ(error.place().file, path);
        }
    }
}

TEST_F(WriteAheadLogTest, RecordsThatHoldNoBatchAreRefused) {
    std::string header;
    put_fixed32(header, kLogVersion);
    header.append(17, '\0');
    const Entry entries[] = {Entry::make("key", "value", 1, Kind::value),
                             Entry::make("k", "", 2, Kind::tombstone)};
    const std::string good = encode_log_batch(1, entries);
    std::vector<std::string> wrong = {good + "x", "\x80", std::string(9, '\xff')};
    for (size_t size = 1; size < good.size(); ++size) wrong.push_back(good.substr(0, size));
    std::string kind = good;
    kind[2] = 9;
    wrong.push_back(kind);
    std::string huge;
    put_varint(huge, 1);
    put_varint(huge, UINT64_MAX);
    wrong.push_back(huge);
    for (const std::string& payload : wrong) {
        std::string bytes = frame_record(header, 3, 0, 0);
        const uint64_t place = bytes.size();
        bytes += frame_record(payload, 3, place, 0);
        overwrite(path, bytes);
        try {
            replay();
            FAIL() << "passed with " << payload.size() << " bytes";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::corruption);
            EXPECT_EQ(error.place().offset, place);
        }
    }
}

}  // namespace
}  // namespace lsm
