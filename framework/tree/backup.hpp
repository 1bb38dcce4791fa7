// Backups of a tree's folder, file by file: no policy is needed, nothing is decoded but what can be
// checked without one.
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
// last line has the number of files and the checksum of the lines before it. Without BACKUP a
// backup was not finished, and is not restored.
//
// Both functions block, read everything once and hold no more than a piece in memory, except for
// logs. They may run in any thread; the folder's lock keeps trees away from the source. Errors:
// locked, io, corruption and version as in opening a tree.
#pragma once

#include <cstdint>
#include <string>

#include "framework/os/file_system.hpp"

namespace lsm {

struct BackupSummary {
    uint64_t files = 0;
    uint64_t bytes = 0;
};

/// Copies the closed tree in `source` to `target`, a new or an empty folder (io otherwise). Refuses
/// damage that shows without a policy: in the manifest, in logs, in a table's footer and size, and
/// files that are missing.
BackupSummary backup_folder(FileSystem& files, const std::string& source,
                            const std::string& target);

/// Makes the tree in `target`, a new or an empty folder (io otherwise), from a backup. Checks all
/// checksums before the first byte is written: Error(corruption) names the file that is damaged or
/// missing.
BackupSummary restore_backup(FileSystem& files, const std::string& backup,
                             const std::string& target);

}  // namespace lsm
