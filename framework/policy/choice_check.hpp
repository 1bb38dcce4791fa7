// What a strategy may choose, and what not: the engine and the simulator ask before they carry a
// choice out, so that a fault in a strategy is named at once and no data is lost to it. Pure; costs
// a walk over the tree's tables for each input.
#pragma once

#include <string>
#include <vector>

#include "framework/policy/compaction.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

/// Refuses a choice that the tree can not carry out, with Error(config) that names the strategy and
/// says what is wrong: inputs that are unknown, listed twice or busy; a drop of live data by a
/// policy that is not declared to drop, or of data that hides older data; a level out of range;
/// moved tables that overlap; outputs that would overlap what stays in the joined run; an input
/// whose newer versions would end below older ones that stay.
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
