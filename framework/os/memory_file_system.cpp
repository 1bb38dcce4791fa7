#include "framework/os/memory_file_system.hpp"

#include <cerrno>
#include <set>
#include <utility>

#include "framework/os/io_error.hpp"
#include "framework/os/memory_file.hpp"
#include "framework/os/memory_folders.hpp"
#include "framework/os/sync.hpp"

namespace lsm {
namespace {

/// The files whose locks are held; shared with the locks, which may outlive the file system.
struct HeldLocks {
    Mutex mutex;
    std::set<const MemoryFile*> files;
};

class MemoryLock : public FileLock {
  public:
    MemoryLock(std::shared_ptr<HeldLocks> held, std::shared_ptr<MemoryFile> file)
        : held_(std::move(held)), file_(std::move(file)) {}
    ~MemoryLock() override {
        const Lock lock(held_->mutex);
        held_->files.erase(file_.get());
    }

  private:
    std::shared_ptr<HeldLocks> held_;
    std::shared_ptr<MemoryFile> file_;
};

class MemoryFileSystem : public FileSystem {
  public:
    std::unique_ptr<WritableFile> create(const std::string& path) override {
        return write_memory_file(make_file(path), path);
    }

    std::unique_ptr<LogFile> create_log(const std::string& path, uint64_t) override {
        return write_memory_log(make_file(path), path);
    }

    std::unique_ptr<ReadableFile> open(const std::string& path) override {
        std::shared_ptr<MemoryFile> file;
        {
            const Lock lock(mutex_);
            file = folders_.find_file(path, "open").file;
        }
        return read_memory_file(std::move(file), path);
    }

    bool exists(const std::string& path) override {
        const Lock lock(mutex_);
        return folders_.find(path) != nullptr;
    }

    bool is_folder(const std::string& path) override {
        const Lock lock(mutex_);
        const auto* node = folders_.find(path);
        return node != nullptr && !node->file;
    }

    std::string real_path(const std::string& path) override {
        return MemoryFolders::plain_path(path);
    }

    uint64_t file_size(const std::string& path) override {
        const Lock lock(mutex_);
        return folders_.find_file(path, "stat").file->size();
    }

    std::vector<std::string> list(const std::string& folder) override {
        const Lock lock(mutex_);
        std::vector<std::string> names;
        for (const auto& [name, node] : folders_.find_folder(folder, "opendir").children)
            names.push_back(name);
        return names;
    }

    void create_folder(const std::string& path) override {
        const Lock lock(mutex_);
        folders_.make_folders(path);
    }

    bool create_new_folder(const std::string& path) override {
        const Lock lock(mutex_);
        return folders_.make_new_folder(path);
    }

    void rename(const std::string& from, const std::string& to) override {
        const Lock lock(mutex_);
        folders_.move(from, to);
    }

    void remove(const std::string& path) override {
        const Lock lock(mutex_);
        folders_.remove_file(path);
    }

    void remove_folder(const std::string& path) override {
        const Lock lock(mutex_);
        folders_.remove_folder(path);
    }

    void link(const std::string& from, const std::string& to) override {
        const Lock lock(mutex_);
        const std::string call = "link to " + to;
        std::shared_ptr<MemoryFile> file = folders_.find_file(from, call.c_str()).file;
        if (folders_.find(to) != nullptr) throw_io_error(from, call, EEXIST);
        folders_.put_file(to, std::move(file), call.c_str());
    }

    void link_latest(const std::string&, const std::string&) override {}

    void sync_folder(const std::string& path) override {
        const Lock lock(mutex_);
        folders_.find_folder(path, "open");
    }

    std::unique_ptr<FileLock> lock(const std::string& path) override {
        const Lock lock(mutex_);
        const auto* node = folders_.find(path);
        if (node == nullptr) folders_.put_file(path, std::make_shared<MemoryFile>(), "open");
        std::shared_ptr<MemoryFile> file = folders_.find_file(path, "open").file;
        const Lock held_lock(held_->mutex);
        if (!held_->files.insert(file.get()).second) {
            throw Error(ErrorKind::locked, "is held by this process", {path, {}, {}, {}},
                        "close the other one, or use another folder");
        }
        return std::make_unique<MemoryLock>(held_, std::move(file));
    }

  private:
    std::shared_ptr<MemoryFile> make_file(const std::string& path) {
        auto file = std::make_shared<MemoryFile>();
        const Lock lock(mutex_);
        folders_.put_file(path, file, "open");
        return file;
    }

    Mutex mutex_;
    MemoryFolders folders_;
    const std::shared_ptr<HeldLocks> held_ = std::make_shared<HeldLocks>();
};

}  // namespace

std::unique_ptr<FileSystem> make_memory_file_system() {
    return std::make_unique<MemoryFileSystem>();
}

}  // namespace lsm
