// The manifest on its own: codecs that take any bytes, records that a crash cut short, CURRENT, and
// the change to a new file.
#include "framework/log/manifest.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"
#include "framework/log/manifest_codec.hpp"
#include "framework/log/record.hpp"
#include "framework/os/faulty_file_system.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm {
namespace {

TableShape table(TableId id, std::string smallest, std::string largest) {
    TableShape shape;
    shape.id = id;
    shape.smallest = std::move(smallest);
    shape.largest = std::move(largest);
    shape.entries = 100 + id;
    shape.tombstones = 3;
    shape.logical_bytes = 1 << 20;
    shape.stored_bytes = 999999;
    shape.filter_bits = 1000;
    shape.oldest_sequence = 5;
    shape.newest_sequence = uint64_t{1} << 40;
    shape.created_tick = 17;
    shape.oldest_tombstone_tick = 16;
    shape.newest_write_tick = 15;
    shape.reads = 14;
    return shape;
}

TreeState some_state() {
    TreeState state;
    state.next_file = 300;
    state.next_run = 40;
    state.last_sequence = 123456789;
    state.first_log = 290;
    state.sealed_log = 291;
    state.sealed_length = 4711;
    state.named_log = 290;
    state.shape.tick = 99;
    state.shape.edit = 12;
    state.shape.levels.resize(3);
    state.shape.levels[0].runs = {{7, {table(20, "", "m")}, false},
                                  {6, {table(18, "a", "f"), table(19, "g", "z")}, true}};
    state.shape.levels[0].cursor = "from here";
    state.shape.levels[2].runs = {
        {2, {table(3, std::string(300, 'k'), std::string(300, 'l'))}, false}};
    return state;
}

ManifestRecord some_record() {
    ManifestRecord record;
    record.edit.removed = {3, 20};
    record.edit.added.push_back({2, 41, true, table(301, "b", "c")});
    record.edit.cursor = TreeEdit::Cursor{1, "next"};
    record.next_file = 302;
    record.next_run = 42;
    record.last_sequence = 5;
    record.first_log = 290;
    record.tick = 100;
    return record;
}

std::string contents(FileSystem& files, const std::string& path) {
    const auto file = files.open(path);
    std::string bytes(file->size(), '\0');
    if (!bytes.empty()) file->read(0, bytes.size(), bytes.data(), {});
    return bytes;
}

void overwrite(FileSystem& files, const std::string& path, std::string_view bytes) {
    const auto file = files.create(path);
    file->append(bytes, {});
    file->close();
}

ErrorKind kind_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.kind();
    }
    ADD_FAILURE() << "no error";
    return ErrorKind::usage;
}

TEST(ManifestCodecTest, StateComesBackWhole) {
    const TreeState state = some_state();
    const std::string bytes = encode_state(state);
    const TreeState back = decode_state(bytes, "m");
    EXPECT_EQ(encode_state(back), bytes);
    EXPECT_EQ(back.next_file, 300u);
    EXPECT_EQ(back.next_run, 40u);
    EXPECT_EQ(back.last_sequence, 123456789u);
    EXPECT_EQ(back.first_log, 290u);
    EXPECT_EQ(back.sealed_log, 291u);
    EXPECT_EQ(back.sealed_length, 4711u);
    EXPECT_EQ(back.named_log, 290u);
    EXPECT_EQ(back.shape.tick, 99u);
    EXPECT_EQ(back.shape.edit, 12u);
    ASSERT_EQ(back.shape.levels.size(), 3u);
    EXPECT_EQ(back.shape.levels[0].cursor, "from here");
    EXPECT_TRUE(back.shape.levels[0].runs[1].overtakes);
    const TableShape& kept = back.shape.levels[0].runs[1].tables[1];
    EXPECT_EQ(kept.id, 19u);
    EXPECT_EQ(kept.smallest, "g");
    EXPECT_EQ(kept.largest, "z");
    EXPECT_EQ(kept.entries, 119u);
    EXPECT_EQ(kept.tombstones, 3u);
    EXPECT_EQ(kept.logical_bytes, uint64_t{1} << 20);
    EXPECT_EQ(kept.stored_bytes, 999999u);
    EXPECT_EQ(kept.filter_bits, 1000u);
    EXPECT_EQ(kept.oldest_sequence, 5u);
    EXPECT_EQ(kept.newest_sequence, uint64_t{1} << 40);
    EXPECT_EQ(kept.created_tick, 17u);
    EXPECT_EQ(kept.oldest_tombstone_tick, 16u);
    EXPECT_EQ(kept.newest_write_tick, 15u);
    EXPECT_EQ(kept.reads, 14u);
}

