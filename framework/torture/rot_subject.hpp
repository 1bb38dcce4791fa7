// The small databases that the rot machine damages: one for each format, filter and codec, closed
// and not, with all that a tree knows in it: puts, deletes, range deletes, values that expire, in
// tables of several runs and in a log.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "framework/tree/any_tree.hpp"

namespace lsm::torture {

using Contents = std::map<std::string, std::string>;

struct RotSubject {
    enum class State {
        closed,         // log sealed
        closed_no_log,  // sync: none, all in tables
        unclosed,       // sync: power, as a power loss leaves it with every byte on disk
        backup          // of a closed one, which is restored and then opened
    };

    std::string name;  // "row_block-bloom-lz4-closed"
    State state = State::closed;
    Contents files;                                         // bytes by name, without LOCK
    std::map<std::string, std::vector<std::string>> older;  // of a file, the versions before
    std::vector<Contents> history;                          // of the data: after each write
    std::string last_log;                                   // of one that was not closed

    const Contents& right() const { return history.back(); }
    /// To open it, or what damage left of it, in the folder where it is or was restored to.
    AnyTree::Options options(FileSystem& in, const std::string& folder = "t") const;

    std::string format, filter, codec, compaction;
};

/// In a fixed order; drawn from the seed.
std::vector<RotSubject> make_rot_subjects(uint64_t seed);

/// A file system with these files in the folder "t".
std::unique_ptr<FileSystem> files_with(const Contents& files);
/// All that a scan finds.
Contents scan_all(const AnyTree& tree);

}  // namespace lsm::torture
