// Backups: what comes back is the tree that was there, and no damage of a backup passes.
#include "framework/tree/backup.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "framework/base/hash.hpp"
#include "framework/os/faulty_file_system.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

class BackupTest : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto tree = AnyTree::open(small_options(*files));
        for (uint64_t i = 0; i < 330; ++i) {
            const std::string key = key_of(i % 150),
                              value = std::to_string(i) + std::string(40, 'v');
            tree->put(key, value);
            model[key] = value;
        }
        tree->close();
        before = folder_bytes(*files);
    }
    Map restored(const std::string& folder) {
        auto options = small_options(*files);
        options.folder = folder;
        return contents(*AnyTree::open(options));
    }

    std::unique_ptr<FileSystem> files = make_memory_file_system();
    Map model, before;
};

TEST_F(BackupTest, ARestoredTreeIsTheTree) {
    const BackupSummary made = backup_folder(*files, "t", "b", all_policies());
    EXPECT_EQ(made.files, before.size());
    uint64_t bytes = 0;
    for (const auto& [name, text] : before) bytes += text.size();
    EXPECT_EQ(made.bytes, bytes);
    EXPECT_EQ(folder_bytes(*files, "t"), before) << "the source is untouched";
    const BackupSummary back = restore_backup(*files, "b", "r");
    EXPECT_EQ(back.bytes, bytes);
    EXPECT_EQ(folder_bytes(*files, "r"), before);
    EXPECT_EQ(restored("r"), model);
    EXPECT_EQ(restored("t"), model);
}

TEST_F(BackupTest, LeavesOutWhatTheTreeDoesNotNeed) {
    write_file(*files, "t/999.table", "half a table");
    write_file(*files, "t/0.log", "an old log");
    backup_folder(*files, "t", "b", all_policies());
    EXPECT_FALSE(files->exists("b/999.table"));
    EXPECT_FALSE(files->exists("b/0.log"));
    EXPECT_FALSE(files->exists("b/LOCK"));
}

TEST_F(BackupTest, AnOpenTreeIsLocked) {
    const auto tree = AnyTree::open(small_options(*files));
    EXPECT_EQ(error_of([&] { backup_folder(*files, "t", "b", all_policies()); }).kind(),
              ErrorKind::locked);
}

TEST_F(BackupTest, TakesATreeThatWasNotClosed) {
    const auto tree = AnyTree::open(small_options(*files));
    tree->put("more", "1");
    model["more"] = "1";
    const auto stopped = copy_of(*files);
    backup_folder(*stopped, "t", "b", all_policies());
    restore_backup(*stopped, "b", "r");
    auto options = small_options(*stopped);
    options.folder = "r";
    EXPECT_EQ(contents(*AnyTree::open(options)), model);
}

TEST_F(BackupTest, NeedsATreeAndAnEmptyTarget) {
    EXPECT_EQ(error_of([&] { backup_folder(*files, "nowhere", "b", all_policies()); }).kind(),
              ErrorKind::io);
    files->create_folder("full");
    write_file(*files, "full/thesis.tex", "precious");
    EXPECT_EQ(error_of([&] { backup_folder(*files, "t", "full", all_policies()); }).kind(),
              ErrorKind::io);
    backup_folder(*files, "t", "b", all_policies());
    EXPECT_EQ(error_of([&] { restore_backup(*files, "b", "full"); }).kind(), ErrorKind::io);
    EXPECT_EQ(error_of([&] { restore_backup(*files, "b", "b"); }).kind(), ErrorKind::io);
    EXPECT_EQ(files->list("full"), std::vector<std::string>{"thesis.tex"});
    files->create_folder("empty");
    restore_backup(*files, "b", "empty");
    EXPECT_EQ(restored("empty"), model);
}

TEST_F(BackupTest, ADamagedSourceIsRefused) {
    for (const char* ending : {".table", ".log"}) {
        const std::string path = newest(*files, ending);
        const std::string bytes = file_bytes(*files, path);
        write_file(*files, path, bytes.substr(0, bytes.size() - 1));
        Error error = error_of([&] { backup_folder(*files, "t", "b", all_policies()); });
        EXPECT_EQ(error.kind(), ErrorKind::corruption) << error.what();
        EXPECT_EQ(error.place().file, path);
        files->remove(path);
        error = error_of([&] { backup_folder(*files, "t", "b", all_policies()); });
        EXPECT_EQ(error.kind(), ErrorKind::corruption) << error.what();
        EXPECT_EQ(error.place().file, path);
        EXPECT_FALSE(files->exists("b"));
        write_file(*files, path, bytes);
    }
    backup_folder(*files, "t", "b", all_policies());
}

