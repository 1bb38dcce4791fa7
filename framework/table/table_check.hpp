// Every block of a table's file against its checksum, and no byte that belongs to no block: for
// whoever must not trust a file, without a tree. backup.hpp asks before it copies.
//
// The format is needed, since where blocks lie is in its root; its options are not, since they are
// of writing. What is checked: that making a reader and walking its cursor from end to end find no
// damage, and that the blocks that were read on the way, with the filter's and the properties',
// fill the file up to its footer. A hole must be one more block (a format may have one that only a
// lookup reads), and is checked as one.
//
// Cost: one read of the whole file and its decoding; memory for a block at a time and a handle for
// each. Thread-safety: any thread. Leaves out: whether the filter knows every key and whether the
// figures in the properties are right, which Table::verify says of an open table.
#pragma once

#include "framework/policy/format.hpp"
#include "framework/table/table_file.hpp"

namespace lsm {

/// Error(corruption) with file and offset of the first damage; io. `file` has no cache.
void check_blocks(const TableFile& file, const AnyFormat& format, const ReadContext& context);

}  // namespace lsm
