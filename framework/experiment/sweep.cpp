#include "framework/experiment/sweep.hpp"

#include <algorithm>

namespace lsm::experiment {

uint64_t count_points(const std::vector<SweepAxis>& axes) {
    uint64_t points = 1;
    for (const SweepAxis& axis : axes) {
        points =
            std::min<uint64_t>(points * std::max<size_t>(1, axis.entries.size()), kMaxPoints + 1);
    }
    return points;
}

std::vector<size_t> entries_at(const std::vector<SweepAxis>& axes, size_t point) {
    std::vector<size_t> entries(axes.size());
    for (size_t i = axes.size(); i-- > 0;) {
        entries[i] = point % axes[i].entries.size();
        point /= axes[i].entries.size();
    }
    return entries;
}

size_t point_of(const std::vector<SweepAxis>& axes, const std::vector<size_t>& entries) {
    size_t point = 0;
    for (size_t i = 0; i < axes.size(); ++i) {
        point = point * axes[i].entries.size() + entries[i];
    }
    return point;
}

Assignments settings_at(const Draft& draft, size_t point) {
    Assignments settings = draft.settings;
    const std::vector<size_t> entries = entries_at(draft.axes, point);
    for (size_t i = 0; i < entries.size(); ++i) {
        for (const Assignment& assignment : draft.axes[i].entries[entries[i]].assignments) {
            settings[assignment.path] = assignment;
        }
    }
    return settings;
}

}  // namespace lsm::experiment
