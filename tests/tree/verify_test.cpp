// What `lab verify` stands on: sound folders are sound, closed or crashed; all damage is named with
// its file; and a look changes nothing.
#include "framework/tree/verify.hpp"

#include <gtest/gtest.h>

#include "framework/base/coding.hpp"
#include "framework/base/hash.hpp"
#include "framework/log/record.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

class VerifyTest : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto tree = AnyTree::open(small_options(*files));
        for (uint64_t i = 0; i < 330; ++i) {
            const std::string key = key_of(i % 150);
            tree->put(key, std::to_string(i) + std::string(40, 'v'));
            if (i % 40 == 7) tree->remove(key_of(i % 90));
            if (i == 200) tree->remove_range(key_of(10), key_of(20));
            if (i % 50 == 3) tree->put(key_of(1000 + i), "for a while", 100000);
        }
        running = copy_of(*files);
        tree->close();
    }
    static VerifyReport verify(FileSystem& in) { return verify_folder(in, "t", all_policies()); }
    static std::string words(const VerifyReport& report) {
        std::string text;
        for (const Error& damage : report.damage) text += std::string(damage.what()) + "\n";
        return text;
    }
    static void flip(FileSystem& in, const std::string& path, uint64_t offset) {
        std::string bytes = file_bytes(in, path);
        bytes[offset] = static_cast<char>(bytes[offset] ^ 0x10);
        write_file(in, path, bytes);
    }

    std::unique_ptr<FileSystem> files = make_memory_file_system();
    std::unique_ptr<FileSystem> running;  // as a power plug would have left it before close()
};

TEST_F(VerifyTest, ASoundFolderIsSoundAndUnchanged) {
    for (FileSystem* one : {files.get(), running.get()}) {
        const Map before = folder_bytes(*one);
        const VerifyReport report = verify(*one);
        EXPECT_TRUE(report.sound()) << words(report);
        EXPECT_TRUE(report.notes.empty());
        EXPECT_GT(report.tables.size(), 3u);
        EXPECT_GT(report.entries, 100u);
        EXPECT_GT(report.log_entries, 0u);
        uint64_t bytes = 0;
        for (const auto& [name, text] : before) bytes += text.size();
        EXPECT_EQ(report.bytes, bytes);
        EXPECT_EQ(folder_bytes(*one), before);
    }
}

TEST_F(VerifyTest, AllDamageIsNamedWithItsPlace) {
    const std::string log = newest(*files, ".log");
    std::vector<std::string> tables;
    for (const auto& [name, bytes] : folder_bytes(*files)) {
        if (name.ends_with(".table")) tables.push_back("t/" + name);
    }
    ASSERT_GE(tables.size(), 4u);
    flip(*files, tables[0], 3);
    flip(*files, tables[0], 400);  // of another block
    flip(*files, tables[1], files->file_size(tables[1]) - 30);
    files->remove(tables[2]);
    flip(*files, log, 20);
    const VerifyReport report = verify(*files);
    ASSERT_EQ(report.damage.size(), 5u) << words(report);
    EXPECT_EQ(report.damage[0].place().file, tables[0]);
    EXPECT_EQ(report.damage[0].place().offset, 0u);
    EXPECT_EQ(report.damage[1].place().file, tables[0]);
    EXPECT_GT(report.damage[1].place().offset, 100u);
    EXPECT_EQ(report.damage[2].place().file, tables[1]);
    EXPECT_EQ(report.damage[2].place().offset, files->file_size(tables[1]) - 72);
    EXPECT_EQ(report.damage[3].place().file, tables[2]);
    EXPECT_EQ(report.damage[4].place().file, log);
    for (const Error& damage : report.damage) EXPECT_EQ(damage.kind(), ErrorKind::corruption);
}

TEST_F(VerifyTest, TablesAreLookedAtWithoutAManifestToo) {
    const std::string table = newest(*files, ".table");
    flip(*files, table, 3);
    std::string manifest = read_text_file(*files, "t/CURRENT");
    manifest = "t/" + manifest.substr(0, manifest.size() - 1);
    flip(*files, manifest, 20);
    VerifyReport report = verify(*files);
    ASSERT_EQ(report.damage.size(), 2u) << words(report);
    EXPECT_EQ(report.damage[0].place().file, manifest);
    EXPECT_EQ(report.damage[1].place().file, table);
    files->remove("t/CURRENT");
    report = verify(*files);
    ASSERT_EQ(report.damage.size(), 2u) << words(report);
    EXPECT_EQ(report.damage[0].place().file, "t/CURRENT");
    EXPECT_EQ(report.damage[1].place().file, table);
}

