// The last 72 bytes of a table: where its three entry points lie, which table it is, and in which
// version of the layout it is written.
//
//     root, filter, properties: offset and size, fixed64 each      48 bytes
//     table number, fixed64                                         8
//     layout version, fixed32                                       4
//     checksum32 of the 60 bytes before it, fixed32                 4
//     magic, 8 bytes                                                8
//
// Size, checksum and magic stay where they are in every future version, so that a newer file can be
// told from a damaged one. A handle of size 0: no such block.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "framework/policy/format.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

/// The version of the layout around the blocks; a format has a version of its own.
inline constexpr uint32_t kTableLayoutVersion = 2;  // 2: there may be a block of range tombstones

struct Footer {
    static constexpr uint64_t kBytes = 72;

    BlockHandle root;
    BlockHandle filter;
    BlockHandle properties;
    TableId table = 0;

    std::string encode() const;
    /// `bytes` are the last kBytes of `file`, which is `file_size` long. Error(corruption) with
    /// file and offset when they are damaged or belong to another table than `expected`,
    /// Error(version) when the layout is newer than this program.
    static Footer decode(std::string_view bytes, const std::string& file, uint64_t file_size,
                         TableId expected);
};

}  // namespace lsm
