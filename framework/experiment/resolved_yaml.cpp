#include "framework/experiment/resolved_yaml.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/experiment/claims_reader.hpp"
#include "framework/experiment/entry_names.hpp"
#include "framework/experiment/paper_reader.hpp"
#include "framework/experiment/plots_reader.hpp"
#include "framework/experiment/settings.hpp"
#include "framework/experiment/sweep.hpp"

namespace lsm::experiment {
namespace {

/// A setting as it is wherever the sweep does not set it, or what it is where trials differ.
struct Shared {
    std::string path;
    std::string yaml;
    std::vector<std::string> values;  // that differ, in the order of the trials
};

bool contains(const std::vector<std::string>& values, const std::string& value) {
    for (const std::string& one : values) {
        if (one == value) {
            return true;
        }
    }
    return false;
}

class Writer {
  public:
    Writer(const Experiment& experiment, const std::vector<std::vector<ResolvedSetting>>& settings)
        : experiment_(experiment) {
        collect(settings);
    }

    std::string write() {
        line("experiment: " + yaml_scalar(experiment_.name));
        if (!experiment_.about.empty()) {
            line("about: " + yaml_scalar(experiment_.about));
        }
        text_ += paper_yaml(experiment_.paper);
        line("seed: " + format_number(experiment_.seed));
        line("repeat: " + format_number(experiment_.repeat));
        write_settings();
        write_sweep();
        write_list("expect:", experiment_.claims, claim_yaml);
        write_list("plots:", experiment_.plots, plot_text);
        return text_;
    }

  private:
    void line(const std::string& text) { text_ += text + "\n"; }

    void collect(const std::vector<std::vector<ResolvedSetting>>& settings) {
        std::vector<Trial> with_paths(settings.size());
        for (size_t i = 0; i < settings.size(); ++i) {
            for (const ResolvedSetting& setting : settings[i]) {
                with_paths[i].columns.emplace_back(setting.path, "");
            }
        }
        std::map<std::string, std::vector<std::string>> values;
        for (size_t point = 0; point < experiment_.trial_of_point.size(); ++point) {
            const std::set<std::string> assigned = swept_at(point);
            for (const ResolvedSetting& setting : settings[experiment_.trial_of_point[point]]) {
                auto& seen = values[setting.path];
                if (!assigned.contains(setting.path) && !contains(seen, setting.yaml)) {
                    seen.push_back(setting.yaml);
                }
            }
        }
        for (const std::string& path : column_union(with_paths)) {
            if (!values[path].empty()) {
                shared_.push_back({path, values[path].front(), values[path]});
            }
        }
    }

    /// The paths that the sweep sets at a point: an axis of maps may leave some to the tree.
    std::set<std::string> swept_at(size_t point) const {
        std::set<std::string> paths;
        const std::vector<size_t> entries = entries_at(experiment_.axes, point);
        for (size_t i = 0; i < entries.size(); ++i) {
            for (const Assignment& one : experiment_.axes[i].entries[entries[i]].assignments) {
                paths.insert(one.path);
            }
        }
        return paths;
    }

    void write_settings() {
        std::string tree_group, group;
        bool in_workload = false;
        for (const Shared& setting : shared_) {
            const std::string parent(parent_path(setting.path));
            const std::string key(last_component(setting.path));
            if (parent != group) {
                group = parent;
                const bool workload = parent.starts_with("workload.");
                if (parent.starts_with("tree.")) {
                    if (tree_group.empty()) {
                        line("tree:");
                    }
                    tree_group = parent;
                    line("  " + std::string(last_component(parent)) + ":");
                } else if (workload) {
                    if (!in_workload) {
                        line("workload:");
                    }
                    in_workload = true;
                    const std::string name(last_component(parent));
                    line("  - " + name.substr(0, name.find('_')) + ":");
                } else if (!parent.empty()) {
                    line(parent + ":");
                }
            }
            const std::string indent = parent.starts_with("workload.") ? "      "
                                       : parent.starts_with("tree.")   ? "    "
                                       : parent.empty()                ? ""
                                                                       : "  ";
            if (setting.values.size() == 1) {
                line(indent + key + ": " + setting.yaml);
            } else {
                line(indent + "# " + key + ": " + join_values(setting.values) +
                     ", as the policy or workload of the trial has it");
            }
        }
    }

    static std::string join_values(const std::vector<std::string>& values) {
        std::string text;
        for (const std::string& value : values) {
            text += (text.empty() ? "" : " or ") + value;
        }
        return text;
    }

    void write_sweep() {
        if (experiment_.axes.empty()) {
            return;
        }
        line("sweep:");
        for (const SweepAxis& axis : experiment_.axes) {
            const bool simple = axis.paths() == std::vector<std::string>{axis.name};
            if (simple) {
                std::string values;
                for (const SweepEntry& entry : axis.entries) {
                    values +=
                        (values.empty() ? "" : ", ") + yaml_text(entry.assignments.front().value);
                }
                line("  " + axis.name + ": [" + values + "]");
                continue;
            }
            line("  " + axis.name + ":");
            for (const SweepEntry& entry : axis.entries) {
                std::string map;
                for (const Assignment& one : entry.assignments) {
                    const std::string key = is_names_path(one.path) ? std::string(kEntryName)
                                            : axis.is_label         ? one.path
                                                            : one.path.substr(axis.name.size() + 1);
                    map += (map.empty() ? "" : ", ") + key + ": " + yaml_text(one.value);
                }
                line("    - {" + map + "}");
            }
        }
    }

    template <class Item, class Print>
    void write_list(const char* key, const std::vector<Item>& items, Print print) {
        if (items.empty()) {
            return;
        }
        line(key);
        for (const Item& item : items) {
            line("  - " + print(item));
        }
    }

    const Experiment& experiment_;
    std::vector<Shared> shared_;
    std::string text_;
};

}  // namespace

std::string resolved_yaml(const Experiment& experiment,
                          const std::vector<std::vector<ResolvedSetting>>& settings) {
    return Writer(experiment, settings).write();
}

}  // namespace lsm::experiment
