// Whole files of any FileSystem, read and overwritten as a test that looks at bytes or damages them
// needs it.
#pragma once

#include <string>
#include <string_view>

#include "framework/os/file_system.hpp"

namespace lsm::test {

inline std::string file_bytes(FileSystem& files, const std::string& path) {
    const auto file = files.open(path);
    std::string bytes(file->size(), '\0');
    if (!bytes.empty()) file->read(0, bytes.size(), bytes.data(), {});
    return bytes;
}

/// The file is new or starts over.
inline void write_file(FileSystem& files, const std::string& path, std::string_view bytes) {
    const auto file = files.create(path);
    if (!bytes.empty()) file->append(bytes, {});
    file->close();
}

}  // namespace lsm::test
