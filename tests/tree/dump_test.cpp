// `lab dump`: what lies in each kind of file, in words, and damage where it is.
#include "framework/tree/dump.hpp"

#include <gtest/gtest.h>

#include "framework/tree/write_batch.hpp"
#include "tests/tree/golden_text.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

class DumpTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto options = small_options(*files, SyncMode::power);
        const auto tree = AnyTree::open(options);
        for (uint64_t i = 0; i < 7; ++i) tree->put(key_of(i), std::string(3, 'v'));
        tree->remove(key_of(2));
        tree->remove_range(key_of(4), key_of(6));
        tree->put(std::string("\0key", 4), "for a while", 500);
        tree->flush();
        WriteBatch batch;
        batch.put("one", "1");
        batch.remove("two");
        tree->write(batch);
        tree->put("three", std::string(100, 'x'));
        crashed = copy_of(*files);
        tree->close();
    }
    static std::string dump(FileSystem& in, const std::string& path, uint64_t damage = 0) {
        std::string text;
        EXPECT_EQ(dump_file(in, path, all_policies(),
                            [&](const std::string& line) { text += line + "\n"; }),
                  damage);
        return text;
    }
    static void flip(FileSystem& in, const std::string& path, uint64_t offset) {
        std::string bytes = file_bytes(in, path);
        bytes[offset] = static_cast<char>(bytes[offset] ^ 0x10);
        write_file(in, path, bytes);
    }
    static std::string manifest(FileSystem& in) {
        const std::string text = read_text_file(in, "t/CURRENT");
        return "t/" + text.substr(0, text.size() - 1);
    }

    std::unique_ptr<FileSystem> files = make_memory_file_system();
    std::unique_ptr<FileSystem> crashed;  // as a power loss leaves it
};

TEST_F(DumpTest, AllKindsOfFilesInWords) {
    std::string text = dump(*files, "t/CURRENT") + "\n" + dump(*files, manifest(*files)) + "\n" +
                       dump(*crashed, manifest(*crashed)) + "\n" +
                       dump(*files, newest(*files, ".log")) + "\n" +
                       dump(*files, newest(*files, ".table"));
    expect_golden("dump.txt", text);
}

TEST_F(DumpTest, DamageIsShownWhereItIsAndTheRestBehindIt) {
    const std::string log = newest(*files, ".log"), table = newest(*files, ".table");
    flip(*files, log, 40);
    flip(*crashed, newest(*crashed, ".log"), 40);
    write_file(*crashed, newest(*crashed, ".log"),
               file_bytes(*crashed, newest(*crashed, ".log")).substr(0, 90));
    flip(*files, table, 3);
    flip(*files, manifest(*files), 2);
    std::string text = dump(*files, log, 1) + "\n" + dump(*files, table, 1) + "\n" +
                       dump(*crashed, newest(*crashed, ".log")) + "\n" +
                       dump(*files, manifest(*files));
    const uint64_t size = files->file_size(table);
    flip(*files, table, size - 20);
    text += "\n" + dump(*files, table, 1);
    write_file(*files, "t/CURRENT", "MANIFEST-77\n");
    text += "\n" + dump(*files, "t/CURRENT", 1);
    expect_golden("dump_damaged.txt", text);
}

TEST_F(DumpTest, OtherFilesAreNotATrees) {
    EXPECT_EQ(error_of([&] { dump(*files, "t/LOCK"); }).kind(), ErrorKind::usage);
    EXPECT_EQ(error_of([&] { dump(*files, "t/99.table"); }).kind(), ErrorKind::io);
}

}  // namespace
}  // namespace lsm
