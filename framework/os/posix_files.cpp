#include "framework/os/posix_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "framework/base/error.hpp"
#include "framework/os/first_failure.hpp"
#include "framework/os/io_error.hpp"
#include "framework/os/posix_descriptor.hpp"

namespace lsm {
namespace {

class PosixWritableFile : public WritableFile {
  public:
    explicit PosixWritableFile(const std::string& path)
        : file_(path, O_WRONLY | O_CREAT | O_TRUNC),
          buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes)) {}

    ~PosixWritableFile() override {
        try {
            if (!closed_ && !failure_.failed()) flush();
        } catch (...) {
            // Who wanted to know has called close().
        }
    }

    void append(std::string_view bytes, IoTag) override {
        check_open("append");
        failure_.guard([&] {
            if (bytes.size() > kBufferBytes - buffered_) flush();
            if (bytes.size() >= kBufferBytes) {
                file_.write(bytes);
            } else if (!bytes.empty()) {
                std::memcpy(buffer_.get() + buffered_, bytes.data(), bytes.size());
                buffered_ += bytes.size();
            }
        });
        size_ += bytes.size();
    }

    void sync() override {
        check_open("sync");
        failure_.guard([&] {
            flush();
            file_.sync();
        });
    }

    void close() override {
        check_open("close");
        closed_ = true;
        failure_.guard([&] {
            flush();
            file_.close();
        });
    }

    uint64_t size() const override { return size_; }

  private:
    static constexpr size_t kBufferBytes = 64 * 1024;

    void check_open(const char* call) const {
        failure_.throw_if_failed();
        if (closed_) throw_closed(file_.path(), call);
    }

    void flush() {
        file_.write({buffer_.get(), buffered_});
        buffered_ = 0;
    }

    PosixDescriptor file_;
    FirstFailure failure_;
    std::unique_ptr<char[]> buffer_;
    size_t buffered_ = 0;
    uint64_t size_ = 0;
    bool closed_ = false;
};

class PosixReadableFile : public ReadableFile {
  public:
    explicit PosixReadableFile(const std::string& path)
        : file_(open_regular_file(path)), size_(file_.size()) {}

    void read(uint64_t offset, uint64_t size, char* buffer, IoTag) const override {
        const uint64_t got = file_.read_at(offset, size, buffer);
        if (got < size) throw_short_read(file_.path(), offset, size, got);
    }

    uint64_t size() const override { return size_; }

  private:
    PosixDescriptor file_;
    uint64_t size_;
};

const char* kind_name(mode_t mode) {
    if (S_ISFIFO(mode)) return "a named pipe";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

[[noreturn]] void throw_not_regular(const std::string& path, mode_t mode) {
    if (S_ISDIR(mode)) throw_io_error(path, "open", EISDIR);
    throw Error(ErrorKind::io, std::string("open: it is ") + kind_name(mode) + ", not a file",
                {path, {}, {}, {}}, "move it away");
}

}  // namespace

PosixDescriptor open_regular_file(const std::string& path) {
    // A named pipe would be waited for until somebody writes to it.
    PosixDescriptor file(path, O_RDONLY | O_NONBLOCK);
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) throw_io_error(path, "fstat", errno);
    if (!S_ISREG(status.st_mode)) throw_not_regular(path, status.st_mode);
    return file;
}

std::unique_ptr<WritableFile> create_posix_file(const std::string& path) {
    clear_the_way(path);
    return std::make_unique<PosixWritableFile>(path);
}

std::unique_ptr<ReadableFile> open_posix_file(const std::string& path) {
    return std::make_unique<PosixReadableFile>(path);
}

void clear_the_way(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 &&
        (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
        throw_not_regular(path, status.st_mode);
    if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw_io_error(path, "unlink", errno);
}

}  // namespace lsm
