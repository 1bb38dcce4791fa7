// A small disk of its own for a child process (child_process.hpp): a tmpfs that nobody else sees.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <string>

namespace lsm {

/// Mounts a file system of this size ("size=16m") for this process alone; true when it may.
inline bool mount_small(const std::string& folder, const char* size) {
    const uid_t user = ::geteuid();
    if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    return ::mount("small", folder.c_str(), "tmpfs", 0, size) == 0;
}

/// From now on nothing can be written there.
inline bool make_read_only(const std::string& folder) {
    return ::mount("none", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

}  // namespace lsm