TEST(ManifestCodecTest, RecordComesBackWhole) {
    const std::string bytes = encode_record(some_record());
    const ManifestRecord back = decode_record(bytes, "m", 0, kManifestVersion);
    EXPECT_EQ(encode_record(back), bytes);
    EXPECT_EQ(back.edit.removed, (std::vector<TableId>{3, 20}));
    ASSERT_EQ(back.edit.added.size(), 1u);
    EXPECT_EQ(back.edit.added[0].level, 2);
    EXPECT_EQ(back.edit.added[0].run, 41u);
    EXPECT_TRUE(back.edit.added[0].overtakes);
    EXPECT_EQ(back.edit.added[0].table.id, 301u);
    ASSERT_TRUE(back.edit.cursor.has_value());
    EXPECT_EQ(back.edit.cursor->key, "next");
    EXPECT_EQ(back.tick, 100u);
}

/// Every truncation and every changed byte of a payload whose checksum is right: an error, or a
/// value that encodes to the same bytes; never a crash.
void try_damage(const std::string& good,
                const std::function<std::string(const std::string&)>& decode_and_encode) {
    for (size_t size = 0; size < good.size(); ++size) {
        EXPECT_EQ(kind_of([&] { decode_and_encode(good.substr(0, size)); }), ErrorKind::corruption)
            << size;
    }
    EXPECT_EQ(kind_of([&] { decode_and_encode(good + "x"); }), ErrorKind::corruption);
    for (size_t place = 0; place < good.size(); ++place) {
        for (int change = 1; change < 256; ++change) {
            std::string bytes = good;
            bytes[place] = static_cast<char>(bytes[place] ^ change);
            try {
                const std::string again = decode_and_encode(bytes);
                // Varints and booleans have longer forms of the same value.
                EXPECT_EQ(decode_and_encode(again), again) << place;
            } catch (const Error& error) {
                EXPECT_TRUE(error.kind() == ErrorKind::corruption ||
                            error.kind() == ErrorKind::version);
                EXPECT_EQ(error.place().file, "m");
            }
        }
    }
}

TEST(ManifestCodecTest, NoDamageOfAStateCrashes) {
    TreeState small = some_state();
    small.shape.levels[2].runs[0].tables[0] = table(3, "k", "l");
    try_damage(encode_state(small),
               [](const std::string& bytes) { return encode_state(decode_state(bytes, "m")); });
}

TEST(ManifestCodecTest, NoDamageOfARecordCrashes) {
    try_damage(encode_record(some_record()), [](const std::string& bytes) {
        return encode_record(decode_record(bytes, "m", 0, kManifestVersion));
    });
}

/// Numbers that no tree counts up to: names of files would not be found again, and sequence numbers
/// would not fit into entries.
TEST(ManifestCodecTest, NumbersBeyondWhatTheyCountAreDamage) {
    const auto kind = [](const auto& decode) {
        try {
            decode();
        } catch (const Error& error) {
            return error.kind();
        }
        return ErrorKind::usage;
    };
    TreeState state = some_state();
    state.last_sequence = kMaxSequence + 1;
    EXPECT_EQ(kind([&] { decode_state(encode_state(state), "M"); }), ErrorKind::corruption);
    state = some_state();
    state.next_file = kMaxFileNumber + 1;
    EXPECT_EQ(kind([&] { decode_state(encode_state(state), "M"); }), ErrorKind::corruption);
    state.next_file = kMaxFileNumber;
    EXPECT_EQ(decode_state(encode_state(state), "M").next_file, kMaxFileNumber);
    ManifestRecord record;
    record.last_sequence = kMaxSequence + 1;
    EXPECT_EQ(kind([&] { decode_record(encode_record(record), "M", 9, kManifestVersion); }),
              ErrorKind::corruption);
    record = {};
    record.edit.added.push_back({1, 1, false, table(1, "a", std::string(kMaxKeyBytes + 1, 'b'))});
    EXPECT_EQ(kind([&] { decode_record(encode_record(record), "M", 9, kManifestVersion); }),
              ErrorKind::corruption);
}

