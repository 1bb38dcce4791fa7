// Small shapes, made by hand and shown as text, and choices on them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/policy/compaction.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm::small {

inline TableShape table(TableId id, std::string smallest, std::string largest) {
    TableShape shape;
    shape.id = id;
    shape.smallest = std::move(smallest);
    shape.largest = std::move(largest);
    shape.entries = 1;
    return shape;
}

inline TableShape open_table(TableId id, std::string smallest, std::string end) {
    TableShape shape = table(id, std::move(smallest), std::move(end));
    shape.largest_open = true;
    return shape;
}

/// 1[7:20(a-m) 6:18(a-f)19(g-z)] 2[5:10(a-c)11(d-k)12(p-z)]
inline TreeShape some_shape() {
    TreeShape shape;
    shape.levels.resize(2);
    shape.levels[0].runs = {{7, {table(20, "a", "m")}, false},
                            {6, {table(18, "a", "f"), table(19, "g", "z")}, false}};
    shape.levels[1].runs = {
        {5, {table(10, "a", "c"), table(11, "d", "k"), table(12, "p", "z")}, false}};
    return shape;
}

inline Choice merge(std::vector<TableId> inputs, int output_level, std::optional<RunId> join = {}) {
    Choice choice;
    choice.action = Choice::Action::merge;
    choice.inputs = std::move(inputs);
    choice.output_level = output_level;
    choice.join = join;
    return choice;
}

}  // namespace lsm::small
