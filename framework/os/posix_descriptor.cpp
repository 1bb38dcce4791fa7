#include "framework/os/posix_descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "framework/os/io_error.hpp"

namespace lsm {

PosixDescriptor::PosixDescriptor(std::string path, int flags, unsigned mode)
    : path_(std::move(path)),
      number_(uninterrupted([&] { return ::open(path_.c_str(), flags | O_CLOEXEC, mode); })) {
    if (number_ < 0) throw_io_error(path_, "open", errno);
}

PosixDescriptor::~PosixDescriptor() {
    if (number_ >= 0) ::close(number_);
}

void PosixDescriptor::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written =
            uninterrupted([&] { return ::write(number_, bytes.data(), bytes.size()); });
        if (written < 0) throw_io_error(path_, "write", errno);
        bytes.remove_prefix(static_cast<size_t>(written));
    }
}

void PosixDescriptor::write_at(uint64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = uninterrupted([&] {
            return ::pwrite(number_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        });
        if (written < 0) throw_io_error(path_, "pwrite", errno, offset);
        bytes.remove_prefix(static_cast<size_t>(written));
        offset += static_cast<uint64_t>(written);
    }
}

uint64_t PosixDescriptor::read_at(uint64_t offset, uint64_t size, char* buffer) const {
    uint64_t done = 0;
    while (done < size) {
        const auto got = uninterrupted([&] {
            return ::pread(number_, buffer + done, size - done, static_cast<off_t>(offset + done));
        });
        if (got < 0) throw_io_error(path_, "pread", errno, offset + done);
        if (got == 0) break;
        done += static_cast<uint64_t>(got);
    }
    return done;
}

uint64_t PosixDescriptor::size() const {
    struct stat status{};
    if (::fstat(number_, &status) != 0) throw_io_error(path_, "fstat", errno);
    return static_cast<uint64_t>(status.st_size);
}

bool PosixDescriptor::is_regular() const {
    struct stat status{};
    if (::fstat(number_, &status) != 0) throw_io_error(path_, "fstat", errno);
    return S_ISREG(status.st_mode);
}

void PosixDescriptor::truncate(uint64_t size) {
    if (uninterrupted([&] { return ::ftruncate(number_, static_cast<off_t>(size)); }) != 0)
        throw_io_error(path_, "ftruncate", errno);
}

void PosixDescriptor::sync() {
    if (uninterrupted([&] { return ::fdatasync(number_); }) == 0) return;
    // Devices and pipes have nothing to sync.
    if (errno != EINVAL) throw_sync_error(path_, "fdatasync", errno);
}

void PosixDescriptor::close() {
    const int number = std::exchange(number_, -1);
    // On Linux the descriptor is gone even when close was interrupted.
    if (number >= 0 && ::close(number) != 0 && errno != EINTR)
        throw_sync_error(path_, "close", errno);
}

}  // namespace lsm
