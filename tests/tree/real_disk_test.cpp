// The contract on a real disk: one that is full, one whose sync fails, one that can only be read.
// Each in a process of its own; skipped where mounting, or strace, is not allowed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "framework/os/io_error.hpp"
#include "framework/os/posix_file_system.hpp"
#include "framework/tree/backup.hpp"
#include "tests/os/child_process.hpp"
#include "tests/os/small_disk.hpp"
#include "tests/os/temp_folder.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

constexpr const char* kSkipped = "skipped";

AnyTree::Options disk_options(const std::string& folder, SyncMode sync) {
    EngineSettings settings = small_settings();
    settings.memtable_size = 256 * 1024;
    settings.table_size = 256 * 1024;
    settings.block_size = 4096;
    AnyTree::Options options = small_options(posix_file_system(), sync, settings);
    options.folder = folder;
    options.log_reserve = 1 << 20;
    return options;
}

std::string value_of(uint64_t number) {
    return std::string(1000, static_cast<char>('a' + number % 26)) + std::to_string(number);
}

/// Writes keys from `next` on until there is no room; `next` is then the first that was refused.
std::string fill(AnyTree& tree, uint64_t& next) {
    for (; next < 100'000; ++next) {
        try {
            tree.put(key_of(next), value_of(next));
        } catch (const DiskFullError& error) {
            return error.what();
        }
    }
    return "never full";
}

/// The first key that is not as it should be, or nothing.
std::string wrong_key(const AnyTree& tree, uint64_t keys) {
    for (uint64_t i = 0; i < keys; ++i) {
        if (tree.get(key_of(i)) != value_of(i)) return key_of(i) + " is lost";
    }
    return tree.get(key_of(keys)) ? key_of(keys) + " was refused and is there" : "";
}

std::string fill_and_heal(const std::string& disk, SyncMode sync) {
    if (!mount_small(disk, "size=16m")) return kSkipped;
    FileSystem& files = posix_file_system();
    const std::string ballast = disk + "/ballast", folder = disk + "/tree";
    files.create(ballast)->append(std::string(5 << 20, 'b'), {});
    uint64_t keys = 0;
    std::string first;
    {
        const auto tree = AnyTree::open(disk_options(folder, sync));
        first = fill(*tree, keys);
        if (keys < 2000) return "full too early: " + first;
        if (const auto wrong = wrong_key(*tree, keys); !wrong.empty()) return "full: " + wrong;
        files.remove(ballast);
        for (uint64_t i = 0; i < 100; ++i, ++keys) tree->put(key_of(keys), value_of(keys));
        if (const auto wrong = wrong_key(*tree, keys); !wrong.empty()) return "healed: " + wrong;
        fill(*tree, keys);
    }
    // Opened on the full disk, for reading; then there is room.
    const auto tree = AnyTree::open(disk_options(folder, sync));
    if (sync != SyncMode::none) {
        if (const auto wrong = wrong_key(*tree, keys); !wrong.empty()) return "opened: " + wrong;
    }
    return first;
}

class FullRealDiskTest : public ::testing::TestWithParam<SyncMode> {};

TEST_P(FullRealDiskTest, AFullOneIsAClearErrorAndHeals) {
    const TempFolder temp;
    const std::string words = said_by_child([&] { return fill_and_heal(temp.path(), GetParam()); });
    if (words == kSkipped) GTEST_SKIP() << "may not mount a small file system here";
    EXPECT_NE(words.find("the disk is full"), std::string::npos) << words;
    EXPECT_NE(words.find("no space left on the device"), std::string::npos) << words;
}

INSTANTIATE_TEST_SUITE_P(Modes, FullRealDiskTest,
                         ::testing::Values(SyncMode::none, SyncMode::process, SyncMode::power));

