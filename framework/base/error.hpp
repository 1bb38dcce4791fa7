// Errors as part of the interface: one exception type, with a kind that callers can act on, the
// place (file and byte offset, or line and column for text) and, where there is one, a remedy. The
// library never prints and never exits.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace lsm {

enum class ErrorKind { config, io, corruption, locked, version, read_only, usage };

/// Where an error was found. `offset` is in bytes for binary files; `line` and `column` count from
/// 1 for text.
struct ErrorPlace {
    std::string file;
    std::optional<uint64_t> offset;
    std::optional<uint64_t> line;
    std::optional<uint64_t> column;
};

class Error : public std::runtime_error {
  public:
    Error(ErrorKind kind, std::string what, ErrorPlace place = {}, std::string remedy = {});

    ErrorKind kind() const { return kind_; }
    const ErrorPlace& place() const { return place_; }
    const std::string& remedy() const { return remedy_; }
    /// The message without place and remedy; what() has all three in one line.
    const std::string& message() const { return message_; }

  private:
    ErrorKind kind_;
    std::string message_;
    ErrorPlace place_;
    std::string remedy_;
};

/// "corruption", "io", ...
const char* error_kind_name(ErrorKind kind);

/// The process's exit status for an error that reached main: 2 usage and config, 3 corruption, 4
/// locked, 5 io and read_only, 6 version.
int exit_status(ErrorKind kind);

}  // namespace lsm
