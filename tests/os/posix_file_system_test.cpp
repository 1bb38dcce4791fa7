// What the real disk adds: no permission, no space, other processes, kill -9.
#include "framework/os/posix_file_system.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>

#include "framework/base/error.hpp"
#include "framework/os/posix_descriptor.hpp"
#include "framework/os/posix_log_file.hpp"
#include "tests/os/child_process.hpp"
#include "tests/os/small_disk.hpp"
#include "tests/os/temp_folder.hpp"

namespace lsm {
namespace {

constexpr IoTag kNoTag{};

/// The error's words, or "no error".
template <class Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return std::string(error_kind_name(error.kind())) + ": " + error.what();
    }
    return "no error";
}

bool contains(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

/// The rest of this process is no longer root.
void become_nobody() {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(1);
}

TEST(PosixFileSystem, UnreadableFolderNamesItselfAndTheCall) {
    const TempFolder temp;
    FileSystem& files = posix_file_system();
    files.create_folder(temp / "closed");
    write_text_file(files, temp / "closed/file", "x");
    ASSERT_EQ(::chmod((temp / "closed").c_str(), 0), 0);
    ASSERT_EQ(::chmod(temp.path().c_str(), 0755), 0);
    const auto refused = [&](auto action) {
        const std::string words = said_by_child([&] {
            become_nobody();
            return error_of(action);
        });
        EXPECT_TRUE(contains(words, "input/output: " + temp.path() + "/closed")) << words;
        EXPECT_TRUE(contains(words, "Permission denied")) << words;
        return words;
    };
    EXPECT_TRUE(contains(refused([&] { files.list(temp / "closed"); }), "opendir"));
    EXPECT_TRUE(contains(refused([&] { files.open(temp / "closed/file"); }), "open"));
    refused([&] { files.exists(temp / "closed/file"); });
    refused([&] { files.create(temp / "closed/new"); });
    refused([&] { files.create_log(temp / "closed/new", 4096); });
    refused([&] { files.create_folder(temp / "closed/folder"); });
    refused([&] { files.lock(temp / "closed/LOCK"); });
    ASSERT_EQ(::chmod((temp / "closed").c_str(), 0700), 0);
}

TEST(PosixFileSystem, AReadThatFailsNamesTheOffset) {
    const PosixDescriptor folder(".", O_RDONLY);  // a folder can be opened, and not be read
    char buffer[4];
    try {
        folder.read_at(7, sizeof buffer, buffer);
        FAIL() << "a folder was read";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::io);
        EXPECT_EQ(error.place().offset, std::optional<uint64_t>(7));
    }
}