TEST_F(BackupTest, EveryKindOfDamageOfABackupIsRefusedBeforeAnythingIsWritten) {
    backup_folder(*files, "t", "b", all_policies());
    for (const auto& [name, bytes] : folder_bytes(*files, "b")) {
        const std::string path = "b/" + name;
        std::string flipped = bytes;
        flipped[bytes.size() / 2] ^= 1;
        for (const std::string& wrong :
             {flipped, bytes.substr(0, bytes.size() - 1), bytes + "x", std::string()}) {
            write_file(*files, path, wrong);
            const Error error = error_of([&] { restore_backup(*files, "b", "r"); });
            EXPECT_EQ(error.kind(), ErrorKind::corruption) << path << ": " << error.what();
            EXPECT_EQ(error.place().file, path);
        }
        files->remove(path);
        const Error error = error_of([&] { restore_backup(*files, "b", "r"); });
        EXPECT_EQ(error.kind(), ErrorKind::corruption);
        EXPECT_EQ(error.place().file, path);
        EXPECT_FALSE(files->exists("r"));
        write_file(*files, path, bytes);
    }
    restore_backup(*files, "b", "r");
    EXPECT_EQ(restored("r"), model);
}

TEST_F(BackupTest, NoChangedByteOfTheListPasses) {
    backup_folder(*files, "t", "b", all_policies());
    const std::string list = file_bytes(*files, "b/BACKUP");
    for (size_t place = 0; place < list.size(); ++place) {
        std::string wrong = list;
        wrong[place] = static_cast<char>(wrong[place] ^ 1);
        write_file(*files, "b/BACKUP", wrong);
        const Error error = error_of([&] { restore_backup(*files, "b", "r"); });
        EXPECT_TRUE(error.kind() == ErrorKind::corruption || error.kind() == ErrorKind::version)
            << place;
    }
}

TEST_F(BackupTest, AFolderThatLostItsCurrentIsDamagedAndAnyOtherIsNoTree) {
    files->remove("t/CURRENT");
    EXPECT_EQ(error_of([&] { backup_folder(*files, "t", "b", all_policies()); }).kind(),
              ErrorKind::corruption);
    files->create_folder("empty");
    for (const char* other : {"empty", "nowhere"}) {
        const Error error = error_of([&] { backup_folder(*files, other, "b", all_policies()); });
        EXPECT_EQ(error.kind(), ErrorKind::io) << other;
        EXPECT_NE(std::string(error.what()).find("there is no tree here"), std::string::npos);
    }
    EXPECT_FALSE(files->exists("empty/LOCK")) << "nothing was written there";
}

TEST_F(BackupTest, ANewerListIsAVersionError) {
    backup_folder(*files, "t", "b", all_policies());
    const std::string newer = "lsmlab backup 2\nin another way\n";
    char sum[17];
    std::snprintf(sum, sizeof sum, "%016llx",
                  static_cast<unsigned long long>(hash_bytes(newer, 0)));
    write_file(*files, "b/BACKUP", newer + "end 0 " + sum + "\n");
    EXPECT_EQ(error_of([&] { restore_backup(*files, "b", "r"); }).kind(), ErrorKind::version);
    write_file(*files, "b/BACKUP", newer);  // a flipped bit in the version is none
    const Error damaged = error_of([&] { restore_backup(*files, "b", "r"); });
    EXPECT_EQ(damaged.kind(), ErrorKind::corruption);
    EXPECT_TRUE(damaged.place().offset.has_value());
}

TEST_F(BackupTest, OneThatWasCutShortIsNoBackupAndNoTree) {
    FaultyFileSystem failing(*files);
    failing.fail(FileCall::sync, ".table", 1);
    EXPECT_EQ(error_of([&] { backup_folder(failing, "t", "b", all_policies()); }).kind(),
              ErrorKind::io);
    failing.heal();
    EXPECT_EQ(error_of([&] { restore_backup(*files, "b", "r"); }).kind(), ErrorKind::corruption);
    backup_folder(*files, "t", "c", all_policies());
    failing.fail(FileCall::sync, ".table", 1);
    EXPECT_EQ(error_of([&] { restore_backup(failing, "c", "r"); }).kind(), ErrorKind::io);
    EXPECT_TRUE(files->list("r").empty());
}

/// Wherever it finds no room: the next try has an empty folder before it.
TEST_F(BackupTest, OneThatFailedCanBeTriedAgain) {
    const auto tries_until = [&](const std::string& done, const auto& action) {
        uint64_t tries = 0;
        for (; !files->exists(done); ++tries) {
            FaultyFileSystem disk(*files);
            disk.set_size(1500 * tries);
            try {
                action(disk);
            } catch (const Error& error) {
                EXPECT_EQ(error.kind(), ErrorKind::io);
                EXPECT_TRUE(files->list(parent_folder(done)).empty());
            }
        }
        return tries;
    };
    EXPECT_GT(
        tries_until("b/BACKUP", [](auto& disk) { backup_folder(disk, "t", "b", all_policies()); }),
        5u);
    EXPECT_GT(tries_until("r/CURRENT", [](auto& disk) { restore_backup(disk, "b", "r"); }), 5u);
    EXPECT_EQ(restored("r"), model);
}

