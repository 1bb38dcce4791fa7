// How a tree's shape changes: one edit per flush, compaction, move or drop. The engine, its
// manifest and the simulator apply the same edits by the same function, so that a shape depends on
// its edits alone.
//
// Where a new run goes among its level's runs follows from the edit: in the place of the newest of
// that level's runs that loses a table to it, else in front of all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/policy/tree_shape.hpp"

namespace lsm {

struct TreeEdit {
    struct Added {
        int level = 1;
        RunId run = 0;
        bool overtakes = false;  // of a run that is founded here
        TableShape table;
    };
    struct Cursor {
        int level = 1;
        std::string key;
    };
    std::vector<TableId> removed;
    std::vector<Added> added;
    std::optional<Cursor> cursor;
};

/// Applies the edit: removes tables, drops empty runs, adds tables in key order, moves the cursor,
/// counts the edit. The edit must fit the shape (choice_check.hpp makes sure of it).
void apply_edit(TreeShape& shape, const TreeEdit& edit);

}  // namespace lsm
