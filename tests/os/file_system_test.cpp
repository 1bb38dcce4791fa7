// What every file system must do alike.
#include "framework/os/file_system.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/base/random.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/os/metered_file_system.hpp"
#include "tests/os/temp_folder.hpp"

namespace lsm {
namespace {

constexpr IoTag kTag{Cause::flush, BlockKind::data, 3};

struct Kind {
    std::string name;
    bool real;     // on the disk
    bool metered;  // behind a ledger and a gauge
};

class FileSystemTest : public testing::TestWithParam<Kind> {
  protected:
    FileSystemTest() {
        if (!GetParam().real) {
            memory_ = make_memory_file_system();
            memory_->create_folder(temp_.path());
        }
        FileSystem& under = memory_ ? *memory_ : posix_file_system();
        if (GetParam().metered) metered_ = make_metered_file_system(under, ledger_, gauge_);
        files_ = metered_ ? metered_.get() : &under;
    }

    std::string path(const std::string& name) const { return temp_ / name; }

    void write(const std::string& name, std::string_view bytes) {
        const auto file = files_->create(path(name));
        file->append(bytes, kTag);
        file->close();
    }

    std::string read(const std::string& name) { return read_text_file(*files_, path(name)); }

    /// Fails unless the action throws an error of this kind that names the path and has these
    /// words.
    void expect_error(ErrorKind kind, const std::string& name, const std::string& words,
                      const std::function<void()>& action) {
        try {
            action();
            ADD_FAILURE() << "no error about " << name;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), kind) << error.what();
            EXPECT_EQ(error.place().file, path(name));
            EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
        }
    }

    TempFolder temp_;
    Ledger ledger_;
    StorageGauge gauge_;
    std::unique_ptr<FileSystem> memory_, metered_;
    FileSystem* files_ = nullptr;
};

std::string random_bytes(uint64_t size, uint64_t seed) {
    Random random(seed);
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.next());
    return bytes;
}

