// System calls that are interrupted, or do less than they were asked for: the posix file system
// goes on until all is done. The calls are this program's own, in front of the C library's.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "framework/os/io_error.hpp"
#include "framework/os/posix_file_system.hpp"
#include "framework/os/posix_log_file.hpp"
#include "tests/os/temp_folder.hpp"

namespace {

enum class Mood { none, interrupted, one_byte, one_byte_then_full };

struct Moods {
    Mood mood = Mood::none;
    uint64_t at = 0;  // the call that it begins with, from 1
    bool always = false;
    uint64_t calls = 0;

    /// How many bytes this call may take; -1 when it fails.
    ssize_t allow(size_t bytes) {
        if (mood == Mood::none) return static_cast<ssize_t>(bytes);
        calls += 1;
        const bool now = calls == at || (always && calls > at);
        if (mood == Mood::one_byte_then_full && calls == at + 1) {
            errno = ENOSPC;
            return -1;
        }
        if (!now) return static_cast<ssize_t>(bytes);
        if (mood == Mood::interrupted) {
            errno = EINTR;
            return -1;
        }
        return static_cast<ssize_t>(std::min<size_t>(bytes, 1));
    }
};
thread_local Moods moods;

template <class Call>
ssize_t moody(size_t bytes, Call call) {
    const ssize_t allowed = moods.allow(bytes);
    return allowed < 0 ? allowed : static_cast<ssize_t>(call(static_cast<size_t>(allowed)));
}

}  // namespace

extern "C" ssize_t write(int file, const void* bytes, size_t size) {
    return moody(size, [&](size_t some) { return ::syscall(SYS_write, file, bytes, some); });
}
extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
    return moody(size,
                 [&](size_t some) { return ::syscall(SYS_pwrite64, file, bytes, some, offset); });
}
extern "C" ssize_t pread(int file, void* bytes, size_t size, off_t offset) {
    return moody(size,
                 [&](size_t some) { return ::syscall(SYS_pread64, file, bytes, some, offset); });
}
extern "C" int fdatasync(int file) {
    return static_cast<int>(moody(1, [&](size_t) { return ::syscall(SYS_fdatasync, file); }));
}
extern "C" int ftruncate(int file, off_t size) noexcept {
    return static_cast<int>(moody(1, [&](size_t) { return ::syscall(SYS_ftruncate, file, size); }));
}

namespace lsm {
namespace {

/// A large file, a small one, a log of both kinds, and all of it read again; all through calls in
/// this mood. Returns how many there were.
uint64_t write_and_read(const std::string& folder, Mood mood, uint64_t at, bool always) {
    FileSystem& files = posix_file_system();
    std::string large;
    for (int i = 0; i < 900; ++i) large += std::to_string(i);
    moods = {mood, at, always, 0};
    {
        const auto file = files.create(folder + "/large");
        for (int i = 0; i < 3; ++i) file->append(large, {});
        file->sync();
        file->append("end", {});
        file->close();
        write_text_file(files, folder + "/small", "text");
    }
    for (const LogWriting writing : {LogWriting::mapped_where_possible, LogWriting::written}) {
        const auto log = create_posix_log_file(folder + "/log", 4096, writing);
        for (int i = 0; i < 3; ++i) log->append(large, {});
        log->sync();
        log->close();
        EXPECT_EQ(read_text_file(files, folder + "/log"), large + large + large);
    }
    EXPECT_EQ(read_text_file(files, folder + "/large"), large + large + large + "end");
    EXPECT_EQ(read_text_file(files, folder + "/small"), "text");
    const uint64_t calls = moods.calls;
    moods = {};
    return calls;
}

TEST(InterruptedCallsTest, AreMadeAgainUntilAllIsDone) {
    const TempFolder temp;
    for (const Mood mood : {Mood::interrupted, Mood::one_byte}) {
        uint64_t at = 1;
        while (write_and_read(temp.path(), mood, at, false) >= at && !HasFailure()) ++at;
        EXPECT_GT(at, 15u);
    }
    EXPECT_GT(write_and_read(temp.path(), Mood::one_byte, 1, true), 10'000u) << "byte by byte";
}

/// The part of a record that had room must not be there afterwards.
TEST(InterruptedCallsTest, AShortWriteThatThenFindsNoRoomLeavesNothing) {
    const TempFolder temp;
    const auto log = create_posix_log_file(temp / "log", 4096, LogWriting::written);
    log->append("first", {});
    moods = {Mood::one_byte_then_full, 1, false, 0};
    EXPECT_THROW(log->append("second", {}), DiskFullError);
    moods = {};
    EXPECT_EQ(read_text_file(posix_file_system(), temp / "log"), "first");
    EXPECT_THROW(log->append("third", {}), DiskFullError);
    log->sync();
    log->close();
    EXPECT_EQ(read_text_file(posix_file_system(), temp / "log"), "first");
}

}  // namespace
}  // namespace lsm
