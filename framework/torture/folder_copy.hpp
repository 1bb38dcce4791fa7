// What a process that is killed leaves: a folder's files as they are, without its lock.
#pragma once

#include <memory>
#include <string>

#include "framework/os/memory_file_system.hpp"

namespace lsm::torture {

/// The folder alone, in a file system of its own.
inline std::unique_ptr<FileSystem> folder_copy(FileSystem& files, const std::string& folder) {
    auto copy = make_memory_file_system();
    copy->create_folder(folder);
    for (const std::string& name : files.list(folder)) {
        if (name == "LOCK") continue;
        const std::string path = folder + "/" + name;
        copy->create(path)->append(read_text_file(files, path), {});
    }
    return copy;
}

}  // namespace lsm::torture
