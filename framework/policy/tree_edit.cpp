#include "framework/policy/tree_edit.hpp"

#include <algorithm>
#include <set>

#include "framework/base/bug_museum.hpp"

namespace lsm {

namespace {

/// Index of the level's first run that loses a table; 0 when none does.
size_t place_of_new_run(const LevelShape& level, const std::set<TableId>& removed) {
    for (size_t index = 0; index < level.runs.size(); ++index) {
        for (const TableShape& table : level.runs[index].tables) {
            if (removed.count(table.id) != 0) return bug(Bug::output_run_in_front) ? 0 : index;
        }
    }
    return 0;
}

void remove_tables(LevelShape& level, const std::set<TableId>& removed) {
    for (RunShape& run : level.runs) {
        std::erase_if(run.tables,
                      [&](const TableShape& table) { return removed.count(table.id) != 0; });
    }
}

void add_table(RunShape& run, const TableShape& table) {
    const auto place = std::lower_bound(run.tables.begin(), run.tables.end(), table,
                                        [](const TableShape& left, const TableShape& right) {
                                            return left.smallest < right.smallest;
                                        });
    run.tables.insert(place, table);
}

}  // namespace

void apply_edit(TreeShape& shape, const TreeEdit& edit) {
    const std::set<TableId> removed(edit.removed.begin(), edit.removed.end());
    std::vector<size_t> places(shape.levels.size());
    for (size_t i = 0; i < shape.levels.size(); ++i)
        places[i] = place_of_new_run(shape.levels[i], removed);
    for (LevelShape& level : shape.levels) remove_tables(level, removed);
    for (const TreeEdit::Added& added : edit.added) {
        const auto index = static_cast<size_t>(added.level - 1);
        if (shape.levels.size() <= index) {
            shape.levels.resize(index + 1);
            places.resize(index + 1);
        }
        auto& runs = shape.levels[index].runs;
        auto run = std::find_if(runs.begin(), runs.end(),
                                [&](const RunShape& one) { return one.id == added.run; });
        if (run == runs.end()) {
            run = runs.insert(
                runs.begin() + static_cast<std::ptrdiff_t>(std::min(places[index], runs.size())),
                RunShape{added.run, {}, added.overtakes});
        }
        add_table(*run, added.table);
    }
    for (LevelShape& level : shape.levels) {
        std::erase_if(level.runs, [](const RunShape& run) { return run.tables.empty(); });
    }
    if (edit.cursor) {
        const auto index = static_cast<size_t>(edit.cursor->level - 1);
        if (shape.levels.size() <= index) shape.levels.resize(index + 1);
        shape.levels[index].cursor = edit.cursor->key;
    }
    while (!shape.levels.empty() && shape.levels.back().runs.empty() &&
           shape.levels.back().cursor.empty()) {
        shape.levels.pop_back();
    }
    shape.edit += 1;
}

}  // namespace lsm
