// A file system that fails on purpose, in front of another one: a hook is asked before each call
// and may say how it fails. The calls are counted, so that a test machine can let the n-th one fail
// for every n; a disk can also be given a size, beyond which it is full until files go.
//
// What a failure leaves: an append that is torn leaves the first half of its bytes, any other
// failed append leaves none; a failed sync may have written all the same (here it has, unless who
// made it says what becomes of the bytes); a failed rename, removal or link has not happened. Short
// writes and interrupted calls lie below this seam (the posix file system completes them): here a
// short write is an append that is torn.
//
// A full disk fails what needs space (create, append, rename, link, create_folder) and nothing
// else. Files are not poisoned here: who goes on writing to a file after a failure is seen to.
// Thread-safe as the one below; the hook is asked under a lock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "framework/os/file_system.hpp"
#include "framework/os/sync.hpp"

namespace lsm {

enum class FileCall {
    create,
    append,
    sync,
    close,
    open,
    read,
    rename,
    remove,
    link,
    sync_folder,
    create_folder,
    list,
    status,  // exists, is_folder, file_size
    lock
};

/// "append", "sync folder", ... as errors name the call.
const char* file_call_name(FileCall call);

enum class Fault {
    none,
    error,      // an I/O error
    torn,       // of an append: half of it is there, then an I/O error; else an I/O error
    full,       // no space; nothing where no space is needed
    torn_full,  // of an append: half of it is there, then no space; else as full
};

class FaultyFileSystem : public FileSystem {
  public:
    /// How this call fails. `path` is the target of a rename or a link.
    using Hook = std::function<Fault(FileCall call, const std::string& path)>;

    explicit FaultyFileSystem(FileSystem& under) : under_(under) {}

    void fail_when(Hook hook);
    /// Every call from now on that is this one and whose path ends so, after letting `after` of
    /// them pass.
    void fail(FileCall call, const std::string& ending, uint64_t after = 0,
              Fault fault = Fault::torn);
    /// The n-th call that is counted from now on (from 1), and all later ones if `for_good`.
    void fail_at(uint64_t n, Fault fault, bool for_good);
    /// Nothing fails any more; the disk's size stays.
    void heal();
    /// Called with a file's path in place of a sync of it that fails, under no lock. Before any
    /// file is made.
    void on_failed_sync(std::function<void(const std::string& path)> hook);

    /// Since it was made, or since fail_at().
    uint64_t calls() const;
    /// How many calls a hook let fail.
    uint64_t failed() const;
    /// The first of them since fail_at(): "append t/3.log".
    std::string first_failed() const;
    /// The disk has room for so many bytes of files that were made through this file system; none:
    /// for all.
    void set_size(std::optional<uint64_t> bytes);
    /// Bytes in those files.
    uint64_t used() const;

    std::unique_ptr<WritableFile> create(const std::string& path) override;
    std::unique_ptr<LogFile> create_log(const std::string& path, uint64_t reserve) override;
    std::unique_ptr<ReadableFile> open(const std::string& path) override;
    bool exists(const std::string& path) override;
    bool is_folder(const std::string& path) override;
    std::string real_path(const std::string& path) override { return under_.real_path(path); }
    uint64_t file_size(const std::string& path) override;
    std::vector<std::string> list(const std::string& folder) override;
    void create_folder(const std::string& path) override;
    bool create_new_folder(const std::string& path) override;
    void rename(const std::string& from, const std::string& to) override;
    void remove(const std::string& path) override;
    void remove_folder(const std::string& path) override;
    void link(const std::string& from, const std::string& to) override;
    void link_latest(const std::string& target, const std::string& path) override;
    void sync_folder(const std::string& path) override;
    std::unique_ptr<FileLock> lock(const std::string& path) override;
    std::unique_ptr<FileLock> lock_unchanged(const std::string& path) override;

  private:
    /// The bytes of a file, by whatever names it goes.
    using Size = std::shared_ptr<uint64_t>;
    template <class Interface>
    class Writer;
    class Reader;

    Fault asked(FileCall call, const std::string& path);
    void ask(FileCall call, const std::string& path);
    uint64_t take_room(uint64_t bytes, Size& size);
    Size begin_file(const std::string& path);
    void forget(const std::string& path);

    FileSystem& under_;
    mutable Mutex mutex_;
    Hook hook_;
    std::function<void(const std::string& path)> failed_sync_;
    uint64_t calls_ = 0;
    uint64_t failed_ = 0;
    std::string first_failed_;
    std::optional<uint64_t> limit_;
    uint64_t used_ = 0;
    std::map<std::string, Size> sizes_;
};

}  // namespace lsm
