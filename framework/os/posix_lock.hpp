// One holder per file among all processes of the machine (and of others, where the file system
// carries flock there). The file holds the holder's process number and host while it is held, for
// the message that others get; it stays when it is released, since removing it would let two
// processes hold two files of one name.
//
// flock belongs to the open file, so that reading or copying the lock file elsewhere in the process
// does not drop it, as with fcntl's locks; a table keeps this process from locking twice where
// flock is made of those (NFS). Any thread.
#pragma once

#include <memory>
#include <string>

#include "framework/os/file_system.hpp"

namespace lsm {

/// Throws Error: locked, naming the holder; or io.
std::unique_ptr<FileLock> lock_posix_file(const std::string& path);
/// The same without writing: held with other readers, and refused while a holder is there. The file
/// must be there.
std::unique_ptr<FileLock> lock_posix_file_unchanged(const std::string& path);

}  // namespace lsm
