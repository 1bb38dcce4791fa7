// The only door to files. Everything above goes through a FileSystem, so that a tree can live on a
// disk, in memory, behind a ledger, or on a file system that fails on purpose.
//
// Implementations: posix_file_system.hpp, memory_file_system.hpp, metered_file_system.hpp (counts
// into a Ledger what passes to another one). Paths are plain strings with '/'; errors are
// lsm::Error of kind io with the path and the system's reason (kind locked for a lock that is
// held). A FileSystem may be used from any thread; a file that is being written, from one at a
// time; a ReadableFile from any number.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/os/ledger.hpp"

namespace lsm {

/// A file that grows at its end and is read only once it is closed.
class WritableFile {
  public:
    virtual ~WritableFile() = default;
    virtual void append(std::string_view bytes, IoTag tag) = 0;
    /// The bytes so far survive a power loss once this returns (the file's folder entry is
    /// sync_folder's business).
    virtual void sync() = 0;
    /// Further calls are errors. The destructor closes too, and swallows errors.
    virtual void close() = 0;
    /// Bytes appended so far.
    virtual uint64_t size() const = 0;
};

/// The log's file: appends are copies into memory that the operating system already owns where the
/// platform allows it, so that they survive the process once append returns, without a system call
/// each. Space is reserved ahead in segments; a full disk shows as an error of append
/// (DiskFullError), before any byte of that record is visible: nothing more can be appended then,
/// but what is there can be synced and closed. After close() the file is cut to its true size;
/// after a crash it may end in zeros.
class LogFile {
  public:
    virtual ~LogFile() = default;
    virtual void append(std::string_view bytes, IoTag tag) = 0;
    virtual void sync() = 0;
    virtual void close() = 0;
    virtual uint64_t size() const = 0;
};

class ReadableFile {
  public:
    virtual ~ReadableFile() = default;
    /// Reads exactly `size` bytes at `offset` into `buffer`; fewer available is an io error that
    /// says so.
    virtual void read(uint64_t offset, uint64_t size, char* buffer, IoTag tag) const = 0;
    virtual uint64_t size() const = 0;
};

/// Held until destroyed.
class FileLock {
  public:
    virtual ~FileLock() = default;
};

class FileSystem {
  public:
    virtual ~FileSystem() = default;

    /// Makes the file anew, in a folder that is there; an existing one is replaced by an empty one,
    /// and its readers and its other hard links keep what they have.
    virtual std::unique_ptr<WritableFile> create(const std::string& path) = 0;
    /// `reserve`: bytes of a segment that is reserved ahead.
    virtual std::unique_ptr<LogFile> create_log(const std::string& path, uint64_t reserve) = 0;
    /// A regular file, or a link to one; anything else (a folder, a named pipe) is an io error.
    virtual std::unique_ptr<ReadableFile> open(const std::string& path) = 0;

    virtual bool exists(const std::string& path) = 0;  // file or folder
    virtual bool is_folder(const std::string& path) = 0;
    /// The same place without links, dots and a slash at the end; what is not there yet stays as it
    /// is written. For comparing places.
    virtual std::string real_path(const std::string& path) = 0;
    virtual uint64_t file_size(const std::string& path) = 0;
    /// Names (not paths) of the files and folders in a folder, sorted.
    virtual std::vector<std::string> list(const std::string& folder) = 0;
    /// Makes the folder and its missing parents.
    virtual void create_folder(const std::string& path) = 0;
    /// Makes the folder in one that is there. False when something of that name is there already:
    /// of several who try at the same time, one makes it.
    virtual bool create_new_folder(const std::string& path) = 0;
    /// Atomic; replaces an existing file.
    virtual void rename(const std::string& from, const std::string& to) = 0;
    /// Removes a file; a missing one is an error.
    virtual void remove(const std::string& path) = 0;
    /// Removes an empty folder.
    virtual void remove_folder(const std::string& path) = 0;
    /// A hard link, or a copy where the file system has none. `to` must not exist.
    virtual void link(const std::string& from, const std::string& to) = 0;
    /// Makes `path` a symbolic link to `target`, replacing an old link; does nothing where links
    /// are not supported.
    virtual void link_latest(const std::string& target, const std::string& path) = 0;
    /// Entries of the folder (created, renamed, removed files) survive a power loss once this
    /// returns.
    virtual void sync_folder(const std::string& path) = 0;
    /// One holder per path among all processes; held by another is an error of kind locked that
    /// names the holder.
    virtual std::unique_ptr<FileLock> lock(const std::string& path) = 0;
    /// For who only looks, where not a byte may change: keeps holders of lock() away, and is
    /// refused as by them while there is one. Null when there is no such file.
    virtual std::unique_ptr<FileLock> lock_unchanged(const std::string& path) {
        return exists(path) ? lock(path) : nullptr;
    }
};

/// Where the path's last name lies; "." when that is all of it.
std::string parent_folder(const std::string& path);

/// Makes the folder and its missing parents, so that they survive a power loss: also one that was
/// made before and whose maker may not have come to that.
void create_folder_durably(FileSystem& files, const std::string& path);

/// The whole file. For small files: manifests, experiment files, results.
std::string read_text_file(FileSystem& files, const std::string& path);
/// Writes a sibling, syncs it and renames it into place, so that a reader sees the old or the new
/// file and nothing between.
void write_text_file(FileSystem& files, const std::string& path, std::string_view text);

/// The process's file system on the real disk.
FileSystem& posix_file_system();

}  // namespace lsm
