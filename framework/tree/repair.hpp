// Makes a damaged folder open again, for `lab repair`. What is damaged is moved into a folder
// quarantine-<n> in the tree's own, never deleted; the manifest is rebuilt from what is sound; and
// what was lost, or may have come back, is said in words.
//
// - A damaged or missing table is taken out of the shape. Then the next older versions of its keys
//   are seen again, and what it alone deleted comes back.
// - A manifest that can not be read is replaced by another one that can, else by one made of what
//   the tables say of themselves: each in a run of its own, by age.
// - Of logs what stays is a prefix of commit order: up to the first damage, and nothing behind it.
// - What a crash left half-done goes to the quarantine too, since the next open would remove it.
//
// A folder that is sound is left as it is. A crash in the middle leaves a folder that can be
// repaired. Blocks; reads everything two or three times. Any thread; holds the folder's lock.
#pragma once

#include <string>
#include <vector>

#include "framework/os/file_system.hpp"
#include "framework/policy/registry.hpp"

namespace lsm {

struct RepairReport {
    std::string quarantine;          // the folder; empty when nothing was wrong
    std::vector<std::string> words;  // what was found, done and lost, a line each
};

/// Errors: io, locked, version (then nothing has been changed); corruption when the folder can not
/// be made sound.
RepairReport repair_folder(FileSystem& files, const std::string& folder, const Registry& policies);

}  // namespace lsm
