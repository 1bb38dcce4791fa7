// What a table says about itself: which policies wrote it and what is in it, so that a table's
// shape can be had without reading its entries.
//
// On disk: pairs of length-prefixed strings, a name and a value; numbers are varints. Names that a
// reader does not know are skipped, names that are missing leave the default: so properties can be
// added without a new layout version. Those of tables with range tombstones or expiring entries are
// left out where they say nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "framework/base/entry.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

struct TableProperties {
    std::string format;  // policy names, as in YAML
    uint64_t format_version = 0;
    std::string filter;  // of the filter block; also set when there is none
    std::string codec;
    uint64_t block_size = 0;  // the setting, in logical bytes
    uint64_t data_blocks = 0;
    uint64_t entries = 0;  // tombstones included
    uint64_t tombstones = 0;
    uint64_t keys = 0;  // distinct
    uint64_t logical_bytes = 0;
    uint64_t filter_bits = 0;  // as stored
    std::string smallest;
    std::string largest;
    Sequence oldest_sequence = 0;
    Sequence newest_sequence = 0;
    uint64_t created_tick = 0;
    uint64_t oldest_tombstone_tick = 0;  // 0 without tombstones
    uint64_t newest_write_tick = 0;
    uint64_t range_tombstones = 0;
    uint64_t ranges_offset = 0;  // of their block
    uint64_t ranges_size = 0;    // 0: there is none
    uint64_t largest_open =
        0;  // 1: `largest` is where a range tombstone ends, and not in the table
    uint64_t expires_tick = 0;  // of the entry that expires last; 0 when one never does

    std::string encode() const;
    /// Error(corruption) that names `file` and `offset`, where the block begins.
    static TableProperties decode(std::string_view bytes, const std::string& file, uint64_t offset);

    /// The table as policies see it.
    TableShape shape(TableId id, uint64_t stored_bytes) const;
};

}  // namespace lsm
