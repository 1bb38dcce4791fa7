// A file system in memory that behaves as the posix one: folders must be there, rename is atomic,
// hard links share their content, an open file outlives its name, locks have one holder, errors
// read the same. Nothing survives the object; files, locks and readers that it made may outlive it.
// Symbolic links are not supported: link_latest does nothing. Syncs do nothing.
//
// Thread-safe: names are under one lock, bytes are read under none (memory_file.hpp). Paths are
// taken apart as on posix ("a//b/./c" is "a/b/c"); relative and absolute ones are two trees, each
// with its root there from the start.
#pragma once

#include <memory>

#include "framework/os/file_system.hpp"

namespace lsm {

std::unique_ptr<FileSystem> make_memory_file_system();

}  // namespace lsm
