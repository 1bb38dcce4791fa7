#include "framework/policy/tree_edit.hpp"
#include "framework/base/bug_museum.hpp"

#include <algorithm>
#include <set>

#include "framework/base/error.hpp"

namespace lsm {

namespace {

constexpr int kMaxLevel = 1000;

Error wrong_choice(const std::string& strategy, const std::string& what) {
    return Error(ErrorKind::config,
                 "compaction policy " + strategy + " made a wrong choice: " + what, {},
                 "the fault is in the policy's choose()");
}

std::string table_name(const TableShape& table) { return "table " + std::to_string(table.id); }

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

/// What a choice does to the order of versions among the tables that stay.
struct Order {
    const TableShape* overtaken =
        nullptr;                         // listed in front of the outputs, older than some of them
    const TableShape* buried = nullptr;  // listed behind the outputs, newer than some of them
};

/// True where the outputs take their place: at the joined run, at the first run of the output level
/// that gives an input, or in front of that level.
bool outputs_go_here(const Choice& choice, int level, const RunShape& run, bool level_gives,
                     bool run_gives) {
    if (level != choice.output_level) return level > choice.output_level;
    if (choice.join) return run.id == *choice.join;
    return !level_gives || run_gives;
}

/// A table that an input from an overtaking run went past before, and that its data would go past
/// again.
const TableShape* still_overtaken(const std::vector<const TableShape*>& in_front,
                                  const TableShape& input) {
    for (const TableShape* table : in_front) {
        if (table->overlaps(input) && table->oldest_sequence < input.newest_sequence) {
            return table;
        }
    }
    return nullptr;
}

Order look_at_order(const TreeShape& shape, const Choice& choice) {
    const std::set<TableId> inputs(choice.inputs.begin(), choice.inputs.end());
    const auto is_input = [&](const TableShape& table) { return inputs.count(table.id) != 0; };
    const auto gives = [&](const RunShape& run) {
        return std::any_of(run.tables.begin(), run.tables.end(), is_input);
    };
    Order order;
    std::vector<const TableShape*> newer_inputs, behind;  // seen so far, newest first
    std::vector<const TableShape*> in_front;              // stay in front of the outputs
    bool passed = false;
    for (int number = 1; number <= shape.last_level(); ++number) {
        const auto& runs = shape.level(number).runs;
        const bool level_gives = std::any_of(runs.begin(), runs.end(), gives);
        for (const RunShape& run : runs) {
            passed = passed || outputs_go_here(choice, number, run, level_gives, gives(run));
            for (const TableShape& table : run.tables) {
                const auto overlaps = [&](const TableShape* other) {
                    return other->overlaps(table);
                };
                if (is_input(table)) {
                    const auto found = std::find_if(behind.begin(), behind.end(), overlaps);
                    if (found != behind.end()) order.buried = *found;
                    newer_inputs.push_back(&table);
                    if (run.overtakes && order.overtaken == nullptr) {
                        order.overtaken = still_overtaken(in_front, table);
                    }
                } else if (passed) {
                    behind.push_back(&table);
                } else {
                    in_front.push_back(&table);
                    if (std::any_of(newer_inputs.begin(), newer_inputs.end(), overlaps)) {
                        order.overtaken = &table;
                    }
                }
            }
        }
    }
    return order;
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

void check_choice(const TreeShape& shape, const Choice& choice, const std::string& strategy,
                  bool may_drop) {
    if (choice.action == Choice::Action::nothing) return;
    if (choice.inputs.empty()) throw wrong_choice(strategy, "it names no input tables");
    std::set<TableId> inputs;
    TableShape hull;  // from the first key of all inputs to the last
    for (const TableId id : choice.inputs) {
        const TableShape* table = shape.find_table(id);
        if (table == nullptr)
            throw wrong_choice(strategy, "table " + std::to_string(id) + " is not in the tree");
        if (!inputs.insert(id).second)
            throw wrong_choice(strategy, table_name(*table) + " is listed twice");
        if (table->busy)
            throw wrong_choice(strategy,
                               table_name(*table) + " is an input of a running compaction");
        if (inputs.size() == 1 || table->smallest < hull.smallest) hull.smallest = table->smallest;
        if (inputs.size() == 1 || hull.ends_before(table->largest)) {
            hull.largest = table->largest;
            hull.largest_open = table->largest_open;
        }
    }
    if (choice.action == Choice::Action::drop) {
        if (!may_drop && !may_drop_expired(shape, choice.inputs)) {
            throw wrong_choice(strategy,
                               "it drops data that has not expired, or that hides older data, but "
                               "does not say may_drop");
        }
        return;
    }
    if (choice.output_level < 1 || choice.output_level > kMaxLevel) {
        throw wrong_choice(strategy, "output level " + std::to_string(choice.output_level) +
                                         " is not between 1 and " + std::to_string(kMaxLevel));
    }
    const Order order = look_at_order(shape, choice);
    if (order.buried != nullptr) {
        throw wrong_choice(strategy,
                           table_name(*order.buried) +
                               " stays, and older versions than its own would end above it");
    }
    if (!choice.join) return;
    if (order.overtaken != nullptr) {
        throw wrong_choice(strategy, "its outputs join run " + std::to_string(*choice.join) +
                                         " behind " + table_name(*order.overtaken) +
                                         ", which stays and is older than some of them");
    }
    const auto& runs = shape.level(choice.output_level).runs;
    const auto joined = std::find_if(runs.begin(), runs.end(),
                                     [&](const RunShape& run) { return run.id == *choice.join; });
    if (joined == runs.end()) {
        throw wrong_choice(strategy, "run " + std::to_string(*choice.join) +
                                         " to join is not on level " +
                                         std::to_string(choice.output_level));
    }
    for (const TableShape& table : joined->tables) {
        if (inputs.count(table.id) == 0 && table.overlaps(hull)) {
            throw wrong_choice(strategy, "its outputs may overlap " + table_name(table) +
                                             ", which stays in run " + std::to_string(joined->id));
        }
    }
}

bool may_drop_expired(const TreeShape& shape, const std::vector<TableId>& tables) {
    const std::set<TableId> inputs(tables.begin(), tables.end());
    std::vector<std::pair<const TableShape*, bool>> newer;  // inputs so far; whether one overtakes
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                if (inputs.count(table.id) == 0) continue;
                if (table.expires_tick == 0 || table.expires_tick > shape.tick) return false;
                newer.emplace_back(&table, run.overtakes);
            }
        }
    }
    std::set<const TableShape*> passed;
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                if (inputs.count(table.id) != 0) {
                    passed.insert(&table);
                    continue;
                }
                for (const auto& [input, overtakes] : newer) {
                    const bool may_be_older =
                        passed.count(input) != 0 || overtakes || run.overtakes;
                    if (may_be_older && table.overlaps(*input)) return false;
                }
            }
        }
    }
    return true;
}

bool output_overtakes(const TreeShape& shape, const Choice& choice) {
    return look_at_order(shape, choice).overtaken != nullptr;
}

}  // namespace lsm
