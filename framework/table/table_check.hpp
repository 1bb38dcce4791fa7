// Every byte of a table's file, for whoever must not trust it, without a tree: `lab verify`, `lab
// repair` and backups. Of the policies only formats and filters are needed, by the names that the
// table carries; their options are not, since they are of writing.
//
// What is checked: footer, properties, every block's checksum and that blocks fill the file without
// a hole (a hole must be one more block: a format may have one that only a lookup reads); that the
// cursor and lookups agree; the order of the entries; that the figures in the properties are those
// of the entries; that the filter denies no key of them. Damage is handed on, and the check goes on
// behind it as far as it can: over a damaged block when the format says where its blocks lie.
//
// Cost: one read of the whole file and its decoding, a lookup an entry among the blocks last read;
// memory for a few blocks at a time and a handle for each. Thread-safety: any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "framework/base/error.hpp"
#include "framework/os/file_system.hpp"
#include "framework/policy/registry.hpp"
#include "framework/table/properties.hpp"

namespace lsm {

/// Gets each Error(corruption) as it is found; may throw to end the check.
using TakeDamage = std::function<void(const Error&)>;

struct TableCheck {
    std::optional<TableProperties> properties;  // what the table says, where that can be read
    uint64_t stored_bytes = 0;
    uint64_t blocks = 0;   // data blocks that are sound
    uint64_t entries = 0;  // that were read and are in order
    bool sound = true;
    bool only_filter = false;     // not sound, but for the filter's block all is
    bool format_known = true;     // else nothing but checksums of filter and properties was checked
    bool filter_checked = false;  // false: there is none, or its policy is not known
};

/// Errors that are thrown: io, version (of layout or format), and what `damage` throws.
TableCheck check_table(FileSystem& files, const std::string& path, TableId id,
                       const Registry& policies, const ReadContext& context,
                       const TakeDamage& damage);

}  // namespace lsm
