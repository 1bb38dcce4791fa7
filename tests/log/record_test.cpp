// The framing of records: what a crash may leave behind is the end of the file, all other damage is
// an error with its place.
#include "framework/log/record.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"
#include "framework/base/random.hpp"

namespace lsm {
namespace {

constexpr uint64_t kFile = 7;

/// A file of records: each says that all before record `synced_upto` of it had been synced.
struct RecordFile {
    std::string bytes;
    std::vector<uint64_t> offsets;

    void add(std::string_view payload, uint64_t synced_before) {
        offsets.push_back(bytes.size());
        bytes += frame_record(payload, kFile, bytes.size(), synced_before);
    }
};

RecordFile unsynced_file() {
    RecordFile file;
    for (const char* payload : {"a", "second record", "the third", "x"}) file.add(payload, 0);
    return file;
}

RecordFile synced_file() {
    RecordFile file;
    for (const char* payload : {"a", "second record", "the third", "x"})
        file.add(payload, file.bytes.size());
    return file;
}

std::vector<std::string> read_all(RecordReader& reader) {
    std::vector<std::string> payloads;
    while (const auto payload = reader.next()) payloads.emplace_back(*payload);
    return payloads;
}

std::vector<std::string> read_all(std::string_view bytes, uint64_t file = kFile) {
    RecordReader reader(bytes, "file", file);
    return read_all(reader);
}

TEST(RecordTest, GivesBackWhatWasFramed) {
    const RecordFile file = unsynced_file();
    RecordReader reader(file.bytes, "file", kFile);
    EXPECT_EQ(read_all(reader), (std::vector<std::string>{"a", "second record", "the third", "x"}));
    EXPECT_EQ(reader.offset(), file.bytes.size());
    EXPECT_FALSE(reader.torn());
}

TEST(RecordTest, ATailTornAtAnyByteLeavesTheWholeRecordsBeforeIt) {
    const RecordFile file = synced_file();
    const std::vector<std::string> all = read_all(file.bytes);
    for (uint64_t size = 0; size <= file.bytes.size(); ++size) {
        size_t whole = 0;
        while (whole < all.size() &&
               size >= (whole + 1 < all.size() ? file.offsets[whole + 1] : file.bytes.size())) {
            ++whole;
        }
        RecordReader reader(std::string_view(file.bytes).substr(0, size), "file", kFile);
        EXPECT_EQ(read_all(reader),
                  std::vector<std::string>(all.begin(), all.begin() + static_cast<long>(whole)))
            << size;
        const uint64_t end = whole < all.size() ? file.offsets[whole] : file.bytes.size();
        EXPECT_EQ(reader.offset(), end) << size;
    }
}

TEST(RecordTest, ReservedSpaceIsTheEndAndNoTornTail) {
    for (const uint64_t zeros : {1, 4, 15, 16, 17, 5000}) {
        const RecordFile file = unsynced_file();
        const std::string bytes = file.bytes + std::string(zeros, '\0');
        RecordReader reader(bytes, "file", kFile);
        EXPECT_EQ(read_all(reader).size(), 4u);
        EXPECT_FALSE(reader.torn());
        EXPECT_EQ(reader.offset(), file.bytes.size());
    }
}

TEST(RecordTest, AHalfWrittenRecordInReservedSpaceIsATornTail) {
    const RecordFile file = unsynced_file();
    const std::string next = frame_record("never whole", kFile, file.bytes.size(), 0);
    for (uint64_t size = 1; size < next.size(); ++size) {
        const std::string bytes = file.bytes + next.substr(0, size) + std::string(100, '\0');
        RecordReader reader(bytes, "file", kFile);
        EXPECT_EQ(read_all(reader).size(), 4u) << size;
        EXPECT_TRUE(reader.torn()) << size;
        EXPECT_EQ(reader.offset(), file.bytes.size()) << size;
    }
}

TEST(RecordTest, GarbageBehindTheRecordsIsATornTail) {
    Random random(1);
    for (int round = 0; round < 200; ++round) {
        std::string garbage(1 + random.below(300), '\0');
        for (char& byte : garbage) byte = static_cast<char>(random.below(256));
        garbage[0] = 1;
        const std::string bytes = unsynced_file().bytes + garbage;
        RecordReader reader(bytes, "file", kFile);
        EXPECT_EQ(read_all(reader).size(), 4u);
        EXPECT_TRUE(reader.torn());
    }
}

TEST(RecordTest, RotInFrontOfSyncedBytesIsRefusedWithFileAndOffset) {
    const RecordFile file = synced_file();
    const uint64_t last = file.offsets.back();
    for (uint64_t byte = 0; byte < last; ++byte) {
        for (const int bit : {0, 7}) {
            std::string bytes = file.bytes;
            bytes[byte] = static_cast<char>(bytes[byte] ^ (1 << bit));
            uint64_t record = 0;
            for (const uint64_t offset : file.offsets) {
                if (offset <= byte) record = offset;
            }
            try {
                read_all(bytes);
                FAIL() << "byte " << byte << " passed";
            } catch (const Error& error) {
                EXPECT_EQ(error.kind(), ErrorKind::corruption);
                EXPECT_EQ(error.place().file, "file");
                EXPECT_EQ(error.place().offset, record) << byte;
                EXPECT_FALSE(error.remedy().empty());
            }
        }
    }
}

TEST(RecordTest, ZeroedPagesInFrontOfSyncedBytesAreRefused) {
    RecordFile file = synced_file();
    file.bytes.replace(file.offsets[1], file.offsets[2] - file.offsets[1],
                       file.offsets[2] - file.offsets[1], '\0');
    EXPECT_THROW(read_all(file.bytes), Error);
}

TEST(RecordTest, DamageAmongBytesThatWereNeverSyncedIsATornTail) {
    const RecordFile file = unsynced_file();
    std::string bytes = file.bytes;
    bytes[file.offsets[1] + 20] ^= 1;
    RecordReader reader(bytes, "file", kFile);
    EXPECT_EQ(read_all(reader), (std::vector<std::string>{"a"}));
    EXPECT_TRUE(reader.torn());
    EXPECT_EQ(reader.offset(), file.offsets[1]);
}

TEST(RecordTest, OnlyWhatWasSyncedBehindTheDamageTellsRot) {
    // The last record knows of a sync that covered the first record only.
    RecordFile file;
    file.add("first", 0);
    const uint64_t first_end = file.bytes.size();
    file.add("second", first_end);
    file.add("third", first_end);
    std::string second_damaged = file.bytes, first_damaged = file.bytes;
    second_damaged[file.offsets[1] + 18] ^= 1;
    first_damaged[18] ^= 1;
    EXPECT_EQ(read_all(second_damaged), (std::vector<std::string>{"first"}));
    EXPECT_THROW(read_all(first_damaged), Error);
}

TEST(RecordTest, ARecordPassesInItsOwnPlaceOnly) {
    const std::string record = frame_record("payload", kFile, 0, 0);
    EXPECT_EQ(read_all(record).size(), 1u);
    EXPECT_EQ(read_all(record, kFile + 1).size(), 0u);
    EXPECT_EQ(read_all(record + record).size(), 1u) << "the same record at another offset";
}

TEST(RecordTest, RefusesAPayloadThatItsLengthFieldCanNotHold) {
    const char byte = 0;
    // Refused before a byte of it is read.
    EXPECT_THROW(frame_record(std::string_view(&byte, uint64_t{1} << 32), kFile, 0, 0), Error);
}

/// Structures of lengths and places, as an index has them: each could be the head of a record.
TEST(RecordTest, ValuesThatLookLikeRecordsAreSearchedInReasonableTime) {
    std::string value;
    for (int i = 0; i < 500'000; ++i) {
        put_fixed32(value, 1);
        put_fixed32(value, 2'000'000);
        put_fixed64(value, 2'000'000);
    }
    RecordFile file;
    file.add("first", 0);
    file.add(value, 0);
    file.add("last", 0);
    file.bytes[kRecordHeaderBytes] = static_cast<char>(file.bytes[kRecordHeaderBytes] ^ 1);
    RecordReader reader(file.bytes, "1.log", kFile);
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.torn());
    file.add("synced", file.bytes.size());  // and a sync is seen behind all of them
    RecordReader synced(file.bytes, "1.log", kFile);
    EXPECT_THROW(synced.next(), Error);
}

TEST(RecordTest, LongDamagedTailsAreSearchedInReasonableTime) {
    // Every word looks like a length that fits.
    RecordFile file = unsynced_file();
    std::string tail(1, '\1');
    while (tail.size() < (1u << 20)) tail.append("\x00\x00\x07\x00", 4);
    const std::string bytes = file.bytes + tail;
    RecordReader reader(bytes, "file", kFile);
    EXPECT_EQ(read_all(reader).size(), 4u);
    EXPECT_TRUE(reader.torn());
}

}  // namespace
}  // namespace lsm
