// An open file of the operating system: closed when destroyed, calls that were interrupted go on,
// short reads and writes are completed, and errors name the path, the call and the reason. Used by
// the posix file system's parts alone. Reads from any thread, the rest from one.
#pragma once

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace lsm {

class PosixDescriptor {
  public:
    /// `flags` and `mode` as for open(2); the descriptor is not inherited by programs that are
    /// started.
    PosixDescriptor(std::string path, int flags, unsigned mode = 0644);
    ~PosixDescriptor();
    PosixDescriptor(PosixDescriptor&& other) noexcept
        : path_(std::move(other.path_)), number_(std::exchange(other.number_, -1)) {}
    PosixDescriptor(const PosixDescriptor&) = delete;
    PosixDescriptor& operator=(const PosixDescriptor&) = delete;

    int number() const { return number_; }
    const std::string& path() const { return path_; }

    /// At the file's position.
    void write(std::string_view bytes);
    void write_at(uint64_t offset, std::string_view bytes);
    /// Reads until `size` bytes are there or the file ends; returns how many.
    uint64_t read_at(uint64_t offset, uint64_t size, char* buffer) const;
    uint64_t size() const;
    bool is_regular() const;
    void truncate(uint64_t size);
    /// The bytes and what is needed to find them (fdatasync).
    void sync();
    /// Reports what the destructor would swallow.
    void close();

  private:
    std::string path_;
    int number_ = -1;
};

/// Runs a call that returns -1 and sets errno until it is not interrupted any more.
template <class Call>
auto uninterrupted(Call call) {
    while (true) {
        const auto result = call();
        if (result != -1 || errno != EINTR) return result;
    }
}

}  // namespace lsm