TEST_F(BackupTest, ARottenBlockOfATableIsRefused) {
    for (const char* format : {"row_block", "plain"}) {
        for (const char* codec : {"none", "zstd"}) {
            auto settings = small_settings();
            settings.format.policy = format;
            settings.codec = codec;
            const auto here = make_memory_file_system();
            const auto tree = AnyTree::open(small_options(*here, SyncMode::process, settings));
            for (uint64_t i = 0; i < 130; ++i) tree->put(key_of(i), std::string(50, 'v'));
            tree->close();
            const std::string path = newest(*here, ".table");
            const std::string bytes = file_bytes(*here, path);
            for (size_t place = 0; place < bytes.size(); place += 13) {
                std::string rotten = bytes;
                rotten[place] = static_cast<char>(rotten[place] ^ 0x40);
                write_file(*here, path, rotten);
                const Error error =
                    error_of([&] { backup_folder(*here, "t", "b", all_policies()); });
                EXPECT_EQ(error.kind(), ErrorKind::corruption) << place << ": " << error.what();
                EXPECT_EQ(error.place().file, path);
                ASSERT_TRUE(error.place().offset.has_value()) << error.what();
                EXPECT_LE(*error.place().offset, place);
                EXPECT_FALSE(here->exists("b"));
            }
            write_file(*here, path, bytes);
            EXPECT_TRUE(backup_folder(*here, "t", "b", all_policies()).unknown_formats.empty());
        }
    }
}

TEST_F(BackupTest, TablesOfAFormatThatNobodyKnowsAreToldOf) {
    const Registry none;
    const BackupSummary made = backup_folder(*files, "t", "b", none);
    EXPECT_EQ(made.unknown_formats, std::vector<std::string>{"row_block"});
    restore_backup(*files, "b", "r");
    EXPECT_EQ(restored("r"), model);
}

/// A BACKUP that says what is wanted, with checksums that are right.
std::string forged(FileSystem& files, const std::string& folder,
                   const std::vector<std::string>& names) {
    std::string text = "lsmlab backup 1\n";
    const auto hex = [](uint64_t number) {
        char digits[17];
        std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
        return std::string(digits);
    };
    for (const std::string& name : names) {
        const std::string bytes = file_bytes(files, folder + "/" + name);
        text += name + " " + std::to_string(bytes.size()) + " " + hex(hash_bytes(bytes, 0)) + "\n";
    }
    return text + "end " + std::to_string(names.size()) + " " + hex(hash_bytes(text, 0)) + "\n";
}

TEST_F(BackupTest, AListThatLeadsElsewhereIsRefusedBeforeAnythingIsWritten) {
    backup_folder(*files, "t", "b", all_policies());
    std::vector<std::string> names = files->list("b");
    std::erase(names, "BACKUP");
    EXPECT_EQ(forged(*files, "b", names).size(), file_bytes(*files, "b/BACKUP").size());
    write_file(*files, "b/BACKUP", forged(*files, "b", names));
    restore_backup(*files, "b", "in_another_order");
    write_file(*files, "payload", "evil");
    write_file(*files, "b/notes.txt", "mine");
    files->create_folder("b/7.table");
    write_file(*files, "b/7.table/1.log", "deep");
    const auto refused = [&](std::vector<std::string> wrong, const std::string& words) {
        write_file(*files, "b/BACKUP", forged(*files, "b", wrong));
        const Error error = error_of([&] { restore_backup(*files, "b", "x/r"); });
        EXPECT_EQ(error.kind(), ErrorKind::corruption) << error.what();
        EXPECT_EQ(error.place().file, "b/BACKUP");
        EXPECT_NE(error.message().find(words), std::string::npos) << error.what();
        EXPECT_FALSE(files->exists("x"));
    };
    for (const char* extra : {"../payload", "./CURRENT", "notes.txt", "7.table/1.log", "CURRENT"}) {
        std::vector<std::string> more = names;
        more.emplace_back(extra);
        refused(more, std::string("`") + extra + "`");
    }
    std::vector<std::string> less = names;
    std::erase(less, "CURRENT");
    refused(less, "CURRENT is not in the list");
    less = names;
    std::erase_if(less, [](const std::string& name) { return name.starts_with("MANIFEST"); });
    refused(less, "the manifest that CURRENT names is not in the list");
    EXPECT_EQ(file_bytes(*files, "payload"), "evil");
}

TEST_F(BackupTest, ATargetInsideOfItsSourceIsRefused) {
    for (const char* inside : {"t/in", "./t/x/../in/", "u/../t/in/deep"}) {
        const auto error = error_of([&] { backup_folder(*files, "t", inside, all_policies()); });
        EXPECT_EQ(error.kind(), ErrorKind::usage) << error.what();
    }
    EXPECT_EQ(folder_bytes(*files, "t"), before);
    backup_folder(*files, "t", "t2", all_policies());
    EXPECT_EQ(error_of([&] { restore_backup(*files, "t2", "t2/sub"); }).kind(), ErrorKind::usage);
    restore_backup(*files, "t2", "t22");
}

}  // namespace
}  // namespace lsm