TEST(ManifestCodecTest, ANewerFormatIsAVersionError) {
    std::string bytes;
    put_fixed32(bytes, kManifestVersion + 1);
    bytes += "whatever comes then";
    EXPECT_EQ(kind_of([&] { decode_state(bytes, "m"); }), ErrorKind::version);
}

class ManifestTest : public ::testing::Test {
  protected:
    void SetUp() override {
        files->create_folder("t");
        state.next_file = 5;
    }
    ManifestRecord adds(TableId id) {
        ManifestRecord record;
        record.next_file = id + 1;
        record.next_run = id + 2;
        record.last_sequence = id * 10;
        record.first_log = id * 2;
        record.tick = id * 3;
        record.edit.added.push_back({1, id, false, table(id, "a", "z")});
        return record;
    }

    std::unique_ptr<FileSystem> files = make_memory_file_system();
    TreeState state;
};

TEST_F(ManifestTest, AFolderWithoutCurrentHasNone) {
    EXPECT_FALSE(Manifest::read(*files, "t").has_value());
}

TEST_F(ManifestTest, GivesTheStateAfterItsEdits) {
    Manifest manifest(*files, "t", state);
    EXPECT_EQ(manifest.file_number(), 5u);
    EXPECT_EQ(state.next_file, 6u);
    manifest.append(adds(10));
    manifest.append(adds(11));
    manifest.close();
    const auto read = Manifest::read(*files, "t");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->next_file, 12u);
    EXPECT_EQ(read->next_run, 13u);
    EXPECT_EQ(read->last_sequence, 110u);
    EXPECT_EQ(read->first_log, 22u);
    EXPECT_EQ(read->shape.tick, 33u);
    EXPECT_EQ(read->shape.edit, 2u);
    ASSERT_EQ(read->shape.level(1).runs.size(), 2u);
    EXPECT_EQ(read->shape.level(1).runs[0].id, 11u) << "newest first";
}

TEST_F(ManifestTest, ALastRecordTornAtAnyByteIsLeftOutAndReported) {
    uint64_t second = 0;
    {
        Manifest manifest(*files, "t", state);
        manifest.append(adds(10));
        second = files->file_size("t/MANIFEST-5");
        manifest.append(adds(11));
        manifest.close();
    }
    const std::string whole = contents(*files, "t/MANIFEST-5");
    for (uint64_t size = second; size < whole.size(); ++size) {
        overwrite(*files, "t/MANIFEST-5", whole.substr(0, size));
        std::vector<std::string> notes;
        const auto read = Manifest::read(*files, "t", &notes);
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(read->shape.edit, 1u) << size;
        EXPECT_EQ(read->next_file, 11u) << size;
        EXPECT_EQ(notes.size(), size == second ? 0u : 1u) << size;
    }
}

TEST_F(ManifestTest, DamageInFrontOfTheLastRecordIsRefusedWithFileAndOffset) {
    uint64_t first = 0;
    {
        Manifest manifest(*files, "t", state);
        first = files->file_size("t/MANIFEST-5");
        manifest.append(adds(10));
        manifest.append(adds(11));
        manifest.close();
    }
    const std::string whole = contents(*files, "t/MANIFEST-5");
    for (const uint64_t place : {uint64_t{0}, uint64_t{30}, first, first + 20}) {
        std::string bytes = whole;
        bytes[place] ^= 8;
        overwrite(*files, "t/MANIFEST-5", bytes);
        try {
            Manifest::read(*files, "t");
            FAIL() << place;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::corruption);
            EXPECT_EQ(error.place().file, "t/MANIFEST-5");
            EXPECT_EQ(error.place().offset, place < first ? 0 : first);
        }
    }
}

TEST_F(ManifestTest, AFileWithoutAWholeFirstRecordIsRefused) {
    {
        Manifest(*files, "t", state).close();
    }
    const std::string whole = contents(*files, "t/MANIFEST-5");
    for (const uint64_t size : {uint64_t{0}, uint64_t{10}, uint64_t{whole.size() - 1}}) {
        overwrite(*files, "t/MANIFEST-5", whole.substr(0, size));
        EXPECT_EQ(kind_of([&] { Manifest::read(*files, "t"); }), ErrorKind::corruption) << size;
    }
}

