// A shape as it is without some of its tables, for as long as this lives; then it is as before.
// What apply_edit makes of a copy from which the tables are removed, without the copy: a copy of
// all key ranges for every flush would cost more than the flush.
#pragma once

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "framework/policy/tree_shape.hpp"

namespace lsm::simulate {

class ShapeWithout {
  public:
    ShapeWithout(TreeShape& shape, const std::set<TableId>& tables) : shape_(shape) {
        shape_.edit += 1;
        for (size_t i = 0; i < shape_.levels.size() && !tables.empty(); ++i) take_out(i, tables);
        while (!shape_.levels.empty() && shape_.levels.back().runs.empty() &&
               shape_.levels.back().cursor.empty()) {
            popped_.push_back(std::move(shape_.levels.back()));
            shape_.levels.pop_back();
        }
    }
    ~ShapeWithout() {
        shape_.edit -= 1;
        for (; !popped_.empty(); popped_.pop_back())
            shape_.levels.push_back(std::move(popped_.back()));
        for (Taken& taken : taken_) {
            auto& runs = shape_.levels[taken.level].runs;
            size_t next = 0;
            for (size_t i = 0; i < taken.runs.size(); ++i) {
                if (taken.whole[i]) {
                    taken.runs[i] = std::move(runs[next++]);
                } else if (!taken.emptied[i]) {
                    ++next;  // a copy of what is left
                }
            }
            runs = std::move(taken.runs);
        }
    }
    ShapeWithout(const ShapeWithout&) = delete;
    ShapeWithout& operator=(const ShapeWithout&) = delete;

  private:
    /// The runs of a level that loses tables.
    struct Taken {
        size_t level = 0;
        std::vector<RunShape> runs;
        std::vector<bool> whole;    // moved into the shape and back
        std::vector<bool> emptied;  // nothing is left of it
    };

    void take_out(size_t index, const std::set<TableId>& tables) {
        LevelShape& level = shape_.levels[index];
        const auto is_taken = [&](const TableShape& table) { return tables.count(table.id) != 0; };
        const auto loses = [&](const RunShape& run) {
            for (const TableShape& table : run.tables) {
                if (is_taken(table)) return true;
            }
            return false;
        };
        bool any = false;
        Taken taken{index, {}, {}, {}};
        for (const RunShape& run : level.runs) {
            taken.whole.push_back(!loses(run));
            any = any || !taken.whole.back();
        }
        if (!any) return;
        taken.runs = std::move(level.runs);
        level.runs.clear();
        for (size_t i = 0; i < taken.runs.size(); ++i) {
            taken.emptied.push_back(false);
            if (taken.whole[i]) {
                level.runs.push_back(std::move(taken.runs[i]));
                continue;
            }
            RunShape rest{taken.runs[i].id, {}, taken.runs[i].overtakes};
            for (const TableShape& table : taken.runs[i].tables) {
                if (!is_taken(table)) rest.tables.push_back(table);
            }
            taken.emptied.back() = rest.tables.empty();
            if (!rest.tables.empty()) level.runs.push_back(std::move(rest));
        }
        taken_.push_back(std::move(taken));
    }

    TreeShape& shape_;
    std::vector<LevelShape> popped_;  // the deepest first
    std::vector<Taken> taken_;
};

}  // namespace lsm::simulate
