// Every byte of a tree's folder, while no tree is open in it: the manifest, all tables and how they
// lie in levels and runs, the logs and how they hang together. For `lab verify`, and for `lab
// repair`, which must know what is sound. A folder that a crash left is sound; what a crash left
// half-done is a note.
//
// Changes nothing in the folder. All damage is told, not only the first: behind a damaged file the
// others are looked at all the same, and where the manifest can not be read the tables are looked
// at by themselves. Blocks; reads everything once, a file's table block by block, logs and the
// manifest whole. Any thread; the folder's lock keeps trees away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/log/manifest.hpp"
#include "framework/os/file_system.hpp"
#include "framework/policy/registry.hpp"
#include "framework/table/properties.hpp"

namespace lsm {

struct VerifiedFile {
    std::string name;  // in the folder
    uint64_t bytes = 0;
    std::string holds;      // in words
    uint64_t damage = 0;    // how often it is named in the list of damage
    bool is_needed = true;  // false: left by a crash, the next open removes it
    bool is_missing = false;
};

/// A table as its own file tells it, in the manifest or not.
struct VerifiedTable {
    TableId id = 0;
    bool in_manifest = false;
    bool sound = false;
    bool only_filter = false;  // all that is damaged is the filter: lookups go without it
    std::optional<TableProperties> properties;
    uint64_t stored_bytes = 0;
};

/// A log that recovery would read.
struct VerifiedLog {
    uint64_t number = 0;
    bool readable = false;  // up to its end or a torn tail
    bool follows = false;   // goes on where the one before it ended; recovery takes no other
    bool sound = false;
    bool torn = false;  // behind the entries lies something that is not whole
    uint64_t entries = 0;
    Sequence first_sequence = 0;  // 0: it holds none
    Sequence last_sequence = 0;
};

struct VerifyReport {
    std::vector<VerifiedFile> files;
    std::vector<Error> damage;  // Error(corruption) each, with file and, where there is one, offset
    std::vector<std::string> notes;
    std::vector<VerifiedTable> tables;  // by number, all that lie there
    std::vector<VerifiedLog> logs;      // by number, those that are needed
    std::optional<TreeState> state;     // nothing: the manifest can not be read
    uint64_t bytes = 0;                 // read
    uint64_t entries = 0;               // in tables
    uint64_t log_entries = 0;

    bool sound() const { return damage.empty(); }
};

/// Errors that are thrown: io (also when there is no tree in the folder), locked with the holder,
/// and version when any file is of a newer format.
VerifyReport verify_folder(FileSystem& files, const std::string& folder, const Registry& policies);
/// The same for who holds the folder's lock already.
VerifyReport verify_locked_folder(FileSystem& files, const std::string& folder,
                                  const Registry& policies);

}  // namespace lsm