TEST_F(ManifestTest, ACurrentThatNamesNoManifestIsRefused) {
    {
        Manifest(*files, "t", state).close();
    }
    for (const char* text :
         {"", "\n", "MANIFEST-5", "MANIFEST-\n", "MANIFEST-x\n", "MANIFEST-5\n\n", "manifest-5\n",
          "MANIFEST-99999999999999999999999\n", "MANIFEST-6\n"}) {
        overwrite(*files, "t/CURRENT", text);
        try {
            Manifest::read(*files, "t");
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::corruption) << text;
            EXPECT_EQ(error.place().file, "t/CURRENT") << text;
        }
    }
}

TEST_F(ManifestTest, ANewFileTakesOverAndThenTheOldOneGoes) {
    Manifest manifest(*files, "t", state);
    manifest.append(adds(10));
    state = *Manifest::read(*files, "t");
    state.next_file = 40;
    manifest.begin(state);
    EXPECT_EQ(manifest.file_number(), 40u);
    EXPECT_EQ(state.next_file, 41u);
    EXPECT_FALSE(files->exists("t/MANIFEST-5"));
    EXPECT_TRUE(files->exists("t/MANIFEST-40"));
    manifest.append(adds(50));
    manifest.close();
    const auto read = Manifest::read(*files, "t");
    EXPECT_EQ(read->shape.edit, 2u);
    EXPECT_EQ(read->shape.level(1).runs.size(), 2u);
}

TEST_F(ManifestTest, IsLargeOnceItsEditsOutweighItsState) {
    Manifest manifest(*files, "t", state);
    EXPECT_FALSE(manifest.needs_new_file());
    ManifestRecord big = adds(10);
    big.edit.added[0].table.largest.assign(60000, 'z');
    for (int i = 0; i < 17; ++i) manifest.append(big);
    EXPECT_FALSE(manifest.needs_new_file());
    manifest.append(big);
    manifest.append(big);
    EXPECT_TRUE(manifest.needs_new_file());
}

TEST_F(ManifestTest, AFailedWritePoisonsItWithTheFirstCause) {
    FaultyFileSystem failing(*files);
    Manifest manifest(failing, "t", state);
    manifest.append(adds(10));
    failing.fail(FileCall::sync, "MANIFEST-5");
    EXPECT_EQ(kind_of([&] { manifest.append(adds(11)); }), ErrorKind::io);
    failing.heal();
    try {
        manifest.append(adds(12));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::read_only);
        EXPECT_NE(std::string(error.what()).find("sync"), std::string::npos) << error.what();
    }
}

TEST_F(ManifestTest, AFailedChangeToANewFileLeavesTheOldOneInForce) {
    for (const auto& [call, ending] :
         {std::pair(FileCall::create, "MANIFEST-40"), std::pair(FileCall::append, "MANIFEST-40"),
          std::pair(FileCall::sync, "MANIFEST-40"), std::pair(FileCall::rename, "CURRENT")}) {
        SetUp();
        files = make_memory_file_system();
        files->create_folder("t");
        state = {};
        state.next_file = 5;
        FaultyFileSystem failing(*files);
        Manifest manifest(failing, "t", state);
        manifest.append(adds(10));
        TreeState next = *Manifest::read(*files, "t");
        next.next_file = 40;
        failing.fail(call, ending);
        EXPECT_EQ(kind_of([&] { manifest.begin(next); }), ErrorKind::io);
        failing.heal();
        EXPECT_FALSE(manifest.needs_new_file());
        EXPECT_EQ(kind_of([&] { manifest.append(adds(11)); }), ErrorKind::read_only);
        EXPECT_EQ(Manifest::read(*files, "t")->shape.edit, 1u);
    }
}

TEST_F(ManifestTest, AnOldFileThatCanNotBeRemovedIsNoFailure) {
    FaultyFileSystem failing(*files);
    Manifest manifest(failing, "t", state);
    failing.fail(FileCall::remove, "MANIFEST-5");
    state.next_file = 40;
    manifest.begin(state);
    manifest.append(adds(50));
    EXPECT_EQ(Manifest::read(*files, "t")->shape.edit, 1u);
}

}  // namespace
}  // namespace lsm
