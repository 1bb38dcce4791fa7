// The real disk. posix_file_system() is declared in file_system.hpp; it has no state and may be
// used from any thread.
#pragma once

#include "framework/os/file_system.hpp"

namespace lsm {

/// Copies a file's bytes to a new file and syncs them: what link() does where there are no hard
/// links.
void copy_posix_file(const std::string& from, const std::string& to);

}  // namespace lsm
