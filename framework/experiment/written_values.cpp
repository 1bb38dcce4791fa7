#include "framework/experiment/written_values.hpp"

#include "framework/experiment/entry_names.hpp"

namespace lsm::experiment {

void WrittenValues::add(const Assignment& assignment) {
    // The values of a range share its place.
    values_.try_emplace(
        {place_text(assignment.place), assignment.path, yaml_text(assignment.value)}, assignment);
}

void WrittenValues::remember(const Draft& draft) {
    for (const auto& [path, assignment] : draft.settings) {
        add(assignment);
    }
    for (const SweepAxis& axis : draft.axes) {
        for (const SweepEntry& entry : axis.entries) {
            for (const Assignment& one : entry.assignments) {
                if (!is_names_path(one.path)) add(one);
            }
        }
    }
}

std::vector<Assignment> WrittenValues::all() const {
    std::vector<Assignment> all;
    for (const auto& [identity, assignment] : values_) all.push_back(assignment);
    return all;
}

}  // namespace lsm::experiment
