// Backups: what comes back is the tree that was there, and no damage of a backup passes.
#include "framework/tree/backup.hpp"

#include <gtest/gtest.h>

#include "tests/support/failing_file_system.hpp"
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
    const BackupSummary made = backup_folder(*files, "t", "b");
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
    backup_folder(*files, "t", "b");
    EXPECT_FALSE(files->exists("b/999.table"));
    EXPECT_FALSE(files->exists("b/0.log"));
    EXPECT_FALSE(files->exists("b/LOCK"));
}

TEST_F(BackupTest, AnOpenTreeIsLocked) {
    const auto tree = AnyTree::open(small_options(*files));
    EXPECT_EQ(error_of([&] { backup_folder(*files, "t", "b"); }).kind(), ErrorKind::locked);
}

TEST_F(BackupTest, TakesATreeThatWasNotClosed) {
    const auto tree = AnyTree::open(small_options(*files));
    tree->put("more", "1");
    model["more"] = "1";
    const auto stopped = copy_of(*files);
    backup_folder(*stopped, "t", "b");
    restore_backup(*stopped, "b", "r");
    auto options = small_options(*stopped);
    options.folder = "r";
    EXPECT_EQ(contents(*AnyTree::open(options)), model);
}

TEST_F(BackupTest, NeedsATreeAndAnEmptyTarget) {
    EXPECT_EQ(error_of([&] { backup_folder(*files, "nowhere", "b"); }).kind(), ErrorKind::io);
    files->create_folder("full");
    write_file(*files, "full/thesis.tex", "precious");
    EXPECT_EQ(error_of([&] { backup_folder(*files, "t", "full"); }).kind(), ErrorKind::io);
    backup_folder(*files, "t", "b");
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
        Error error = error_of([&] { backup_folder(*files, "t", "b"); });
        EXPECT_EQ(error.kind(), ErrorKind::corruption) << error.what();
        EXPECT_EQ(error.place().file, path);
        files->remove(path);
        error = error_of([&] { backup_folder(*files, "t", "b"); });
        EXPECT_EQ(error.kind(), ErrorKind::corruption) << error.what();
        EXPECT_EQ(error.place().file, path);
        EXPECT_FALSE(files->exists("b"));
        write_file(*files, path, bytes);
    }
    backup_folder(*files, "t", "b");
}

TEST_F(BackupTest, EveryKindOfDamageOfABackupIsRefusedBeforeAnythingIsWritten) {
    backup_folder(*files, "t", "b");
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
    backup_folder(*files, "t", "b");
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

TEST_F(BackupTest, ANewerListIsAVersionError) {
    backup_folder(*files, "t", "b");
    write_file(*files, "b/BACKUP", "lsmlab backup 2\nin another way\n");
    EXPECT_EQ(error_of([&] { restore_backup(*files, "b", "r"); }).kind(), ErrorKind::version);
}

TEST_F(BackupTest, OneThatWasCutShortIsNoBackupAndNoTree) {
    FailingFileSystem failing(*files);
    failing.fail(Call::sync, ".table", 1);
    EXPECT_EQ(error_of([&] { backup_folder(failing, "t", "b"); }).kind(), ErrorKind::io);
    failing.heal();
    EXPECT_EQ(error_of([&] { restore_backup(*files, "b", "r"); }).kind(), ErrorKind::corruption);
    backup_folder(*files, "t", "c");
    failing.fail(Call::sync, ".table", 1);
    EXPECT_EQ(error_of([&] { restore_backup(failing, "c", "r"); }).kind(), ErrorKind::io);
    EXPECT_THROW(restored("r"), Error);
}

}  // namespace
}  // namespace lsm
