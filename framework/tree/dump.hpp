// A file of a tree's in words: CURRENT, a manifest, a log or a table, record by record and block by
// block, with offsets, lengths and checksums. For `lab dump`: to see how the files are made, and
// what damage did to one.
//
// Shows what can be read in front of damage and behind it: records are looked for from the damage
// on, tables are walked block by block. The file's number, which checksums are bound to, is taken
// from its name. Changes nothing and takes no lock: a file that is being written may look torn.
// Reads logs and manifests whole, tables block by block. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "framework/os/file_system.hpp"
#include "framework/policy/registry.hpp"

namespace lsm {

/// Gets a line without a line feed; deeper things are indented.
using TakeLine = std::function<void(const std::string&)>;

/// Returns the number of damaged places, each shown by a line that begins with DAMAGED. A torn tail
/// is none. Errors: usage for a name that no file of a tree has, io, version for a newer format.
uint64_t dump_file(FileSystem& files, const std::string& path, const Registry& policies,
                   const TakeLine& line);

}  // namespace lsm
