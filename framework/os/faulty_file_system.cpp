#include "framework/os/faulty_file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <utility>

#include "framework/os/io_error.hpp"

namespace lsm {

namespace {

bool needs_space(FileCall call) {
    switch (call) {
        case FileCall::create:
        case FileCall::append:
        case FileCall::rename:
        case FileCall::link:
        case FileCall::create_folder:
            return true;
        default:
            return false;
    }
}

bool is_full(Fault fault) { return fault == Fault::full || fault == Fault::torn_full; }
bool is_torn(Fault fault) { return fault == Fault::torn || fault == Fault::torn_full; }

[[noreturn]] void throw_fault(FileCall call, const std::string& path, Fault fault) {
    if (call == FileCall::sync || call == FileCall::sync_folder)
        throw_sync_error(path, file_call_name(call), EIO);
    throw_io_error(path, file_call_name(call), is_full(fault) ? ENOSPC : EIO);
}

}  // namespace

const char* file_call_name(FileCall call) {
    static constexpr const char* kNames[] = {"open",  "append", "sync",   "close", "open",
                                             "read",  "rename", "unlink", "link",  "sync folder",
                                             "mkdir", "list",   "stat",   "lock"};
    return kNames[static_cast<int>(call)];
}

/// A WritableFile or a LogFile.
template <class Interface>
class FaultyFileSystem::Writer : public Interface {
  public:
    Writer(FaultyFileSystem& files, std::string path, Size bytes, std::unique_ptr<Interface> under)
        : files_(files),
          path_(std::move(path)),
          bytes_(std::move(bytes)),
          under_(std::move(under)) {}

    void append(std::string_view bytes, IoTag tag) override {
        const Fault fault = files_.asked(FileCall::append, path_);
        if (fault != Fault::none) {
            const std::string_view half = bytes.substr(0, is_torn(fault) ? bytes.size() / 2 : 0);
            add(half.substr(0, files_.take_room(half.size(), bytes_)), tag);
            throw_fault(FileCall::append, path_, fault);
        }
        const uint64_t room = files_.take_room(bytes.size(), bytes_);
        add(bytes.substr(0, room), tag);
        if (room < bytes.size()) throw_fault(FileCall::append, path_, Fault::full);
    }
    void sync() override {
        const Fault fault = files_.asked(FileCall::sync, path_);
        if (fault == Fault::none || !files_.failed_sync_) {
            under_->sync();
        } else {
            files_.failed_sync_(path_);
        }
        if (fault != Fault::none) throw_fault(FileCall::sync, path_, fault);
    }
    void close() override {
        under_->close();
        files_.ask(FileCall::close, path_);
    }
    uint64_t size() const override { return under_->size(); }

  private:
    void add(std::string_view bytes, IoTag tag) {
        if (!bytes.empty()) under_->append(bytes, tag);
    }

    FaultyFileSystem& files_;
    std::string path_;
    Size bytes_;
    std::unique_ptr<Interface> under_;
};

class FaultyFileSystem::Reader : public ReadableFile {
  public:
    Reader(FaultyFileSystem& files, std::string path, std::unique_ptr<ReadableFile> under)
        : files_(files), path_(std::move(path)), under_(std::move(under)) {}
    void read(uint64_t offset, uint64_t size, char* buffer, IoTag tag) const override {
        files_.ask(FileCall::read, path_);
        under_->read(offset, size, buffer, tag);
    }
    uint64_t size() const override { return under_->size(); }

  private:
    FaultyFileSystem& files_;
    std::string path_;
    std::unique_ptr<ReadableFile> under_;
};

void FaultyFileSystem::fail_when(Hook hook) {
    const std::lock_guard lock(mutex_);
    hook_ = std::move(hook);
}

void FaultyFileSystem::fail(FileCall call, const std::string& ending, uint64_t after, Fault fault) {
    fail_when([=, left = after](FileCall made, const std::string& path) mutable {
        if (made != call || !path.ends_with(ending)) return Fault::none;
        if (left == 0) return fault;
        --left;
        return Fault::none;
    });
}

void FaultyFileSystem::fail_at(uint64_t n, Fault fault, bool for_good) {
    const std::lock_guard lock(mutex_);
    calls_ = 0;
    failed_ = 0;
    hook_ = [this, n, fault, for_good](FileCall, const std::string&) {
        return calls_ == n || (for_good && calls_ > n) ? fault : Fault::none;
    };
}

void FaultyFileSystem::on_failed_sync(std::function<void(const std::string& path)> hook) {
    failed_sync_ = std::move(hook);
}

void FaultyFileSystem::heal() { fail_when(nullptr); }

uint64_t FaultyFileSystem::calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
}

uint64_t FaultyFileSystem::failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
}

void FaultyFileSystem::set_size(std::optional<uint64_t> bytes) {
    const std::lock_guard lock(mutex_);
    limit_ = bytes;
}

std::string FaultyFileSystem::first_failed() const {
    const std::lock_guard lock(mutex_);
    return first_failed_;
}

uint64_t FaultyFileSystem::used() const {
    const std::lock_guard lock(mutex_);
    return used_;
}

