// What a policy sees of the tree: levels, sorted runs and tables, from table metadata alone. The
// engine keeps one per version, the simulator fills the same struct from key identifiers, tests
// draw it in text.
//
// Levels count from 1 below the memtable. Runs of a level are listed newest first, tables of a run
// by key; tables of a run do not overlap. Data in a lower-numbered level, or an earlier run, is
// newer for every key it shares with a later one, except where a run says `overtakes`. Ages are
// ticks: writes since the tree began (deterministic) or milliseconds. All sizes are bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/bug_museum.hpp"
#include "framework/base/entry.hpp"

namespace lsm {

using TableId = uint64_t;
using RunId = uint64_t;

struct TableShape {
    TableId id = 0;
    std::string smallest;  // first key
    std::string largest;   // last key, inclusive unless largest_open
    uint64_t entries = 0;  // tombstones included, range tombstones not
    uint64_t tombstones = 0;
    uint64_t logical_bytes = 0;  // of keys and values; what policies decide on
    uint64_t stored_bytes = 0;   // of the file
    uint64_t filter_bits = 0;
    Sequence oldest_sequence = 0;
    Sequence newest_sequence = 0;
    uint64_t created_tick = 0;  // when this table was written
    uint64_t oldest_tombstone_tick =
        0;  // when the oldest tombstone in it was written; only with has_tombstones()
    uint64_t newest_write_tick = 0;  // when the youngest entry in it was written
    uint64_t reads = 0;              // lookups that came to it since the tree was opened, when a
                                     // policy wants to know; as of the last edit
    bool busy = false;               // input of a running compaction
    uint64_t range_tombstones = 0;   // its key range covers them
    uint64_t expires_tick =
        0;  // when the last of its entries expires; 0 when one of them never does
    bool largest_open = false;  // `largest` is the end of a range tombstone, and itself not in it

    /// Of either sort: whether oldest_tombstone_tick says something.
    bool has_tombstones() const { return tombstones + range_tombstones > 0; }
    bool overlaps(std::string_view first, std::string_view last) const {
        return !(ends_before(first) || last < smallest);
    }
    bool overlaps(const TableShape& other) const {
        return !(ends_before(other.smallest) || other.ends_before(smallest));
    }
    /// Whether all of it lies below the key.
    bool ends_before(std::string_view key) const {
        return largest < key ||
               ((largest_open || bug(Bug::overlap_end_exclusive)) && largest == key);
    }
};

struct RunShape {
    RunId id = 0;
    std::vector<TableShape> tables;
    bool overtakes = false;  // may hold newer versions than runs that are listed before it

    uint64_t logical_bytes() const;
    uint64_t stored_bytes() const;
    uint64_t entries() const;
    uint64_t tombstones() const;
    Sequence newest_sequence() const;
    Sequence oldest_sequence() const;
    bool busy() const;  // any of its tables
    std::string_view smallest() const;
    std::string_view largest() const;
};

struct LevelShape {
    std::vector<RunShape> runs;
    std::string cursor;   // where round robin goes on: the last key it took; kept in the manifest
    uint64_t probes = 0;  // lookups that came to a table of this level since the tree was opened,
                          // when a policy wants to know; as of the last edit

    uint64_t logical_bytes() const;
    uint64_t entries() const;
    bool busy() const;
};

struct TreeShape {
    std::vector<LevelShape> levels;  // levels[0] is level 1; may end in empty levels
    uint64_t memtable_bytes =
        0;  // logical bytes at which a memtable is flushed: the unit of level capacities
    uint64_t table_bytes = 0;  // logical bytes at which an output is cut into tables
    uint64_t tick = 0;         // now
    uint64_t flush_ticks = 0;  // ticks that the last flush's memtable took to fill since the tree
                               // was opened: about how long until a strategy is asked again
    uint64_t edit = 0;         // edits so far; with the seed, the source of random choices
    uint64_t seed = 0;

    const LevelShape& level(int number) const;  // an empty level beyond the last
    /// The deepest level with a table; 0 for an empty tree.
    int last_level() const;
    uint64_t logical_bytes() const;
    uint64_t entries() const;
    /// Where a table is; nothing when it is not in the tree.
    const TableShape* find_table(TableId id) const;
};

}  // namespace lsm
