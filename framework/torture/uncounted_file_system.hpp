// A file system whose own allocations do not count (failing_allocation.hpp): a case in which memory
// runs out is one of the tree, not of the file system in memory that it stands on.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/os/file_system.hpp"
#include "framework/torture/failing_allocation.hpp"

namespace lsm::torture {

class UncountedFileSystem : public FileSystem {
    template <class Call>
    static auto without(Call call) {
        const UncountedAllocations uncounted;
        return call();
    }
    template <class Interface>
    class Writer : public Interface {
      public:
        explicit Writer(std::unique_ptr<Interface> under) : under_(std::move(under)) {}
        ~Writer() override {
            without([&] { under_.reset(); });
        }
        void append(std::string_view bytes, IoTag tag) override {
            without([&] { under_->append(bytes, tag); });
        }
        void sync() override {
            without([&] { under_->sync(); });
        }
        void close() override {
            without([&] { under_->close(); });
        }
        uint64_t size() const override { return under_->size(); }

      private:
        std::unique_ptr<Interface> under_;
    };

  public:
    explicit UncountedFileSystem(FileSystem& under) : under_(under) {}

    std::unique_ptr<WritableFile> create(const std::string& path) override {
        return without([&] { return std::make_unique<Writer<WritableFile>>(under_.create(path)); });
    }
    std::unique_ptr<LogFile> create_log(const std::string& path, uint64_t reserve) override {
        return without(
            [&] { return std::make_unique<Writer<LogFile>>(under_.create_log(path, reserve)); });
    }
    /// Reading from memory allocates nothing.
    std::unique_ptr<ReadableFile> open(const std::string& path) override {
        return without([&] { return under_.open(path); });
    }
    bool exists(const std::string& path) override {
        return without([&] { return under_.exists(path); });
    }
    bool is_folder(const std::string& path) override {
        return without([&] { return under_.is_folder(path); });
    }
    std::string real_path(const std::string& path) override {
        return without([&] { return under_.real_path(path); });
    }
    uint64_t file_size(const std::string& path) override {
        return without([&] { return under_.file_size(path); });
    }
    std::vector<std::string> list(const std::string& folder) override {
        return without([&] { return under_.list(folder); });
    }
    void create_folder(const std::string& path) override {
        without([&] { under_.create_folder(path); });
    }
    bool create_new_folder(const std::string& path) override {
        return without([&] { return under_.create_new_folder(path); });
    }
    void rename(const std::string& from, const std::string& to) override {
        without([&] { under_.rename(from, to); });
    }
    void remove(const std::string& path) override {
        without([&] { under_.remove(path); });
    }
    void remove_folder(const std::string& path) override {
        without([&] { under_.remove_folder(path); });
    }
    void link(const std::string& from, const std::string& to) override {
        without([&] { under_.link(from, to); });
    }
    void link_latest(const std::string& target, const std::string& path) override {
        without([&] { under_.link_latest(target, path); });
    }
    void sync_folder(const std::string& path) override {
        without([&] { under_.sync_folder(path); });
    }
    std::unique_ptr<FileLock> lock(const std::string& path) override {
        return without([&] { return under_.lock(path); });
    }
    std::unique_ptr<FileLock> lock_unchanged(const std::string& path) override {
        return without([&] { return under_.lock_unchanged(path); });
    }

  private:
    FileSystem& under_;
};

}  // namespace lsm::torture