TEST_P(FileSystemTest, AppendedBytesAreReadBack) {
    // Sizes around the buffers' and chunks' ends.
    const std::string bytes = random_bytes(700'000, 1);
    const auto file = files_->create(path("a"));
    uint64_t written = 0;
    Random random(2);
    while (written < bytes.size()) {
        uint64_t piece = random.below(4) == 0 ? random.below(200'000) : random.below(100);
        piece = std::min<uint64_t>(piece, bytes.size() - written);
        file->append(std::string_view(bytes).substr(written, piece), kTag);
        written += piece;
        EXPECT_EQ(file->size(), written);
        if (random.below(50) == 0) file->sync();
    }
    file->close();
    EXPECT_EQ(files_->file_size(path("a")), bytes.size());
    const auto reader = files_->open(path("a"));
    EXPECT_EQ(reader->size(), bytes.size());
    for (int i = 0; i < 1000; ++i) {
        const uint64_t offset = random.below(bytes.size());
        const uint64_t size = random.below(std::min<uint64_t>(150'000, bytes.size() - offset) + 1);
        std::string got(size, '\0');
        reader->read(offset, size, got.data(), kTag);
        ASSERT_EQ(got, bytes.substr(offset, size)) << offset << " " << size;
    }
}

TEST_P(FileSystemTest, LogKeepsItsTrueSize) {
    const std::string bytes = random_bytes(100'000, 3);
    for (const uint64_t reserve : {1, 4096, 10'000, 1 << 20}) {
        const auto log = files_->create_log(path("log"), reserve);
        Random random(4);
        uint64_t written = 0;
        while (written < bytes.size()) {
            const uint64_t piece = std::min<uint64_t>(random.below(9000), bytes.size() - written);
            log->append(std::string_view(bytes).substr(written, piece), kTag);
            written += piece;
            EXPECT_EQ(log->size(), written);
            if (random.below(10) == 0) log->sync();
        }
        log->close();
        EXPECT_EQ(files_->file_size(path("log")), bytes.size());
        EXPECT_EQ(read("log"), bytes) << reserve;
    }
    files_->create_log(path("empty"), 4096)->close();
    EXPECT_EQ(read("empty"), "");
}

TEST_P(FileSystemTest, LogIsReadableWhileItIsWritten) {
    const auto log = files_->create_log(path("log"), 4096);
    log->append("acknowledged", kTag);
    const auto reader = files_->open(path("log"));
    std::string start(12, '\0');
    reader->read(0, start.size(), start.data(), kTag);
    EXPECT_EQ(start, "acknowledged");
}

TEST_P(FileSystemTest, DestructorCloses) {
    files_->create(path("a"))->append("bytes", kTag);
    EXPECT_EQ(read("a"), "bytes");
    files_->create_log(path("log"), 4096)->append("bytes", kTag);
    EXPECT_EQ(read("log"), "bytes");
}

TEST_P(FileSystemTest, ClosedFilesRefuse) {
    const auto file = files_->create(path("a"));
    const auto log = files_->create_log(path("log"), 4096);
    file->append("x", kTag);
    log->append("y", kTag);
    file->close();
    log->close();
    expect_error(ErrorKind::usage, "a", "closed", [&] { file->append("x", kTag); });
    expect_error(ErrorKind::usage, "a", "closed", [&] { file->sync(); });
    expect_error(ErrorKind::usage, "a", "closed", [&] { file->close(); });
    expect_error(ErrorKind::usage, "log", "closed", [&] { log->append("x", kTag); });
    expect_error(ErrorKind::usage, "log", "closed", [&] { log->close(); });
    EXPECT_EQ(file->size(), 1);
    EXPECT_EQ(read("a"), "x");
}

TEST_P(FileSystemTest, ShortReadSaysSo) {
    write("a", "0123456789");
    const auto reader = files_->open(path("a"));
    char buffer[32];
    expect_error(ErrorKind::io, "a", "ends after 4 of the 8 bytes",
                 [&] { reader->read(6, 8, buffer, kTag); });
    expect_error(ErrorKind::io, "a", "ends after 0 of the 1 bytes",
                 [&] { reader->read(100, 1, buffer, kTag); });
    reader->read(10, 0, buffer, kTag);
    reader->read(0, 10, buffer, kTag);
    EXPECT_EQ(std::string(buffer, 10), "0123456789");
}

TEST_P(FileSystemTest, MissingFilesAreErrorsThatNameThePath) {
    const auto missing = [&](const std::string& name, const std::function<void()>& action) {
        expect_error(ErrorKind::io, name, "No such file", action);
    };
    missing("nothing", [&] { files_->open(path("nothing")); });
    missing("nothing", [&] { files_->remove(path("nothing")); });
    missing("nothing", [&] { files_->remove_folder(path("nothing")); });
    missing("nothing", [&] { files_->file_size(path("nothing")); });
    missing("nothing", [&] { files_->list(path("nothing")); });
    missing("nothing", [&] { files_->rename(path("nothing"), path("b")); });
    missing("nothing", [&] { files_->link(path("nothing"), path("b")); });
    missing("nothing", [&] { files_->sync_folder(path("nothing")); });
    missing("no/a", [&] { files_->create(path("no/a")); });
    missing("no/a", [&] { files_->create_log(path("no/a"), 4096); });
    missing("no/a", [&] { files_->lock(path("no/a")); });
    EXPECT_FALSE(files_->exists(path("nothing")));
    EXPECT_FALSE(files_->is_folder(path("nothing")));
    EXPECT_FALSE(files_->exists(path("no/a")));
}

TEST_P(FileSystemTest, FoldersAndFilesAreNotTakenForEachOther) {
    files_->create_folder(path("folder"));
    write("file", "x");
    EXPECT_TRUE(files_->is_folder(path("folder")));
    EXPECT_FALSE(files_->is_folder(path("file")));
    EXPECT_TRUE(files_->exists(path("file")));
    expect_error(ErrorKind::io, "folder", "Is a directory", [&] { files_->open(path("folder")); });
    expect_error(ErrorKind::io, "folder", "Is a directory",
                 [&] { files_->create(path("folder")); });
    expect_error(ErrorKind::io, "folder", "Is a directory",
                 [&] { files_->remove(path("folder")); });
    expect_error(ErrorKind::io, "folder", "Is a directory",
                 [&] { files_->file_size(path("folder")); });
    expect_error(ErrorKind::io, "file", "Not a directory", [&] { files_->list(path("file")); });
    expect_error(ErrorKind::io, "file", "Not a directory",
                 [&] { files_->remove_folder(path("file")); });
    expect_error(ErrorKind::io, "file/a", "Not a directory",
                 [&] { files_->create(path("file/a")); });
    expect_error(ErrorKind::io, "file/b", "Not a directory",
                 [&] { files_->create_folder(path("file/b")); });
}

TEST_P(FileSystemTest, FoldersHoldNames) {
    files_->create_folder(path("one/two/three"));
    files_->create_folder(path("one/two/three"));
    write("one/b", "1");
    write("one/a", "22");
    write("one//two/./c", "333");
    EXPECT_EQ(files_->list(path("one")), (std::vector<std::string>{"a", "b", "two"}));
    EXPECT_EQ(files_->list(path("one/")), (std::vector<std::string>{"a", "b", "two"}));
    EXPECT_EQ(files_->list(path("one/two")), (std::vector<std::string>{"c", "three"}));
    EXPECT_EQ(files_->list(path("one/two/three")), std::vector<std::string>{});
    expect_error(ErrorKind::io, "one/two", "not empty",
                 [&] { files_->remove_folder(path("one/two")); });
    files_->remove(path("one/two/c"));
    files_->remove_folder(path("one/two/three"));
    files_->remove_folder(path("one/two"));
    EXPECT_EQ(files_->list(path("one")), (std::vector<std::string>{"a", "b"}));
    files_->sync_folder(path("one"));
}

TEST_P(FileSystemTest, RenameReplaces) {
    write("a", "new");
    write("b", "old");
    files_->rename(path("a"), path("b"));
    EXPECT_EQ(read("b"), "new");
    EXPECT_FALSE(files_->exists(path("a")));
    files_->rename(path("b"), path("b"));
    EXPECT_EQ(read("b"), "new");
    files_->create_folder(path("folder/inner"));
    write("folder/c", "inside");
    expect_error(ErrorKind::io, "b", "Is a directory",
                 [&] { files_->rename(path("b"), path("folder")); });
    expect_error(ErrorKind::io, "folder", "Not a directory",
                 [&] { files_->rename(path("folder"), path("b")); });
    expect_error(ErrorKind::io, "folder", "Invalid",
                 [&] { files_->rename(path("folder"), path("folder/inner/x")); });
    files_->rename(path("folder"), path("moved"));
    EXPECT_EQ(read("moved/c"), "inside");
    EXPECT_FALSE(files_->exists(path("folder")));
}

TEST_P(FileSystemTest, OpenFilesOutliveTheirNames) {
    write("a", "first");
    const auto first = files_->open(path("a"));
    write("a", "second one");  // made anew
    const auto second = files_->open(path("a"));
    files_->remove(path("a"));
    std::string text(5, '\0');
    first->read(0, 5, text.data(), kTag);
    EXPECT_EQ(text, "first");
    EXPECT_EQ(first->size(), 5);
    text.resize(10);
    second->read(0, 10, text.data(), kTag);
    EXPECT_EQ(text, "second one");
}

TEST_P(FileSystemTest, HardLinksShareTheContentAndOutliveEachOther) {
    write("a", "content");
    files_->create_folder(path("copy"));
    files_->link(path("a"), path("copy/a"));
    EXPECT_EQ(read("copy/a"), "content");
    expect_error(ErrorKind::io, "a", "exists", [&] { files_->link(path("a"), path("copy/a")); });
    write("a", "other");
    EXPECT_EQ(read("copy/a"), "content") << "a file made anew is another file";
    files_->remove(path("a"));
    EXPECT_EQ(read("copy/a"), "content");
}

TEST_P(FileSystemTest, TextFilesAreReplacedAsAWhole) {
    write_text_file(*files_, path("CURRENT"), "one\n");
    write_text_file(*files_, path("CURRENT"), "two\n");
    EXPECT_EQ(read("CURRENT"), "two\n");
    EXPECT_EQ(files_->list(temp_.path()), std::vector<std::string>{"CURRENT"});
    files_->create_folder(path("folder"));
    EXPECT_THROW(write_text_file(*files_, path("folder"), "x"), Error);
    EXPECT_EQ(files_->list(temp_.path()), (std::vector<std::string>{"CURRENT", "folder"}))
        << "what was written for nothing is gone";
    EXPECT_THROW(write_text_file(*files_, path("no/CURRENT"), "x"), Error);
}

TEST_P(FileSystemTest, RealPathsOfOnePlaceAreTheSame) {
    files_->create_folder(path("a/b"));
    const std::string real = files_->real_path(path("a/b"));
    for (const char* same : {"a/b/", "./a//b", "a/c/../b", "a/b/../../a/b/."})
        EXPECT_EQ(files_->real_path(path(same)), real) << same;
    EXPECT_EQ(files_->real_path(path("a/b/new/deep")), real + "/new/deep");
    EXPECT_NE(files_->real_path("a/b"), real) << "that is another place";
    if (GetParam().real) {
        files_->link_latest("a/b", path("latest"));
        EXPECT_EQ(files_->real_path(path("latest/new")), real + "/new");
    }
}

TEST_P(FileSystemTest, ANewFolderIsMadeByOneOnly) {
    EXPECT_TRUE(files_->create_new_folder(path("run")));
    EXPECT_TRUE(files_->is_folder(path("run")));
    EXPECT_FALSE(files_->create_new_folder(path("run")));
    write("file", "x");
    EXPECT_FALSE(files_->create_new_folder(path("file"))) << "a file takes the name as well";
    expect_error(ErrorKind::io, "no/run", "No such file",
                 [&] { files_->create_new_folder(path("no/run")); });
    for (int round = 0; round < 50; ++round) {
        const std::string name = path("race-" + std::to_string(round));
        std::atomic<int> made{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] { made += files_->create_new_folder(name) ? 1 : 0; });
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(made, 1);
    }
}

TEST_P(FileSystemTest, LatestLinksAreMadeByManyAtOnce) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) files_->link_latest("run", path("latest"));
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(files_->list(temp_.path()),
              GetParam().real ? std::vector<std::string>{"latest"} : std::vector<std::string>{});
}

TEST_P(FileSystemTest, LatestLinkFollowsItsTarget) {
    files_->create_folder(path("run-1"));
    files_->create_folder(path("run-2"));
    write("run-2/trials.csv", "trial\n");
    files_->link_latest("run-1", path("latest"));
    files_->link_latest("run-2", path("latest"));
    if (!GetParam().real) {
        EXPECT_FALSE(files_->exists(path("latest")));
        return;
    }
    EXPECT_EQ(read("latest/trials.csv"), "trial\n");
    expect_error(ErrorKind::io, "run-1", "exists",
                 [&] { files_->link_latest("run-2", path("run-1")); });
}

TEST_P(FileSystemTest, LockHasOneHolder) {
    auto held = files_->lock(path("LOCK"));
    expect_error(ErrorKind::locked, "LOCK", "this process", [&] { files_->lock(path("LOCK")); });
    expect_error(ErrorKind::locked, "./LOCK", "this process",
                 [&] { files_->lock(path("./LOCK")); });
    read("LOCK");  // reading and closing it elsewhere does not let go
    expect_error(ErrorKind::locked, "LOCK", "this process", [&] { files_->lock(path("LOCK")); });
    const auto other = files_->lock(path("OTHER"));
    held.reset();
    held = files_->lock(path("LOCK"));
}

TEST_P(FileSystemTest, ConcurrentUseOfOneFileSystem) {
    const std::string bytes = random_bytes(200'000, 5);
    write("shared", bytes);
    const auto shared = files_->open(path("shared"));
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            Random random(static_cast<uint64_t>(i));
            const std::string own = "own" + std::to_string(i);
            for (int round = 0; round < 50; ++round) {
                write(own, bytes);
                files_->rename(path(own), path(own + ".done"));
                const uint64_t offset = random.below(bytes.size() - 1000);
                std::string got(1000, '\0');
                shared->read(offset, got.size(), got.data(), kTag);
                if (bytes.compare(offset, 1000, got) != 0) ++wrong;
                if (files_->list(temp_.path()).empty()) ++wrong;
                if (read(own + ".done") != bytes) ++wrong;
                files_->remove(path(own + ".done"));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(files_->list(temp_.path()), std::vector<std::string>{"shared"});
}

TEST_P(FileSystemTest, ConcurrentReaderBesideTheWriter) {
    const auto log = files_->create_log(path("log"), 8192);
    log->append(std::string(100, 'a'), kTag);
    std::thread reader([&] {
        for (int i = 0; i < 200; ++i) {
            const auto file = files_->open(path("log"));
            std::string start(100, '\0');
            file->read(0, start.size(), start.data(), kTag);
            EXPECT_EQ(start, std::string(100, 'a'));
        }
    });
    for (int i = 0; i < 2000; ++i) log->append(std::string(100, 'b'), kTag);
    reader.join();
}

INSTANTIATE_TEST_SUITE_P(All, FileSystemTest,
                         testing::Values(Kind{"Posix", true, false}, Kind{"Memory", false, false},
                                         Kind{"MeteredPosix", true, true},
                                         Kind{"MeteredMemory", false, true}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace lsm