TEST(PosixFileSystem, FullDeviceIsAnErrorThatStays) {
    FileSystem& files = posix_file_system();
    if (!files.exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    const auto file = files.create("/dev/full");
    file->append("buffered", kNoTag);
    const std::string first = error_of([&] { file->sync(); });
    EXPECT_EQ(
        first,
        "input/output: /dev/full: write: no space left on the device; free some space or choose "
        "another folder");
    EXPECT_EQ(error_of([&] { file->append("x", kNoTag); }), first);
    EXPECT_EQ(error_of([&] { file->close(); }), first);

    const auto large = files.create("/dev/full");
    EXPECT_TRUE(contains(error_of([&] { large->append(std::string(1 << 20, 'x'), kNoTag); }),
                         "no space left"));

    const auto log = files.create_log("/dev/full", 4096);
    EXPECT_TRUE(
        contains(error_of([&] { log->append("record", kNoTag); }), "pwrite: no space left"));
    EXPECT_TRUE(
        contains(error_of([&] { log->append("another", kNoTag); }), "pwrite: no space left"));
    EXPECT_EQ(log->size(), 0);
    // What was there before is whole.
    EXPECT_EQ(error_of([&] { log->sync(); }), "no error");
    EXPECT_EQ(error_of([&] { log->close(); }), "no error");
}

/// Appends records of this size until the disk is full; then says what happened.
std::string fill_log(const std::string& folder, LogWriting writing) {
    if (!mount_small(folder, "size=256k")) return "skipped";
    const std::string path = folder + "/log";
    const auto log = create_posix_log_file(path, 16 * 1024, writing);
    const std::string record(1000, 'r');
    uint64_t appended = 0;
    std::string words;
    while (words.empty() && appended < 1'000'000) {
        const std::string error = error_of([&] { log->append(record, kNoTag); });
        if (error == "no error") {
            appended += record.size();
        } else {
            words = error;
        }
    }
    const std::string again = error_of([&] { log->append("x", kNoTag); });
    const std::string sync = error_of([&] { log->sync(); });
    if (again != words) return "other errors afterwards: " + again;
    if (sync != "no error") return "what was there before can not be synced: " + sync;
    if (log->size() != appended) return "size() counts what failed";
    // What a process that came after a crash would find: all that was acknowledged, and then
    // nothing but zeros.
    const std::string text = read_text_file(posix_file_system(), path);
    if (text.substr(0, appended) != std::string(appended, 'r')) return "lost records";
    if (text.find('r', appended) != std::string::npos)
        return "a part of the failed record is visible";
    if (appended < 200'000) return "full too early";
    return words;
}

TEST(PosixLogFile, FullDiskIsAnErrorOfAppendAndNoSignal) {
    for (const LogWriting writing : {LogWriting::mapped_where_possible, LogWriting::written}) {
        const TempFolder temp;
        const std::string words = said_by_child([&] { return fill_log(temp.path(), writing); });
        if (words == "skipped") GTEST_SKIP() << "may not mount a small file system here";
        const bool mapped = writing == LogWriting::mapped_where_possible;
        EXPECT_TRUE(contains(words, mapped ? "fallocate: no space left" : "pwrite: no space left"))
            << words;
        EXPECT_TRUE(contains(words, temp / "log")) << words;
    }
}

TEST(PosixFileSystem, FullDiskNamesTheFile) {
    const TempFolder temp;
    const std::string words = said_by_child([&] {
        if (!mount_small(temp.path(), "size=64k")) return std::string("skipped");
        const auto file = posix_file_system().create(temp / "table");
        std::string error;
        for (int i = 0; i < 100 && error.empty(); ++i) {
            const std::string each =
                error_of([&] { file->append(std::string(10'000, 'x'), kNoTag); });
            if (each != "no error") error = each;
        }
        return error;
    });
    if (words == "skipped") GTEST_SKIP() << "may not mount a small file system here";
    EXPECT_TRUE(contains(words, temp / "table")) << words;
    EXPECT_TRUE(contains(words, "no space left")) << words;
}

TEST(PosixLogFile, FileSizeLimitIsAnErrorOfAppend) {
    const TempFolder temp;
    const std::string words = said_by_child([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100'000, 100'000};
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return std::string("setrlimit");
        const auto log = posix_file_system().create_log(temp / "log", 16 * 1024);
        std::string error = "no error";
        for (int i = 0; i < 300 && error == "no error"; ++i)
            error = error_of([&] { log->append(std::string(1000, 'r'), kNoTag); });
        return error + " after " + std::to_string(log->size());
    });
    EXPECT_TRUE(contains(words, "fallocate: File too large")) << words;
    EXPECT_TRUE(contains(words, "ulimit -f")) << words;
    EXPECT_TRUE(contains(words, " after 98000")) << "six segments of 16 KiB: " << words;
}

/// A child appends records and says how far it is; it is killed at some point.
void expect_all_after_kill(LogWriting writing) {
    const TempFolder temp;
    const std::string record = "0123456789abcdef0123456789abcdef!";
    ChildProcess child([&](ChildProcess& self) -> std::string {
        const auto log = create_posix_log_file(temp / "log", 8192, writing);
        for (int i = 0;; ++i) {
            log->append(record, kNoTag);
            if (i == 1000) self.say(std::to_string(log->size()));
        }
    });
    const uint64_t acknowledged = std::stoull(child.wait_for_words());
    child.kill();
    const std::string text = read_text_file(posix_file_system(), temp / "log");
    ASSERT_EQ(acknowledged, 1001 * record.size());
    ASSERT_GE(text.size(), acknowledged);
    const size_t end = text.find('\0');
    const std::string written = text.substr(0, end);
    EXPECT_GE(written.size(), acknowledged);
    for (size_t at = 0; at < written.size(); at += record.size()) {
        const std::string each = written.substr(at, record.size());
        ASSERT_EQ(each, record.substr(0, each.size())) << at;
    }
    if (end != std::string::npos) {
        EXPECT_EQ(text.find_first_not_of('\0', end), std::string::npos)
            << "only zeros behind the records";
    }
}

TEST(PosixLogFile, AllAppendedBytesOutliveKillMapped) {
    expect_all_after_kill(LogWriting::mapped_where_possible);
}

TEST(PosixLogFile, AllAppendedBytesOutliveKillWritten) {
    expect_all_after_kill(LogWriting::written);
}

TEST(PosixLogFile, IsMappedOnAnOrdinaryDisk) {
    const TempFolder temp;
    const auto log = posix_file_system().create_log(temp / "log", 100'000);
    log->append("x", kNoTag);
    EXPECT_EQ(posix_file_system().file_size(temp / "log"), 102'400)
        << "a segment of whole pages is reserved";
    log->close();
    EXPECT_EQ(posix_file_system().file_size(temp / "log"), 1);
}

TEST(PosixLogFile, RecordLargerThanSegmentsSpansThem) {
    const TempFolder temp;
    std::string expected;
    const auto log = posix_file_system().create_log(temp / "log", 4096);
    for (const uint64_t size : {10, 4096, 50'000, 0, 4086, 1}) {
        const std::string record(size, static_cast<char>('a' + size % 26));
        log->append(record, kNoTag);
        expected += record;
    }
    log->sync();
    EXPECT_EQ(read_text_file(posix_file_system(), temp / "log").substr(0, expected.size()),
              expected);
    log->close();
    EXPECT_EQ(read_text_file(posix_file_system(), temp / "log"), expected);
}

TEST(PosixLock, OtherProcessIsNamed) {
    const TempFolder temp;
    ChildProcess holder([&](ChildProcess& self) -> std::string {
        const auto lock = posix_file_system().lock(temp / "LOCK");
        self.say("held");
        ::pause();
        return "";
    });
    ASSERT_EQ(holder.wait_for_words(), "held");
    char host[256] = {};
    ASSERT_EQ(::gethostname(host, sizeof host - 1), 0);
    const std::string words = error_of([&] { posix_file_system().lock(temp / "LOCK"); });
    EXPECT_EQ(words, "locked: " + (temp / "LOCK") + ": is held by process " +
                         std::to_string(holder.number()) + " on " + host +
                         "; close the other one, or use another folder");
    holder.kill();
    // A lock ends with its holder, even by kill -9.
    auto lock = posix_file_system().lock(temp / "LOCK");
    EXPECT_TRUE(contains(
        said_by_child([&] { return error_of([&] { posix_file_system().lock(temp / "LOCK"); }); }),
        "is held by"));
    lock.reset();
    EXPECT_EQ(
        said_by_child([&] { return error_of([&] { posix_file_system().lock(temp / "LOCK"); }); }),
        "no error");
}

/// The name of one that was killed may still stand in it.
TEST(PosixLock, AReaderIsNotTakenForTheLastWriter) {
    const TempFolder temp;
    write_text_file(posix_file_system(), temp / "LOCK", "process 1234567 on elsewhere\n");
    const auto reader = posix_file_system().lock_unchanged(temp / "LOCK");
    const std::string words = error_of([&] { posix_file_system().lock(temp / "LOCK"); });
    EXPECT_TRUE(contains(words, "is held by a process that reads it")) << words;
    EXPECT_EQ(read_text_file(posix_file_system(), temp / "LOCK"), "process 1234567 on elsewhere\n");
}

TEST(PosixLock, OneProcessCannotLockTwiceByOtherNames) {
    const TempFolder temp;
    posix_file_system().create_folder(temp / "database");
    posix_file_system().link_latest("database", temp / "latest");
    const auto lock = posix_file_system().lock(temp / "database/LOCK");
    for (const std::string other : {"latest/LOCK", "database/../latest/./LOCK"}) {
        const std::string words = error_of([&] { posix_file_system().lock(temp / other); });
        EXPECT_TRUE(contains(words, "this process")) << words;
        EXPECT_TRUE(contains(words, std::to_string(::getpid()))) << words;
    }
}

TEST(PosixFileSystem, CopyStandsInForALink) {
    const TempFolder temp;
    const std::string bytes = std::string(700'000, 'x') + "end";
    write_text_file(posix_file_system(), temp / "a", bytes);
    copy_posix_file(temp / "a", temp / "b");
    EXPECT_EQ(read_text_file(posix_file_system(), temp / "b"), bytes);
    EXPECT_TRUE(contains(error_of([&] { copy_posix_file(temp / "a", temp / "b"); }), "exists"));
    EXPECT_EQ(read_text_file(posix_file_system(), temp / "b"), bytes);
}

TEST(PosixFileSystem, LinkAcrossDisksCopies) {
    const TempFolder temp;
    posix_file_system().create_folder(temp / "other");
    const std::string words = said_by_child([&]() -> std::string {
        if (!mount_small(temp / "other", "size=1m")) return "skipped";
        write_text_file(posix_file_system(), temp / "a", "content");
        posix_file_system().link(temp / "a", temp / "other/a");
        const std::string copied = read_text_file(posix_file_system(), temp / "other/a");
        write_text_file(posix_file_system(), temp / "large", std::string(2 << 20, 'x'));
        const std::string error =
            error_of([&] { posix_file_system().link(temp / "large", temp / "other/large"); });
        const bool left = posix_file_system().exists(temp / "other/large");
        return copied + ", " + error + (left ? ", a part is left" : "");
    });
    if (words == "skipped") GTEST_SKIP() << "may not mount a file system here";
    EXPECT_EQ(words.substr(0, 9), "content, ") << words;
    EXPECT_TRUE(contains(words, (temp / "other/large") + ": write: no space left")) << words;
    EXPECT_FALSE(contains(words, "a part is left")) << words;
}

TEST(PosixFileSystem, ANamedPipeIsAnErrorAndNotWaitedFor) {
    const TempFolder temp;
    const std::string pipe = temp / "7.log";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    FileSystem& files = posix_file_system();
    const std::string wanted = pipe + ": open: it is a named pipe, not a file";
    ChildProcess child([&](ChildProcess&) {
        ::alarm(20);
        std::string words;
        for (const auto& said :
             {error_of([&] { files.open(pipe); }), error_of([&] { files.create(pipe); }),
              error_of([&] { files.create_log(pipe, 4096); }),
              error_of([&] { copy_posix_file(pipe, temp / "copy"); })})
            words += contains(said, wanted) ? "right;" : said + ";";
        return words;
    });
    EXPECT_EQ(child.wait_for_words(), "right;right;right;right;");
    EXPECT_EQ(files.list(temp.path()), std::vector<std::string>{"7.log"});
    EXPECT_TRUE(contains(error_of([&] { files.open("/dev/null"); }), "it is a device"));
    EXPECT_TRUE(contains(error_of([&] { files.open(temp.path()); }), "Is a directory"));
}

TEST(PosixFileSystem, OpenFilesAreNotInheritedByPrograms) {
    const TempFolder temp;
    const auto file = posix_file_system().create(temp / "a");
    const auto log = posix_file_system().create_log(temp / "log", 4096);
    log->append("x", kNoTag);
    for (int number = 3; number < 64; ++number) {
        const int flags = ::fcntl(number, F_GETFD);
        if (flags == -1) continue;
        char target[512] = {};
        if (::readlink(("/proc/self/fd/" + std::to_string(number)).c_str(), target,
                       sizeof target - 1) < 0)
            continue;
        if (std::string(target).starts_with(temp.path())) {
            EXPECT_TRUE((flags & FD_CLOEXEC) != 0) << target;
        }
    }
}

}  // namespace
}  // namespace lsm
