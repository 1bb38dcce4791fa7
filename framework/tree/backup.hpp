// Backups of a tree's folder, file by file, after a look into each: rot that is copied is found
// when it is too late. Of the policies only the formats are needed, by the names that tables carry.
//
// A backup is a folder with the tree's files as they were and a file BACKUP, a text that is written
// last:
//
//     lsmlab backup 1
//     12.table 20480 9f86d081884c7d65
//     ...
//     end 7 0c2d5e11a0b3c4d5
//
// A line is a file's name, its bytes and their checksum (XXH3 chained over pieces of 1 MiB); the
// last line has the number of files and, in any version, the checksum of the lines before it.
// Without BACKUP a backup was not finished, and is not restored.
//
// Both functions block, read everything twice (to check, then to copy) and hold no more than a
// piece or a block in memory, except for logs. They may run in any thread; the folder's lock keeps
// trees away from the source. Errors: locked, io, corruption and version as in opening a tree;
// usage when the target lies in the source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/os/file_system.hpp"
#include "framework/policy/registry.hpp"

namespace lsm {

struct BackupSummary {
    uint64_t files = 0;
    uint64_t bytes = 0;
    /// Of tables whose blocks were copied as they are, since no such format is known.
    std::vector<std::string> unknown_formats;
};

/// Copies the closed tree in `source` to `target`, a new or an empty folder (io otherwise). Refuses
/// damage: in the manifest, in logs, in any block of a table, and files that are missing.
BackupSummary backup_folder(FileSystem& files, const std::string& source, const std::string& target,
                            const Registry& policies);

/// Makes the tree in `target`, a new or an empty folder (io otherwise), from a backup. Checks all
/// checksums before the first byte is written: Error(corruption) names the file that is damaged or
/// missing. A list with other files than a tree's is damage too.
BackupSummary restore_backup(FileSystem& files, const std::string& backup,
                             const std::string& target);

}  // namespace lsm
