// A file system that fails on purpose: each call that changes something first asks a hook, which
// may say that it fails. An append that fails may leave a part of its bytes; a sync that fails may
// have written all the same. Thread-safe as the one below; the hook is asked under a lock.
#pragma once

#include <cerrno>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "framework/os/file_system.hpp"
#include "framework/os/io_error.hpp"

namespace lsm::test {

enum class Call { create, append, sync, close, rename, remove, link, sync_folder, read };

class FailingFileSystem : public FileSystem {
  public:
    /// Whether this call fails.
    using Hook = std::function<bool(Call call, const std::string& path)>;

    explicit FailingFileSystem(FileSystem& under) : under_(under) {}

    void fail_when(Hook hook) {
        const std::lock_guard lock(mutex_);
        hook_ = std::move(hook);
    }
    /// Every call from now on whose path ends so and that is this one, after letting `after` of
    /// them pass.
    void fail(Call call, const std::string& ending, uint64_t after = 0) {
        fail_when([call, ending, left = after](Call made, const std::string& path) mutable {
            if (made != call || !path.ends_with(ending)) return false;
            if (left > 0) {
                --left;
                return false;
            }
            return true;
        });
    }
    void heal() { fail_when(nullptr); }

    std::unique_ptr<WritableFile> create(const std::string& path) override {
        ask(Call::create, path);
        return std::make_unique<Writer<WritableFile>>(*this, path, under_.create(path));
    }
    std::unique_ptr<LogFile> create_log(const std::string& path, uint64_t reserve) override {
        ask(Call::create, path);
        return std::make_unique<Writer<LogFile>>(*this, path, under_.create_log(path, reserve));
    }
    std::unique_ptr<ReadableFile> open(const std::string& path) override {
        return std::make_unique<Reader>(*this, path, under_.open(path));
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
        ask(Call::rename, to);
        under_.rename(from, to);
    }
    void remove(const std::string& path) override {
        ask(Call::remove, path);
        under_.remove(path);
    }
    void remove_folder(const std::string& path) override { under_.remove_folder(path); }
    void link(const std::string& from, const std::string& to) override {
        ask(Call::link, to);
        under_.link(from, to);
    }
    void link_latest(const std::string& target, const std::string& path) override {
        under_.link_latest(target, path);
    }
    void sync_folder(const std::string& path) override {
        ask(Call::sync_folder, path);
        under_.sync_folder(path);
    }
    std::unique_ptr<FileLock> lock(const std::string& path) override { return under_.lock(path); }

  private:
    template <class Interface>
    class Writer : public Interface {
      public:
        Writer(FailingFileSystem& files, std::string path, std::unique_ptr<Interface> under)
            : files_(files), path_(std::move(path)), under_(std::move(under)) {}
        void append(std::string_view bytes, IoTag tag) override {
            if (files_.asks(Call::append, path_)) {
                under_->append(bytes.substr(0, bytes.size() / 2), tag);
                throw_io_error(path_, "append", EIO);
            }
            under_->append(bytes, tag);
        }
        void sync() override {
            under_->sync();
            files_.ask(Call::sync, path_);
        }
        void close() override {
            under_->close();
            files_.ask(Call::close, path_);
        }
        uint64_t size() const override { return under_->size(); }

      private:
        FailingFileSystem& files_;
        std::string path_;
        std::unique_ptr<Interface> under_;
    };
    class Reader : public ReadableFile {
      public:
        Reader(FailingFileSystem& files, std::string path, std::unique_ptr<ReadableFile> under)
            : files_(files), path_(std::move(path)), under_(std::move(under)) {}
        void read(uint64_t offset, uint64_t size, char* buffer, IoTag tag) const override {
            files_.ask(Call::read, path_);
            under_->read(offset, size, buffer, tag);
        }
        uint64_t size() const override { return under_->size(); }

      private:
        FailingFileSystem& files_;
        std::string path_;
        std::unique_ptr<ReadableFile> under_;
    };

    bool asks(Call call, const std::string& path) {
        const std::lock_guard lock(mutex_);
        return hook_ && hook_(call, path);
    }
    void ask(Call call, const std::string& path) {
        static constexpr const char* kNames[] = {
            "open", "append", "sync", "close", "rename", "unlink", "link", "sync folder", "read"};
        if (asks(call, path)) throw_io_error(path, kNames[static_cast<int>(call)], EIO);
    }

    FileSystem& under_;
    std::mutex mutex_;
    Hook hook_;
};

}  // namespace lsm::test
