#include "framework/os/posix_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <utility>

#include "framework/base/error.hpp"
#include "framework/base/text.hpp"
#include "framework/os/io_error.hpp"
#include "framework/os/posix_descriptor.hpp"
#include "framework/os/sync.hpp"

namespace lsm {
namespace {

/// What this process holds, by the path without links and dots.
struct Held {
    Mutex mutex;
    std::set<std::string> paths;
};

Held& held() {
    static Held table;
    return table;
}

std::string resolved(const std::string& path) {
    std::error_code error;
    const auto canonical = std::filesystem::weakly_canonical(path, error);
    return error ? path : canonical.string();
}

[[noreturn]] void throw_locked(const std::string& path, const std::string& holder) {
    throw Error(ErrorKind::locked, "is held by " + holder, {path, {}, {}, {}},
                "close the other one, or use another folder");
}

std::string this_process() {
    char host[256] = {};
    if (::gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    return "process " + std::to_string(::getpid()) + " on " + (host[0] ? host : "this machine");
}

/// What the holder wrote; it may be about to.
std::string read_holder(const PosixDescriptor& file) {
    char text[512];
    const uint64_t size = file.read_at(0, sizeof text, text);
    const std::string holder(trim({text, size}));
    return holder.empty() ? "another process" : holder;
}

/// Whether those who hold it are readers, who write no name; what stands there is then an old one.
bool is_only_read(const PosixDescriptor& file) {
    return uninterrupted([&] { return ::flock(file.number(), LOCK_SH | LOCK_NB); }) == 0;
}

/// A path's place in the table, given back when destroyed.
class Place {
  public:
    explicit Place(const std::string& path) : key_(resolved(path)) {
        const Lock lock(held().mutex);
        if (!held().paths.insert(key_).second)
            throw_locked(path, "this process (" + this_process() + ")");
    }
    ~Place() {
        const Lock lock(held().mutex);
        held().paths.erase(key_);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

  private:
    std::string key_;
};

class PosixLock : public FileLock {
  public:
    explicit PosixLock(const std::string& path) : place_(path), file_(path, O_RDWR | O_CREAT) {
        if (uninterrupted([&] { return ::flock(file_.number(), LOCK_EX | LOCK_NB); }) != 0) {
            if (errno != EWOULDBLOCK) throw_io_error(path, "flock", errno);
            throw_locked(path, is_only_read(file_) ? "a process that reads it (verify or backup)"
                                                   : read_holder(file_));
        }
        file_.truncate(0);
        try {
            file_.write_at(0, this_process() + "\n");
        } catch (const DiskFullError&) {
            // Held all the same: on a full disk a tree can be read. The name is a courtesy.
        }
    }

    ~PosixLock() override {
        try {
            file_.truncate(0);
        } catch (...) {
            // An old name in a lock file that nobody holds does no harm.
        }
    }

  private:
    Place place_;  // outlives the descriptor
    PosixDescriptor file_;
};

class PosixReadLock : public FileLock {
  public:
    explicit PosixReadLock(const std::string& path) : file_(path, O_RDONLY) {
        if (uninterrupted([&] { return ::flock(file_.number(), LOCK_SH | LOCK_NB); }) == 0) return;
        if (errno == EWOULDBLOCK) throw_locked(path, read_holder(file_));
        throw_io_error(path, "flock", errno);
    }

  private:
    PosixDescriptor file_;
};

}  // namespace

std::unique_ptr<FileLock> lock_posix_file_unchanged(const std::string& path) {
    return std::make_unique<PosixReadLock>(path);
}

std::unique_ptr<FileLock> lock_posix_file(const std::string& path) {
    return std::make_unique<PosixLock>(path);
}

}  // namespace lsm
