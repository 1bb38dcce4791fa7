// The names of a tree's files, what a folder holds before it is opened, and how its logs hang
// together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/log/manifest.hpp"
#include "framework/log/write_ahead_log.hpp"
#include "framework/os/file_system.hpp"

namespace lsm {

std::string table_path(const std::string& folder, uint64_t number);
std::string log_path(const std::string& folder, uint64_t number);
std::string lock_path(const std::string& folder);

/// Whether it is a name of CURRENT, a manifest, a table or a log.
bool is_tree_file(const std::string& name);

struct FolderListing {
    bool has_current = false;
    std::vector<uint64_t> tables;     // ascending
    std::vector<uint64_t> logs;       // ascending
    std::vector<uint64_t> manifests;  // ascending
    uint64_t highest_number = 0;
    std::string stranger;  // a name that is none of a tree's; empty: there is none
};

/// What is there, without a word about it.
FolderListing scan_folder(FileSystem& files, const std::string& folder);

/// The same. Error(io) when the folder holds something that is no tree, Error(corruption) when
/// tables or logs lie there without CURRENT.
FolderListing list_folder(FileSystem& files, const std::string& folder);

/// A log that recovery looks at.
struct LogPlace {
    uint64_t number = 0;
    uint64_t end = UINT64_MAX;  // as the next log says, or the manifest of a tree that was closed
    bool never_begun = false;   // the disk was full for its header: another log came in its place
};
/// The logs that are still needed, in order. Errors as for their headers.
std::vector<LogPlace> needed_logs(FileSystem& files, const std::string& folder,
                                  const FolderListing& listing, const TreeState& state);

/// A log that the manifest knows to be there, and that is not: the one that was closed with the
/// tree, or the newest whose name is durable. As Error(corruption), for the caller to throw.
std::optional<Error> missing_log(const std::string& folder, const FolderListing& listing,
                                 const TreeState& state);

/// Whether this log goes on where the one before it ended (`before.number` 0: it is the first that
/// is there). A log that is missing from `first_log` on, or the loss of bytes that were synced, is
/// Error(corruption).
bool log_follows(const LogReplay& replay, const LogEnd& before, uint64_t first_log,
                 const std::string& path);

}  // namespace lsm
