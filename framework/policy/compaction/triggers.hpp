// Trigger, the second primitive: which levels are due, and how urgently (Sarkar et al., VLDB 2021,
// section 3.1).
//
// A trigger is a type with `due(shape, layout)`: the due levels, most urgent first, each with a
// score (1 is just due) and the reason in words. Pure; usable from any thread. What is then taken
// from the level is the granularity's business. Ages are in ticks.
//
// Here: the triggers of bytes and runs; those of ages, deletes and space are in other_triggers.hpp.
#pragma once

#include <algorithm>
#include <concepts>
#include <string>
#include <vector>

#include "framework/base/size.hpp"
#include "framework/policy/compaction/layouts.hpp"

namespace lsm {

struct Due {
    int level = 1;
    double score = 1;
    std::string reason = {};
    // Entries are to be rewritten, not just to lie elsewhere (tombstones that must go): on the last
    // level they are merged in place, and what would end there is not moved.
    bool rewrite = false;
};

template <class T, class L>
concept Trigger = requires(const T& trigger, const TreeShape& shape, const L& layout) {
    { trigger.due(shape, layout) } -> std::same_as<std::vector<Due>>;
};

/// Most urgent first; of equally urgent ones the smaller level.
inline void sort_by_urgency(std::vector<Due>& due) {
    std::sort(due.begin(), due.end(), [](const Due& left, const Due& right) {
        return left.score != right.score ? left.score > right.score : left.level < right.level;
    });
}

inline std::string count_of(uint64_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// A level with more runs than its layout allows; and level 1 when its newest two runs fit in one.
struct RunCount {
    template <Layout L>
    std::vector<Due> due(const TreeShape& shape, const L& layout) const {
        std::vector<Due> found;
        for (int number = 1; number <= shape.last_level(); ++number) {
            const auto& runs = shape.level(number).runs;
            const uint64_t allowed = layout.runs_allowed(shape, number);
            if (runs.size() > allowed) {
                found.push_back(
                    {number, static_cast<double>(runs.size()) / static_cast<double>(allowed + 1),
                     "level " + std::to_string(number) + " holds " + count_of(runs.size(), "run") +
                         " of at most " + std::to_string(allowed)});
            } else if (number == 1 && runs.size() > 1 &&
                       runs[0].logical_bytes() + runs[1].logical_bytes() <=
                           layout.run_capacity(shape, number)) {
                found.push_back({number, 1,
                                 "level 1's newest 2 runs fit in one of at most " +
                                     format_size(layout.run_capacity(shape, number))});
            }
        }
        sort_by_urgency(found);
        return found;
    }
};

/// A level with more bytes than its layout allows ("level saturation"). Levels that are bounded by
/// their number of runs alone are left to RunCount.
struct LevelSize {
    template <Layout L>
    std::vector<Due> due(const TreeShape& shape, const L& layout) const {
        std::vector<Due> found;
        for (int number = 1; number <= shape.last_level(); ++number) {
            const uint64_t bytes = shape.level(number).logical_bytes();
            const uint64_t capacity = layout.capacity(shape, number);
            if (layout.run_capacity(shape, number) == 0 || bytes <= capacity) continue;
            found.push_back(
                {number,
                 static_cast<double>(bytes) / static_cast<double>(std::max<uint64_t>(capacity, 1)),
                 "level " + std::to_string(number) + " holds " + format_size(bytes) +
                     " of at most " + format_size(capacity)});
        }
        sort_by_urgency(found);
        return found;
    }
};

}  // namespace lsm
