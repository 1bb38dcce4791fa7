// The names of a tree's files, and what a folder holds before it is opened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/os/file_system.hpp"

namespace lsm {

std::string table_path(const std::string& folder, uint64_t number);
std::string log_path(const std::string& folder, uint64_t number);
std::string lock_path(const std::string& folder);

struct FolderListing {
    bool has_current = false;
    std::vector<uint64_t> tables;     // ascending
    std::vector<uint64_t> logs;       // ascending
    std::vector<uint64_t> manifests;  // ascending
    uint64_t highest_number = 0;
};

/// What is there. Error(io) when the folder holds something that is no tree, Error(corruption) when tables or logs lie there without
/// CURRENT.
FolderListing list_folder(FileSystem& files, const std::string& folder);

}  // namespace lsm
