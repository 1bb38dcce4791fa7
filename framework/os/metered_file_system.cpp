#include "framework/os/metered_file_system.hpp"

#include <atomic>
#include <utility>

namespace lsm {
namespace {

/// Where the counts go.
struct Meters {
    Ledger& ledger;
    StorageGauge* gauge;  // may be none
};

/// A WritableFile or a LogFile.
template <class Interface>
class MeteredWriter : public Interface {
  public:
    MeteredWriter(std::unique_ptr<Interface> under, Meters meters,
                  std::shared_ptr<StorageGauge::File> stored)
        : under_(std::move(under)), meters_(meters), stored_(std::move(stored)) {}

    void append(std::string_view bytes, IoTag tag) override {
        under_->append(bytes, tag);
        meters_.ledger.add_write(tag, bytes.size());
        if (stored_) meters_.gauge->appended(*stored_, bytes.size(), tag.block);
    }
    void sync() override {
        under_->sync();
        meters_.ledger.add_sync();
    }
    void close() override { under_->close(); }
    uint64_t size() const override { return under_->size(); }

  private:
    std::unique_ptr<Interface> under_;
    Meters meters_;
    std::shared_ptr<StorageGauge::File> stored_;
};

class MeteredReader : public ReadableFile {
  public:
    MeteredReader(std::unique_ptr<ReadableFile> under, Meters meters,
                  std::shared_ptr<StorageGauge::File> stored)
        : under_(std::move(under)),
          meters_(meters),
          stored_(std::move(stored)),
          unread_(stored_ != nullptr) {}

    void read(uint64_t offset, uint64_t size, char* buffer, IoTag tag) const override {
        under_->read(offset, size, buffer, tag);
        meters_.ledger.add_read(tag, size);
        // The first load keeps later reads from writing to a shared line.
        if (unread_.load(std::memory_order_relaxed) && unread_.exchange(false))
            meters_.gauge->first_read(*stored_, tag.block);
    }
    uint64_t size() const override { return under_->size(); }

  private:
    std::unique_ptr<ReadableFile> under_;
    Meters meters_;
    std::shared_ptr<StorageGauge::File> stored_;
    mutable std::atomic<bool> unread_;
};

class MeteredFileSystem : public FileSystem {
  public:
    MeteredFileSystem(FileSystem& under, Meters meters) : under_(under), meters_(meters) {}

    std::unique_ptr<WritableFile> create(const std::string& path) override {
        auto file = under_.create(path);
        return std::make_unique<MeteredWriter<WritableFile>>(std::move(file), meters_,
                                                             stored_anew(path));
    }
    std::unique_ptr<LogFile> create_log(const std::string& path, uint64_t reserve) override {
        auto file = under_.create_log(path, reserve);
        return std::make_unique<MeteredWriter<LogFile>>(std::move(file), meters_,
                                                        stored_anew(path));
    }
    std::unique_ptr<ReadableFile> open(const std::string& path) override {
        auto file = under_.open(path);
        auto stored = meters_.gauge ? meters_.gauge->opened(path, file->size()) : nullptr;
        return std::make_unique<MeteredReader>(std::move(file), meters_, std::move(stored));
    }

    bool exists(const std::string& path) override { return under_.exists(path); }
    bool is_folder(const std::string& path) override { return under_.is_folder(path); }
    std::string real_path(const std::string& path) override { return under_.real_path(path); }
    uint64_t file_size(const std::string& path) override { return under_.file_size(path); }
    std::vector<std::string> list(const std::string& folder) override {
        return under_.list(folder);
    }
    void create_folder(const std::string& path) override { under_.create_folder(path); }
    bool create_new_folder(const std::string& path) override {
        return under_.create_new_folder(path);
    }
    void rename(const std::string& from, const std::string& to) override {
        under_.rename(from, to);
        if (meters_.gauge) meters_.gauge->renamed(from, to);
    }
    void remove(const std::string& path) override {
        under_.remove(path);
        if (meters_.gauge) meters_.gauge->removed(path);
    }
    void remove_folder(const std::string& path) override { under_.remove_folder(path); }
    void link(const std::string& from, const std::string& to) override {
        under_.link(from, to);
        if (meters_.gauge) meters_.gauge->linked(from, to, under_.file_size(from));
    }
    void link_latest(const std::string& target, const std::string& path) override {
        under_.link_latest(target, path);
    }
    void sync_folder(const std::string& path) override {
        under_.sync_folder(path);
        meters_.ledger.add_sync();
    }
    std::unique_ptr<FileLock> lock(const std::string& path) override { return under_.lock(path); }
    std::unique_ptr<FileLock> lock_unchanged(const std::string& path) override {
        return under_.lock_unchanged(path);
    }

  private:
    std::shared_ptr<StorageGauge::File> stored_anew(const std::string& path) {
        return meters_.gauge ? meters_.gauge->created(path) : nullptr;
    }

    FileSystem& under_;
    Meters meters_;
};

}  // namespace

std::unique_ptr<FileSystem> make_metered_file_system(FileSystem& under, Ledger& ledger) {
    return std::make_unique<MeteredFileSystem>(under, Meters{ledger, nullptr});
}

std::unique_ptr<FileSystem> make_metered_file_system(FileSystem& under, Ledger& ledger,
                                                     StorageGauge& gauge) {
    return std::make_unique<MeteredFileSystem>(under, Meters{ledger, &gauge});
}

}  // namespace lsm
