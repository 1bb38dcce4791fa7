#include "framework/experiment/experiment.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "framework/experiment/entry_names.hpp"

namespace lsm::experiment {

bool SweepEntry::has_name() const {
    return !assignments.empty() && is_names_path(assignments.front().path);
}

std::vector<std::string> SweepAxis::paths() const {
    std::vector<std::string> paths;
    for (const SweepEntry& entry : entries) {
        for (const Assignment& assignment : entry.assignments) {
            if (std::find(paths.begin(), paths.end(), assignment.path) == paths.end()) {
                paths.push_back(assignment.path);
            }
        }
    }
    return paths;
}

std::vector<std::string> column_union(const std::vector<Trial>& trials) {
    std::vector<std::string> columns;
    for (const Trial& trial : trials) {
        // A column that is new goes behind the one before it in its own trial.
        size_t behind = 0;
        for (const auto& [path, value] : trial.columns) {
            const auto found = std::find(columns.begin(), columns.end(), path);
            if (found == columns.end()) {
                columns.insert(columns.begin() + static_cast<std::ptrdiff_t>(behind), path);
                ++behind;
            } else {
                behind = static_cast<size_t>(found - columns.begin()) + 1;
            }
        }
    }
    return columns;
}

std::string short_path(const std::vector<SweepAxis>& axes, const std::string& path) {
    size_t start = path.rfind('.');
    while (start != std::string::npos && start > 0) {
        const std::string end = path.substr(start);
        size_t matching = 0;
        for (const SweepAxis& axis : axes) {
            for (const std::string& other : axis.paths()) {
                matching += other.ends_with(end) ? 1 : 0;
            }
        }
        if (matching <= 1) {
            return end.substr(1);
        }
        start = path.rfind('.', start - 1);
    }
    return path;
}

std::string trial_label(const Experiment& experiment, const Trial& trial) {
    std::string label;
    for (const auto& [path, value] : trial.label) {
        label += label.empty() ? "" : ", ";
        const bool says_itself = path.ends_with(".policy") || is_names_path(path);
        label += says_itself ? value : short_path(experiment.axes, path) + "=" + value;
    }
    if (experiment.repeat > 1) {
        label += fmt::format("{}repeat {}", label.empty() ? "" : ", ", trial.repeat);
    }
    return label;
}

}  // namespace lsm::experiment
