// The file system that fails on purpose: what each kind of fault leaves, which call it hits, and
// how much room its disk has.
#include "framework/os/faulty_file_system.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <tuple>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/os/io_error.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm {
namespace {

constexpr IoTag kNoCause{};

class FaultyFileSystemTest : public ::testing::Test {
  protected:
    FaultyFileSystemTest() { memory->create_folder("f"); }
    std::string text(const std::string& path) { return read_text_file(*memory, path); }

    std::unique_ptr<FileSystem> memory = make_memory_file_system();
    FaultyFileSystem files{*memory};
};

TEST_F(FaultyFileSystemTest, LeavesOfAFailedAppendWhatItsKindSays) {
    for (const auto& [fault, left, full] :
         {std::tuple(Fault::error, "", false), std::tuple(Fault::torn, "ab", false),
          std::tuple(Fault::full, "", true), std::tuple(Fault::torn_full, "ab", true)}) {
        const auto file = files.create("f/file");
        files.fail(FileCall::append, "file", 0, fault);
        bool was_full = false;
        try {
            file->append("abcd", kNoCause);
            ADD_FAILURE() << "did not fail";
        } catch (const DiskFullError&) {
            was_full = true;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::io);
        }
        EXPECT_EQ(was_full, full);
        EXPECT_EQ(text("f/file"), left);
        files.heal();
        file->append("xy", kNoCause);
        EXPECT_EQ(text("f/file"), std::string(left) + "xy");
    }
}

TEST_F(FaultyFileSystemTest, FailsAtTheNthCallOnceOrForGood) {
    const auto exists = [&] {
        try {
            return files.exists("f");
        } catch (const Error&) {
            return false;
        }
    };
    files.fail_at(2, Fault::error, false);
    EXPECT_TRUE(exists());
    EXPECT_FALSE(exists());
    EXPECT_TRUE(exists());
    EXPECT_EQ(files.calls(), 3u);
    EXPECT_EQ(files.failed(), 1u);
    files.fail_at(2, Fault::error, true);
    EXPECT_TRUE(exists());
    EXPECT_FALSE(exists());
    EXPECT_FALSE(exists());
    EXPECT_EQ(files.failed(), 2u);
    files.heal();
    EXPECT_TRUE(exists());
}

TEST_F(FaultyFileSystemTest, EveryCallCanFail) {
    const auto file = files.create("f/file");
    const auto log = files.create_log("f/log", 4096);
    const auto reader = files.open("f/file");
    std::string none(1, '\0');
    const std::vector<std::function<void()>> calls{
        [&] { files.create("f/other"); },
        [&] { files.create_log("f/other", 4096); },
        [&] { files.open("f/file"); },
        [&] { static_cast<void>(files.exists("f")); },
        [&] { static_cast<void>(files.is_folder("f")); },
        [&] { static_cast<void>(files.file_size("f/file")); },
        [&] { files.list("f"); },
        [&] { files.create_folder("f/folder"); },
        [&] { static_cast<void>(files.create_new_folder("f/folder")); },
        [&] { files.rename("f/file", "f/other"); },
        [&] { files.remove("f/file"); },
        [&] { files.remove_folder("f/folder"); },
        [&] { files.link("f/file", "f/other"); },
        [&] { files.link_latest("f/file", "f/other"); },
        [&] { files.sync_folder("f"); },
        [&] { files.lock("f/lock"); },
        [&] { file->append("x", kNoCause); },
        [&] { file->sync(); },
        [&] { log->append("x", kNoCause); },
        [&] { log->sync(); },
        [&] { reader->read(0, 0, none.data(), kNoCause); },
    };
    for (size_t i = 0; i < calls.size(); ++i) {
        files.fail_at(1, Fault::error, false);
        EXPECT_THROW(calls[i](), Error) << i;
    }
    EXPECT_EQ(memory->list("f"), (std::vector<std::string>{"file", "log"}))
        << "what failed has not happened";
}

TEST_F(FaultyFileSystemTest, AFullDiskFailsOnlyWhatNeedsRoom) {
    write_text_file(*memory, "f/file", "text");
    files.fail_when([](FileCall, const std::string&) { return Fault::full; });
    EXPECT_EQ(read_text_file(files, "f/file"), "text");
    files.sync_folder("f");
    EXPECT_THROW(files.create("f/other"), DiskFullError);
    EXPECT_THROW(files.link("f/file", "f/other"), DiskFullError);
    files.remove("f/file");
    EXPECT_EQ(files.failed(), 2u);
}

TEST_F(FaultyFileSystemTest, ADiskHasTheRoomThatItWasGiven) {
    files.set_size(10);
    const auto file = files.create("f/a");
    file->append("123456", kNoCause);
    EXPECT_THROW(file->append("789012", kNoCause), DiskFullError);
    EXPECT_EQ(files.used(), 10u);
    files.link("f/a", "f/b");
    files.remove("f/a");
    EXPECT_EQ(files.used(), 10u) << "the file has another name";
    files.rename("f/b", "f/c");
    files.remove("f/c");
    EXPECT_EQ(files.used(), 0u);
    files.create("f/d")->append("12", kNoCause);
    files.create("f/d")->append("1", kNoCause);
    EXPECT_EQ(files.used(), 1u) << "made anew";
    files.set_size({});
    files.create("f/e")->append(std::string(100, 'x'), kNoCause);
}

}  // namespace
}  // namespace lsm
