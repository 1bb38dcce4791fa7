// Errors of kind io in one form: the path, the call that failed and the system's reason, so that
// every file system says the same.
#pragma once

#include <cstdint>
#include <string>

#include "framework/base/error.hpp"

namespace lsm {

/// "results/a.csv: open: No such file or directory". `code` is an errno value; a full disk says "no
/// space left".
Error io_error(const std::string& path, const std::string& call, int code);
[[noreturn]] void throw_io_error(const std::string& path, const std::string& call, int code);

/// Fewer bytes were there than a read asked for.
[[noreturn]] void throw_short_read(const std::string& path, uint64_t offset, uint64_t wanted,
                                   uint64_t got);

/// A file is used after close().
[[noreturn]] void throw_closed(const std::string& path, const std::string& call);

}  // namespace lsm
