#include "framework/policy/tree_shape.hpp"

#include <algorithm>

namespace lsm {

namespace {

template <class Parts, class Size>
uint64_t sum(const Parts& parts, Size size) {
    uint64_t total = 0;
    for (const auto& part : parts) total += size(part);
    return total;
}

}  // namespace

uint64_t RunShape::logical_bytes() const {
    return sum(tables, [](const TableShape& table) { return table.logical_bytes; });
}

uint64_t RunShape::stored_bytes() const {
    return sum(tables, [](const TableShape& table) { return table.stored_bytes; });
}

uint64_t RunShape::entries() const {
    return sum(tables, [](const TableShape& table) { return table.entries; });
}

uint64_t RunShape::tombstones() const {
    return sum(tables, [](const TableShape& table) { return table.tombstones; });
}

Sequence RunShape::newest_sequence() const {
    Sequence newest = 0;
    for (const TableShape& table : tables) newest = std::max(newest, table.newest_sequence);
    return newest;
}

Sequence RunShape::oldest_sequence() const {
    Sequence oldest = tables.empty() ? 0 : kMaxSequence;
    for (const TableShape& table : tables) oldest = std::min(oldest, table.oldest_sequence);
    return oldest;
}

bool RunShape::busy() const {
    return std::any_of(tables.begin(), tables.end(),
                       [](const TableShape& table) { return table.busy; });
}

std::string_view RunShape::smallest() const {
    return tables.empty() ? std::string_view() : std::string_view(tables.front().smallest);
}

std::string_view RunShape::largest() const {
    return tables.empty() ? std::string_view() : std::string_view(tables.back().largest);
}

uint64_t LevelShape::logical_bytes() const {
    return sum(runs, [](const RunShape& run) { return run.logical_bytes(); });
}

uint64_t LevelShape::entries() const {
    return sum(runs, [](const RunShape& run) { return run.entries(); });
}

bool LevelShape::busy() const {
    return std::any_of(runs.begin(), runs.end(), [](const RunShape& run) { return run.busy(); });
}

const LevelShape& TreeShape::level(int number) const {
    static const LevelShape empty;
    const bool there = number >= 1 && static_cast<size_t>(number) <= levels.size();
    return there ? levels[static_cast<size_t>(number - 1)] : empty;
}

int TreeShape::last_level() const {
    for (size_t number = levels.size(); number > 0; --number) {
        for (const RunShape& run : levels[number - 1].runs) {
            if (!run.tables.empty()) return static_cast<int>(number);
        }
    }
    return 0;
}

uint64_t TreeShape::logical_bytes() const {
    return sum(levels, [](const LevelShape& level) { return level.logical_bytes(); });
}

uint64_t TreeShape::entries() const {
    return sum(levels, [](const LevelShape& level) { return level.entries(); });
}

const TableShape* TreeShape::find_table(TableId id) const {
    for (const LevelShape& level : levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                if (table.id == id) return &table;
            }
        }
    }
    return nullptr;
}

}  // namespace lsm
