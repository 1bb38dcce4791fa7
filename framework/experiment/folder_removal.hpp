// Removes folders that a run made itself.
#pragma once

#include <string>

#include "framework/os/file_system.hpp"

namespace lsm::experiment {

/// The folder with all that is in it; nothing when it is not there.
void remove_folder_tree(FileSystem& files, const std::string& folder);

/// The folder when it is there and empty.
void remove_empty_folder(FileSystem& files, const std::string& folder);

}  // namespace lsm::experiment
