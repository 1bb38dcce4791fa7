#include "framework/os/posix_file_system.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "framework/os/io_error.hpp"
#include "framework/os/posix_descriptor.hpp"
#include "framework/os/posix_files.hpp"
#include "framework/os/posix_lock.hpp"
#include "framework/os/posix_log_file.hpp"

namespace lsm {
namespace {

/// False when nothing is there; other reasons are errors.
bool find_status(const std::string& path, struct stat& status) {
    if (::stat(path.c_str(), &status) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    throw_io_error(path, "stat", errno);
}

bool has_no_links(int code) {
    return code == EXDEV || code == EPERM || code == ENOTSUP || code == EOPNOTSUPP ||
           code == ENOSYS || code == EMLINK;
}

/// What keeps a folder from being synced is not waited out as a full disk would be: names in it may
/// be lost.
PosixDescriptor open_to_sync(const std::string& folder) {
    try {
        return PosixDescriptor(folder, O_RDONLY | O_DIRECTORY);
    } catch (const DiskFullError&) {
        throw_sync_error(folder, "open", ENOSPC);
    }
}

class PosixFileSystem : public FileSystem {
  public:
    std::unique_ptr<WritableFile> create(const std::string& path) override {
        return create_posix_file(path);
    }
    std::unique_ptr<LogFile> create_log(const std::string& path, uint64_t reserve) override {
        return create_posix_log_file(path, reserve);
    }
    std::unique_ptr<ReadableFile> open(const std::string& path) override {
        return open_posix_file(path);
    }
    std::unique_ptr<FileLock> lock(const std::string& path) override {
        return lock_posix_file(path);
    }
    std::unique_ptr<FileLock> lock_unchanged(const std::string& path) override {
        return exists(path) ? lock_posix_file_unchanged(path) : nullptr;
    }

    bool exists(const std::string& path) override {
        struct stat status{};
        return find_status(path, status);
    }

    bool is_folder(const std::string& path) override {
        struct stat status{};
        return find_status(path, status) && S_ISDIR(status.st_mode);
    }

    std::string real_path(const std::string& path) override {
        std::error_code error;
        const auto whole = std::filesystem::absolute(path, error);
        std::string real = std::filesystem::weakly_canonical(whole, error).string();
        if (error) throw_io_error(path, "realpath", error.value());
        while (real.size() > 1 && real.ends_with('/')) real.pop_back();
        return real;
    }

    uint64_t file_size(const std::string& path) override {
        struct stat status{};
        if (::stat(path.c_str(), &status) != 0) throw_io_error(path, "stat", errno);
        if (S_ISDIR(status.st_mode)) throw_io_error(path, "stat", EISDIR);
        return static_cast<uint64_t>(status.st_size);
    }

    std::vector<std::string> list(const std::string& folder) override {
        DIR* stream = ::opendir(folder.c_str());
        if (stream == nullptr) throw_io_error(folder, "opendir", errno);
        const std::unique_ptr<DIR, void (*)(DIR*)> closer(stream,
                                                          [](DIR* each) { ::closedir(each); });
        std::vector<std::string> names;
        while (true) {
            errno = 0;
            const dirent* entry = ::readdir(stream);
            if (entry == nullptr) break;
            const std::string name = entry->d_name;
            if (name != "." && name != "..") names.push_back(name);
        }
        if (errno != 0) throw_io_error(folder, "readdir", errno);
        std::sort(names.begin(), names.end());
        return names;
    }

    void create_folder(const std::string& path) override {
        std::error_code error;
        std::filesystem::create_directories(path, error);
        if (error) throw_io_error(path, "mkdir", error.value());
    }

    bool create_new_folder(const std::string& path) override {
        if (::mkdir(path.c_str(), 0777) == 0) return true;
        if (errno != EEXIST) throw_io_error(path, "mkdir", errno);
        return false;
    }

    void rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) throw_io_error(from, "rename to " + to, errno);
    }

    void remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0) throw_io_error(path, "unlink", errno);
    }

    void remove_folder(const std::string& path) override {
        if (::rmdir(path.c_str()) != 0) throw_io_error(path, "rmdir", errno);
    }

    void link(const std::string& from, const std::string& to) override {
        if (::link(from.c_str(), to.c_str()) == 0) return;
        if (!has_no_links(errno)) throw_io_error(from, "link to " + to, errno);
        copy_posix_file(from, to);
    }

    void link_latest(const std::string& target, const std::string& path) override {
        struct stat status{};
        if (::lstat(path.c_str(), &status) == 0 && !S_ISLNK(status.st_mode))
            throw_io_error(path, "symlink", EEXIST);
        // Made beside it, under a name that nobody else makes, and moved, so that there is always
        // one link.
        static std::atomic<uint64_t> links_made{0};
        const std::string made =
            path + "." + std::to_string(::getpid()) + "." + std::to_string(++links_made) + ".new";
        ::unlink(made.c_str());
        if (::symlink(target.c_str(), made.c_str()) != 0) {
            if (errno == EPERM || errno == ENOTSUP || errno == ENOSYS) return;
            throw_io_error(path, "symlink", errno);
        }
        if (::rename(made.c_str(), path.c_str()) != 0) {
            const int code = errno;
            ::unlink(made.c_str());
            throw_io_error(path, "rename", code);
        }
    }

    void sync_folder(const std::string& path) override {
        const PosixDescriptor folder = open_to_sync(path);
        // Some file systems keep folders safe by themselves and do not know the call.
        if (uninterrupted([&] { return ::fsync(folder.number()); }) != 0 && errno != EINVAL)
            throw_sync_error(path, "fsync", errno);
    }
};

}  // namespace

void copy_posix_file(const std::string& from, const std::string& to) {
    const PosixDescriptor source = open_regular_file(from);
    PosixDescriptor copy(to, O_WRONLY | O_CREAT | O_EXCL);
    try {
        constexpr uint64_t kPiece = 256 * 1024;
        const auto buffer = std::make_unique_for_overwrite<char[]>(kPiece);
        for (uint64_t offset = 0;;) {
            const uint64_t got = source.read_at(offset, kPiece, buffer.get());
            copy.write({buffer.get(), got});
            offset += got;
            if (got < kPiece) break;
        }
        // A link would be as safe as the file that it names.
        copy.sync();
        copy.close();
    } catch (...) {
        ::unlink(to.c_str());
        throw;
    }
}

FileSystem& posix_file_system() {
    static PosixFileSystem files;
    return files;
}

}  // namespace lsm
