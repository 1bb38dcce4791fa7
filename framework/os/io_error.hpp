// Errors of kind io in one form: the path, the call that failed and the system's reason, so that
// every file system says the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "framework/base/error.hpp"

namespace lsm {

/// There was no room (or no quota) for what a call had to write: of kind io. It is the one failure
/// that passes by itself, since nothing was lost by it; what was begun is to be written anew,
/// elsewhere.
class DiskFullError : public Error {
    using Error::Error;
};

/// The file system is mounted read-only: of kind io.
class ReadOnlyMountError : public Error {
    using Error::Error;
};

/// "results/a.csv: open: No such file or directory". `code` is an errno value; a full disk says "no
/// space left" and is a DiskFullError; EROFS is a ReadOnlyMountError. `offset`: of what was to be
/// read or written, where the call says that.
[[noreturn]] void throw_io_error(const std::string& path, const std::string& call, int code,
                                 std::optional<uint64_t> offset = {});
/// The same for a call that says whether bytes written before are safe. When it fails nobody knows
/// which of them are, so it is never a DiskFullError, whatever the reason.
[[noreturn]] void throw_sync_error(const std::string& path, const std::string& call, int code);

/// Fewer bytes were there than a read asked for.
[[noreturn]] void throw_short_read(const std::string& path, uint64_t offset, uint64_t wanted,
                                   uint64_t got);

/// A file is used after close().
[[noreturn]] void throw_closed(const std::string& path, const std::string& call);

}  // namespace lsm
