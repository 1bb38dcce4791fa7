// A file system in memory that knows what a power loss could leave at any moment: each file and
// folder has a durable image and the changes since (crash_point.hpp). Syncing a file makes its
// bytes durable but not its name; syncing a folder the names in it.
//
// A hook is called before each call that changes something, when crash_point() says what the disk
// could hold then; so the states of all moments between two calls are seen. Log files are reserved
// ahead and written by pages, each of which reaches the disk on its own. Symbolic links do nothing;
// renames stay within a folder.
//
// A sync can be made to fail, and then it has lost the bytes: the system takes pages whose writing
// failed for clean, so reads see them until a crash and no later sync writes them (Rebello et al.,
// "Can Applications Recover from fsync Failures?", USENIX ATC 2020, section 3).
//
// For one thread, or for those of a scheduler (scheduler.hpp): calls take a lock, but a reader
// looks at bytes that a writer may be adding to, and the hook runs on whoever calls. Costs copies
// of what is pending for each crash_point().
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "framework/os/crash_point.hpp"
#include "framework/os/file_system.hpp"
#include "framework/os/sync.hpp"

namespace lsm {

class CrashFileSystem : public FileSystem {
  public:
    /// All of the image is durable. `page`: bytes of a log that reach the disk together.
    explicit CrashFileSystem(const DiskImage& image = {}, uint64_t page = 4096);
    ~CrashFileSystem() override;

    /// Null: none.
    void before_change(std::function<void()> hook) { hook_ = std::move(hook); }
    CrashPoint crash_point() const;
    /// What is pending of this file's bytes is lost, as after a sync that failed.
    void lose_unsynced(const std::string& path);

    std::unique_ptr<WritableFile> create(const std::string& path) override;
    std::unique_ptr<LogFile> create_log(const std::string& path, uint64_t reserve) override;
    std::unique_ptr<ReadableFile> open(const std::string& path) override;
    bool exists(const std::string& path) override;
    bool is_folder(const std::string& path) override;
    std::string real_path(const std::string& path) override { return path; }
    uint64_t file_size(const std::string& path) override;
    std::vector<std::string> list(const std::string& folder) override;
    void create_folder(const std::string& path) override;
    bool create_new_folder(const std::string& path) override;
    void rename(const std::string& from, const std::string& to) override;
    void remove(const std::string& path) override;
    void remove_folder(const std::string& path) override;
    void link(const std::string& from, const std::string& to) override;
    void link_latest(const std::string&, const std::string&) override {}
    void sync_folder(const std::string& path) override;
    std::unique_ptr<FileLock> lock(const std::string& path) override;

  private:
    template <class Interface>
    class Written;
    class Writer;
    class Log;
    class Reader;
    class Held;
    struct Lost {
        uint64_t offset;
        uint64_t size;
    };
    struct Node {
        bool folder = false;
        std::shared_ptr<std::string> bytes;                // as they are read
        std::shared_ptr<const std::string> durable_bytes;  // no longer changed
        std::vector<Lost> lost;                            // of bytes: not to become durable
    };

    uint64_t node_of(const std::string& path, const char* call) const;
    void name(const std::string& path, uint64_t node, std::optional<std::string> renamed = {});
    uint64_t make_file(const std::string& path);
    void write(uint64_t node, uint64_t offset, std::string_view bytes);
    void resize(uint64_t node, uint64_t size);
    void sync_node(uint64_t node);
    std::shared_ptr<std::string> bytes_of(uint64_t node) const;
    /// Those that nothing leads to any more.
    void forget_nodes();
    void ask() {
        if (hook_) hook_();
    }

    const uint64_t page_;
    std::function<void()> hook_;
    mutable Mutex mutex_;  // all below
    uint64_t next_node_ = 1;
    std::map<uint64_t, Node> nodes_;
    std::map<std::string, uint64_t> names_;
    std::map<std::string, uint64_t> durable_names_;
    std::vector<std::shared_ptr<const PendingChange>> pending_;
    std::set<std::string> locks_;
};

}  // namespace lsm