Fault FaultyFileSystem::asked(FileCall call, const std::string& path) {
    const std::lock_guard lock(mutex_);
    calls_ += 1;
    const Fault fault = hook_ ? hook_(call, path) : Fault::none;
    if (fault == Fault::none || (is_full(fault) && !needs_space(call))) return Fault::none;
    if (failed_ == 0) first_failed_ = std::string(file_call_name(call)) + " " + path;
    failed_ += 1;
    return fault;
}

void FaultyFileSystem::ask(FileCall call, const std::string& path) {
    const Fault fault = asked(call, path);
    if (fault != Fault::none) throw_fault(call, path, fault);
}

/// How many of the bytes there is room for; they are taken.
uint64_t FaultyFileSystem::take_room(uint64_t bytes, Size& size) {
    const std::lock_guard lock(mutex_);
    if (limit_) bytes = std::min(bytes, *limit_ - std::min(*limit_, used_));
    used_ += bytes;
    *size += bytes;
    return bytes;
}

auto FaultyFileSystem::begin_file(const std::string& path) -> Size {
    const std::lock_guard lock(mutex_);
    forget(path);
    return sizes_[path] = std::make_shared<uint64_t>(0);
}

/// The name is gone; the bytes are when it was the last one. Files that are being written count as
/// long as they have a name. Under the lock.
void FaultyFileSystem::forget(const std::string& path) {
    const auto found = sizes_.find(path);
    if (found == sizes_.end()) return;
    const Size size = std::move(found->second);
    sizes_.erase(found);
    const bool named = std::any_of(sizes_.begin(), sizes_.end(),
                                   [&](const auto& other) { return other.second == size; });
    if (!named) used_ -= std::min(used_, *size);
}

std::unique_ptr<WritableFile> FaultyFileSystem::create(const std::string& path) {
    ask(FileCall::create, path);
    auto under = under_.create(path);
    return std::make_unique<Writer<WritableFile>>(*this, path, begin_file(path), std::move(under));
}

std::unique_ptr<LogFile> FaultyFileSystem::create_log(const std::string& path, uint64_t reserve) {
    ask(FileCall::create, path);
    auto under = under_.create_log(path, reserve);
    return std::make_unique<Writer<LogFile>>(*this, path, begin_file(path), std::move(under));
}

std::unique_ptr<ReadableFile> FaultyFileSystem::open(const std::string& path) {
    ask(FileCall::open, path);
    return std::make_unique<Reader>(*this, path, under_.open(path));
}

bool FaultyFileSystem::exists(const std::string& path) {
    ask(FileCall::status, path);
    return under_.exists(path);
}

bool FaultyFileSystem::is_folder(const std::string& path) {
    ask(FileCall::status, path);
    return under_.is_folder(path);
}

uint64_t FaultyFileSystem::file_size(const std::string& path) {
    ask(FileCall::status, path);
    return under_.file_size(path);
}

std::vector<std::string> FaultyFileSystem::list(const std::string& folder) {
    ask(FileCall::list, folder);
    return under_.list(folder);
}

void FaultyFileSystem::create_folder(const std::string& path) {
    // One that is there needs no room.
    if (!under_.is_folder(path)) ask(FileCall::create_folder, path);
    under_.create_folder(path);
}

bool FaultyFileSystem::create_new_folder(const std::string& path) {
    ask(FileCall::create_folder, path);
    return under_.create_new_folder(path);
}

void FaultyFileSystem::rename(const std::string& from, const std::string& to) {
    ask(FileCall::rename, to);
    under_.rename(from, to);
    const std::lock_guard lock(mutex_);
    const auto found = sizes_.find(from);
    if (found == sizes_.end()) return;
    const Size size = found->second;
    forget(to);
    sizes_[to] = size;
    sizes_.erase(from);
}

void FaultyFileSystem::remove(const std::string& path) {
    ask(FileCall::remove, path);
    under_.remove(path);
    const std::lock_guard lock(mutex_);
    forget(path);
}

void FaultyFileSystem::remove_folder(const std::string& path) {
    ask(FileCall::remove, path);
    under_.remove_folder(path);
}

void FaultyFileSystem::link(const std::string& from, const std::string& to) {
    ask(FileCall::link, to);
    under_.link(from, to);
    const std::lock_guard lock(mutex_);
    const auto found = sizes_.find(from);
    if (found != sizes_.end()) sizes_[to] = found->second;
}

void FaultyFileSystem::link_latest(const std::string& target, const std::string& path) {
    ask(FileCall::link, path);
    under_.link_latest(target, path);
}

void FaultyFileSystem::sync_folder(const std::string& path) {
    ask(FileCall::sync_folder, path);
    under_.sync_folder(path);
}

std::unique_ptr<FileLock> FaultyFileSystem::lock(const std::string& path) {
    ask(FileCall::lock, path);
    return under_.lock(path);
}

std::unique_ptr<FileLock> FaultyFileSystem::lock_unchanged(const std::string& path) {
    ask(FileCall::lock, path);
    return under_.lock_unchanged(path);
}

}  // namespace lsm
