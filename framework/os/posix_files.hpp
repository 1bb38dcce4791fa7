// Files of the operating system: a writable one with a buffer of 64 KiB, and a readable one that
// reads where it is asked to. Made by the posix file system alone; what they promise is in
// file_system.hpp. A writable file that failed once throws that cause ever after.
#pragma once

#include <memory>
#include <string>

#include "framework/os/file_system.hpp"
#include "framework/os/posix_descriptor.hpp"

namespace lsm {

std::unique_ptr<WritableFile> create_posix_file(const std::string& path);
std::unique_ptr<ReadableFile> open_posix_file(const std::string& path);

/// Opens for reading. Anything but a regular file is an io error that says what it is, at once: a
/// named pipe would block.
PosixDescriptor open_regular_file(const std::string& path);

/// Removes a regular file that is in the way of a new one, so that its readers and its other hard
/// links keep what they have. A named pipe or a socket is an io error; a device may be written to.
void clear_the_way(const std::string& path);

}  // namespace lsm