std::string back_up_read_only(const std::string& disk, const std::string& backup) {
    if (!mount_small(disk, "size=4m")) return kSkipped;
    FileSystem& files = posix_file_system();
    AnyTree::open(disk_options(disk + "/tree", SyncMode::process))->put("a", "1");
    backup_folder(files, disk + "/tree", disk + "/without_lock", all_policies());
    if (!make_read_only(disk)) return kSkipped;
    backup_folder(files, disk + "/tree", backup + "/one", all_policies());
    backup_folder(files, disk + "/without_lock", backup + "/two", all_policies());
    for (const char* name : {"/one", "/two"}) {
        const auto tree = AnyTree::open(disk_options(backup + name, SyncMode::process));
        if (tree->get("a") != "1") return std::string(name) + " is not right";
    }
    return error_of([&] { AnyTree::open(disk_options(disk + "/tree", SyncMode::process)); }).what();
}

TEST(RealDiskTest, ATreeOnAReadOnlyMountCanBeBackedUp) {
    const TempFolder temp, other;
    const std::string words =
        said_by_child([&] { return back_up_read_only(temp.path(), other.path()); });
    if (words == kSkipped) GTEST_SKIP() << "may not mount a small file system here";
    EXPECT_NE(words.find("Read-only file system"), std::string::npos) << words;
    EXPECT_NE(words.find("choose a folder that can be written"), std::string::npos) << words;
}

/// Run under strace by the test below, which names the folder and the sync that fails.
TEST(RealDiskChild, DISABLED_WritesUntilASyncFails) {
    const std::string folder = std::getenv("LSMLAB_FOLDER");
    const auto tree = AnyTree::open(disk_options(folder, SyncMode::power));
    uint64_t acknowledged = 0;
    std::string first;
    while (first.empty() && acknowledged < 20) {
        try {
            tree->put(key_of(acknowledged), value_of(acknowledged));
            ++acknowledged;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::io);
            first = error.what();
        }
    }
    EXPECT_NE(first.find("fdatasync: Input/output error"), std::string::npos) << first;
    EXPECT_NE(first.find(".log"), std::string::npos) << first;
    for (int i = 0; i < 2; ++i) {
        const Error later = error_of([&] { tree->put("later", "1"); });
        EXPECT_EQ(later.kind(), ErrorKind::read_only);
        EXPECT_NE(std::string(later.what()).find(first), std::string::npos) << later.what();
    }
    for (uint64_t i = 0; i < acknowledged; ++i) EXPECT_EQ(tree->get(key_of(i)), value_of(i));
    EXPECT_EQ(tree->get("later"), std::nullopt);
    write_text_file(posix_file_system(), folder + ".acknowledged", std::to_string(acknowledged));
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

TEST(RealDiskTest, ASyncThatFailsIsForGoodAndARestartHasAllThatWasAcknowledged) {
    const std::string strace = "strace -f -qq -o /dev/null -e trace=fdatasync -e inject=fdatasync:";
    if (std::system((strace + "error=EIO:when=1000 true 2>/dev/null").c_str()) != 0)
        GTEST_SKIP() << "may not trace processes here, or there is no strace";
    const TempFolder temp;
    const std::string self =
        posix_file_system().real_path("/proc/self/exe") +
        " --gtest_also_run_disabled_tests --gtest_filter='RealDiskChild.*' > /dev/null";
    // Two are the manifest's as the tree is made: the third is the first write's.
    for (const int sync : {3, 4, 9}) {
        const std::string folder = temp / std::to_string(sync);
        // The search for leaks is a tracer itself, and there is one already.
        const std::string command = "ASAN_OPTIONS=detect_leaks=0 LSMLAB_FOLDER=" + quoted(folder) +
                                    " " + strace + "error=EIO:when=" + std::to_string(sync) + " " +
                                    self;
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
        const uint64_t acknowledged =
            std::stoull(read_text_file(posix_file_system(), folder + ".acknowledged"));
        EXPECT_EQ(acknowledged, static_cast<uint64_t>(sync - 3));
        const auto tree = AnyTree::open(disk_options(folder, SyncMode::power));
        for (uint64_t i = 0; i < acknowledged; ++i) EXPECT_EQ(tree->get(key_of(i)), value_of(i));
        tree->put("later", "1");
        EXPECT_EQ(tree->get("later"), "1");
    }
}

}  // namespace
}  // namespace lsm
