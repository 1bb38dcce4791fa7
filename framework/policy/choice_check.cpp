#include "framework/policy/choice_check.hpp"

#include <algorithm>
#include <set>
#include <utility>

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

void check_level(int level, const std::string& what, const std::string& strategy) {
    if (level >= 1 && level <= kMaxLevel) return;
    throw wrong_choice(strategy, what + " level " + std::to_string(level) +
                                     " is not between 1 and " + std::to_string(kMaxLevel));
}

/// The input tables: known, idle, each named once.
std::vector<const TableShape*> check_inputs(const TreeShape& shape, const Choice& choice,
                                            const std::string& strategy) {
    if (choice.inputs.empty()) throw wrong_choice(strategy, "it names no input tables");
    std::set<TableId> named;
    std::vector<const TableShape*> inputs;
    for (const TableId id : choice.inputs) {
        const TableShape* table = shape.find_table(id);
        if (table == nullptr)
            throw wrong_choice(strategy, "table " + std::to_string(id) + " is not in the tree");
        if (!named.insert(id).second)
            throw wrong_choice(strategy, table_name(*table) + " is listed twice");
        if (table->busy)
            throw wrong_choice(strategy,
                               table_name(*table) + " is an input of a running compaction");
        inputs.push_back(table);
    }
    return inputs;
}

/// Moved tables become one run as they are.
void check_disjoint(std::vector<const TableShape*> tables, const std::string& strategy) {
    std::sort(tables.begin(), tables.end(), [](const TableShape* left, const TableShape* right) {
        return left->smallest < right->smallest;
    });
    for (size_t i = 1; i < tables.size(); ++i) {
        if (!tables[i - 1]->overlaps(*tables[i])) continue;
        throw wrong_choice(strategy, "it moves " + table_name(*tables[i - 1]) + " and " +
                                         table_name(*tables[i]) + ", which overlap, into one run");
    }
}

/// A table outside of these that may hold older data than one of them, under the same keys; null:
/// there is none.
const TableShape* hidden_by(const TreeShape& shape, const std::set<TableId>& tables) {
    std::vector<std::pair<const TableShape*, bool>> hiding;  // whether its run overtakes
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                if (tables.count(table.id) != 0) hiding.emplace_back(&table, run.overtakes);
            }
        }
    }
    std::set<const TableShape*> passed;
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                if (tables.count(table.id) != 0) {
                    passed.insert(&table);
                    continue;
                }
                for (const auto& [one, overtakes] : hiding) {
                    const bool may_be_older = passed.count(one) != 0 || overtakes || run.overtakes;
                    if (may_be_older && table.overlaps(*one)) return &table;
                }
            }
        }
    }
    return nullptr;
}

void check_drop(const TreeShape& shape, const Choice& choice, const std::string& strategy,
                bool may_drop) {
    if (!may_drop && !may_drop_expired(shape, choice.inputs)) {
        throw wrong_choice(strategy,
                           "it drops data that has not expired, or that hides older data, but "
                           "does not say may_drop");
    }
    const TableShape* hidden = hidden_by(shape, {choice.inputs.begin(), choice.inputs.end()});
    if (hidden != nullptr) {
        throw wrong_choice(strategy, "it drops newer data than " + table_name(*hidden) +
                                         ", which stays: what is there would be seen again");
    }
}

/// What stays in the run must not overlap what comes: of a merge anything between its inputs.
void check_joined_run(const TreeShape& shape, const Choice& choice,
                      const std::vector<const TableShape*>& inputs, const std::string& strategy) {
    const auto& runs = shape.level(choice.output_level).runs;
    const auto joined = std::find_if(runs.begin(), runs.end(),
                                     [&](const RunShape& run) { return run.id == *choice.join; });
    if (joined == runs.end()) {
        throw wrong_choice(strategy, "run " + std::to_string(*choice.join) +
                                         " to join is not on level " +
                                         std::to_string(choice.output_level));
    }
    TableShape hull = *inputs.front();
    for (const TableShape* input : inputs) {
        hull.smallest = std::min(hull.smallest, input->smallest);
        if (hull.ends_before(input->largest)) {
            hull.largest = input->largest;
            hull.largest_open = input->largest_open;
        }
    }
    const bool moves = choice.action == Choice::Action::move;
    for (const TableShape& table : joined->tables) {
        const auto overlaps = [&](const TableShape* input) { return input->overlaps(table); };
        if (std::count(choice.inputs.begin(), choice.inputs.end(), table.id) != 0) continue;
        if (moves ? std::any_of(inputs.begin(), inputs.end(), overlaps) : table.overlaps(hull)) {
            throw wrong_choice(strategy, "its outputs may overlap " + table_name(table) +
                                             ", which stays in run " + std::to_string(joined->id));
        }
    }
}

}  // namespace

void check_choice(const TreeShape& shape, const Choice& choice, const std::string& strategy,
                  bool may_drop) {
    if (choice.action == Choice::Action::nothing) return;
    const std::vector<const TableShape*> inputs = check_inputs(shape, choice, strategy);
    if (choice.cursor_level) check_level(*choice.cursor_level, "cursor", strategy);
    switch (choice.action) {
        case Choice::Action::drop:
            return check_drop(shape, choice, strategy, may_drop);
        case Choice::Action::move:
            check_disjoint(inputs, strategy);
            break;
        case Choice::Action::merge:
            break;
        default:
            throw wrong_choice(strategy, "its action is none of those that there are");
    }
    check_level(choice.output_level, "output", strategy);
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
    check_joined_run(shape, choice, inputs, strategy);
}

bool may_drop_expired(const TreeShape& shape, const std::vector<TableId>& tables) {
    const std::set<TableId> dropped(tables.begin(), tables.end());
    for (const TableId id : dropped) {
        const TableShape* table = shape.find_table(id);
        if (table != nullptr && (table->expires_tick == 0 || table->expires_tick > shape.tick))
            return false;
    }
    return hidden_by(shape, dropped) == nullptr;
}

bool output_overtakes(const TreeShape& shape, const Choice& choice) {
    return look_at_order(shape, choice).overtaken != nullptr;
}

}  // namespace lsm