/// A filter that denies a key, properties that say what is not so: right checksums, wrong content.
TEST_F(VerifyTest, WhatChecksumsLetThroughIsFound) {
    const std::string path = newest(*files, ".table");
    const TableId id = std::stoull(path.substr(2));
    const std::string whole = file_bytes(*files, path);
    const Footer footer =
        Footer::decode(whole.substr(whole.size() - Footer::kBytes), path, whole.size(), id);
    const auto change = [&](BlockHandle handle, const auto& edit) {
        std::string bytes = whole;
        std::string block = bytes.substr(handle.offset, handle.size - 4);
        edit(block);
        put_fixed32(block, checksum32(block, block_seed(id, handle.offset)));
        ASSERT_EQ(block.size(), handle.size);
        write_file(*files, path, bytes.replace(handle.offset, handle.size, block));
    };
    change(footer.filter,
           [](std::string& block) { std::fill(block.begin(), block.end() - 2, '\0'); });
    VerifyReport report = verify(*files);
    ASSERT_EQ(report.damage.size(), 1u) << words(report);
    EXPECT_NE(words(report).find("its filter denies key"), std::string::npos) << words(report);
    EXPECT_EQ(report.damage[0].place().offset, footer.filter.offset);
    change(footer.properties, [](std::string& block) {
        const size_t at = block.find("tombstones") + std::string("tombstones").size() + 1;
        block[at] = static_cast<char>(block[at] + 1);
    });
    report = verify(*files);
    ASSERT_GE(report.damage.size(), 2u) << words(report);
    EXPECT_NE(words(report).find("other tombstones than it says"), std::string::npos);
    EXPECT_NE(words(report).find("number of tombstones is not what the manifest says"),
              std::string::npos);
}

TEST_F(VerifyTest, ATreeInUseAndANewerFormatAreRefused) {
    {
        const auto tree = AnyTree::open(small_options(*files));
        EXPECT_EQ(error_of([&] { verify(*files); }).kind(), ErrorKind::locked);
    }
    EXPECT_EQ(error_of([&] { verify_folder(*files, "none", all_policies()); }).kind(),
              ErrorKind::io);
    files->create_folder("empty");
    EXPECT_EQ(error_of([&] { verify_folder(*files, "empty", all_policies()); }).kind(),
              ErrorKind::io);
    std::string name = read_text_file(*files, "t/CURRENT");
    name.pop_back();
    const uint64_t number = std::stoull(name.substr(9));
    std::string payload;
    put_fixed32(payload, kManifestVersion + 1);
    write_file(*files, "t/" + name, frame_record(payload + "what comes", number, 0, 0));
    const Map before = folder_bytes(*files);
    EXPECT_EQ(error_of([&] { verify(*files); }).kind(), ErrorKind::version);
    EXPECT_EQ(folder_bytes(*files), before);
}

TEST_F(VerifyTest, LeftoversOfACrashAreNoDamage) {
    write_file(*files, "t/999.table", "half a table");
    write_file(*files, "t/0.log", "an old log");
    const VerifyReport report = verify(*files);
    EXPECT_TRUE(report.sound()) << words(report);
    EXPECT_EQ(std::count_if(report.files.begin(), report.files.end(),
                            [](const VerifiedFile& file) { return !file.is_needed; }),
              2);
}

/// Any byte of any file: it is named, or the tree's data is right all the same.
TEST_F(VerifyTest, AFlippedByteIsNamedOrTheDataIsRight) {
    const auto tree_of = [](FileSystem& in) { return contents(*open_tree(in)); };
    const Map right = tree_of(*copy_of(*files));
    const Map before = folder_bytes(*files);
    uint64_t named = 0, harmless = 0;
    for (const auto& [name, bytes] : before) {
        for (uint64_t offset = 0; offset < bytes.size(); offset += 1 + bytes.size() / 40) {
            const auto damaged = copy_of(*files);
            flip(*damaged, "t/" + name, offset);
            const VerifyReport report = verify(*damaged);
            if (report.sound()) {
                EXPECT_EQ(tree_of(*damaged), right) << name << " at byte " << offset;
                ++harmless;
                continue;
            }
            ++named;
            EXPECT_EQ(report.damage.front().place().file, "t/" + name) << words(report);
        }
    }
    EXPECT_GT(named, 10 * harmless);
}

}  // namespace
}  // namespace lsm
