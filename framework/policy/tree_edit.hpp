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

#include "framework/policy/compaction.hpp"
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
/// counts the edit. The edit must fit the shape (check_choice makes sure of it).
void apply_edit(TreeShape& shape, const TreeEdit& edit);

/// Refuses a choice that the tree can not carry out, with Error(config) that names the strategy and
/// says what is wrong: inputs that are unknown, listed twice or busy; a drop of live data, or of
/// data that hides older data, by a policy that is not declared to drop; a level out of range;
/// outputs that would overlap what stays in the joined run; an input whose newer versions would end
/// below older ones that stay.
void check_choice(const TreeShape& shape, const Choice& choice, const std::string& strategy,
                  bool may_drop);

/// Whether a drop of these tables takes nothing that a reader could still see and brings nothing
/// back: all their entries have expired by shape.tick, and no table outside of them, where older
/// data may be, overlaps one. Any strategy may drop such tables.
bool may_drop_expired(const TreeShape& shape, const std::vector<TableId>& tables);

/// The edit's place for outputs: whether a new run founded by this choice may hold newer versions
/// than runs listed in front of it.
bool output_overtakes(const TreeShape& shape, const Choice& choice);

}  // namespace lsm
