#include "framework/os/posix_log_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

#include "framework/os/first_failure.hpp"
#include "framework/os/io_error.hpp"
#include "framework/os/posix_descriptor.hpp"
#include "framework/os/posix_files.hpp"

namespace lsm {
namespace {

/// A part of a file in memory; unmapped when destroyed. The kernel writes its pages in its own
/// time, mapped or not any more.
class Mapping {
  public:
    Mapping() = default;
    Mapping(char* start, uint64_t size) : start_(start), size_(size) {}
    Mapping(Mapping&& other) noexcept { swap(other); }
    Mapping& operator=(Mapping&& other) noexcept {
        Mapping old(std::move(other));
        swap(old);
        return *this;
    }
    ~Mapping() {
        if (start_ != nullptr) ::munmap(start_, size_);
    }

    char* start() const { return start_; }
    uint64_t size() const { return size_; }

  private:
    void swap(Mapping& other) {
        std::swap(start_, other.start_);
        std::swap(size_, other.size_);
    }

    char* start_ = nullptr;
    uint64_t size_ = 0;
};

class PosixLogFile : public LogFile {
  public:
    PosixLogFile(const std::string& path, uint64_t reserve, LogWriting writing)
        : file_(path, O_RDWR | O_CREAT | O_TRUNC),
          mapped_(writing == LogWriting::mapped_where_possible && file_.is_regular()) {
        page_ = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
        reserve_ = whole_pages(std::max<uint64_t>(reserve, 1));
    }

    ~PosixLogFile() override {
        try {
            if (!closed_) finish();
        } catch (...) {
            // Who wanted to know has called close().
        }
    }

    void append(std::string_view bytes, IoTag) override {
        check_open("append");
        if (full_) std::rethrow_exception(full_);
        failure_.guard([&] {
            try {
                add(bytes);
            } catch (const DiskFullError&) {
                full_ = std::current_exception();
            }
        });
        if (full_) std::rethrow_exception(full_);
    }

    void sync() override {
        check_open("sync");
        // On Linux this writes the pages of mappings too: they are the same pages.
        failure_.guard([&] { file_.sync(); });
    }

    void close() override {
        check_open("close");
        closed_ = true;
        failure_.guard([&] {
            finish();
            file_.close();
        });
    }

    uint64_t size() const override { return size_; }

  private:
    uint64_t whole_pages(uint64_t bytes) const { return (bytes + page_ - 1) / page_ * page_; }
    uint64_t room() const { return segment_offset_ + segment_.size() - size_; }

    void check_open(const char* call) const {
        failure_.throw_if_failed();
        if (closed_) throw_closed(file_.path(), call);
    }

    void add(std::string_view bytes) {
        if (mapped_ && bytes.size() > room()) return append_across(bytes);
        if (!mapped_) return append_written(bytes);
        copy(bytes);
    }

    /// Into the room that is there.
    void copy(std::string_view bytes) {
        if (bytes.empty()) return;
        std::memcpy(segment_.start() + (size_ - segment_offset_), bytes.data(), bytes.size());
        size_ += bytes.size();
    }

    /// Fills the current segment and goes on in the next, which is there before the first byte is
    /// copied.
    void append_across(std::string_view bytes) {
        const uint64_t head = room();
        const uint64_t offset = segment_offset_ + segment_.size();
        Mapping next = map_segment(offset, std::max(reserve_, whole_pages(bytes.size() - head)));
        if (next.start() == nullptr) {
            mapped_ = false;
            segment_ = Mapping();
            return append_written(bytes);
        }
        copy(bytes.substr(0, head));
        segment_ = std::move(next);
        segment_offset_ = offset;
        copy(bytes.substr(head));
    }

    /// Nothing where the file system has no such thing.
    Mapping map_segment(uint64_t offset, uint64_t size) {
        if (uninterrupted([&] {
                return ::fallocate(file_.number(), 0, static_cast<off_t>(offset),
                                   static_cast<off_t>(size));
            }) != 0) {
            if (errno == EOPNOTSUPP || errno == ENOSYS || errno == ENODEV) return {};
            throw_io_error(file_.path(), "fallocate", errno);
        }
        void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_.number(),
                             static_cast<off_t>(offset));
        if (start == MAP_FAILED) {
            const int code = errno;
            if (code != ENODEV && code != EACCES) throw_io_error(file_.path(), "mmap", code);
            return {};
        }
        return {static_cast<char*>(start), size};
    }

    void append_written(std::string_view bytes) {
        try {
            file_.write_at(size_, bytes);
        } catch (...) {
            drop_partial_record();
            throw;
        }
        size_ += bytes.size();
    }

    /// The part that was written must not be seen as a record's beginning; a device has no end to
    /// cut.
    void drop_partial_record() noexcept {
        try {
            if (file_.is_regular()) file_.truncate(size_);
        } catch (...) {
            // The error of the write says more.
        }
    }

    void finish() {
        segment_ = Mapping();
        if (file_.is_regular()) file_.truncate(size_);
    }

    PosixDescriptor file_;
    bool mapped_;
    bool closed_ = false;
    uint64_t page_ = 0;
    uint64_t reserve_ = 0;
    uint64_t size_ = 0;
    Mapping segment_;
    uint64_t segment_offset_ = 0;
    FirstFailure failure_;
    std::exception_ptr full_;  // nothing can be appended any more; what is there is whole
};

}  // namespace

std::unique_ptr<LogFile> create_posix_log_file(const std::string& path, uint64_t reserve,
                                               LogWriting writing) {
    clear_the_way(path);
    return std::make_unique<PosixLogFile>(path, reserve, writing);
}

}  // namespace lsm
