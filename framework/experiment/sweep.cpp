#include "framework/experiment/sweep.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "framework/base/text.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/settings.hpp"

namespace lsm::experiment {
namespace {

void add_assignments(SweepEntry& entry, const Assignments& assignments, const KnownPaths& known,
                     Problems& problems) {
    for (const auto& [path, assignment] : assignments) {
        if (const auto why = known.not_swept_because(path)) {
            problems.add(assignment.key_place, *why);
        } else {
            entry.assignments.push_back(assignment);
        }
    }
}

/// One item below a swept key.
SweepEntry read_entry(const YamlNode& item, const SweepAxis& axis, const KnownPaths& known,
                      Problems& problems) {
    SweepEntry entry;
    Assignments assignments;
    if (!axis.is_label) {
        if (known.is_setting(axis.name) && item.is_map()) {
            problems.add(
                item.place,
                fmt::format("`{}` is one setting, so its entries are single values; maps that "
                            "set several keys go below a key that is no setting, `design` "
                            "for one",
                            axis.name));
            return entry;
        }
        known.flatten(item, axis.name, axis.place, assignments, problems);
    } else if (!item.is_map()) {
        problems.add(item.place,
                     fmt::format("`{}` is no setting, so its entries are maps from settings "
                                 "to values, and this is {}",
                                 axis.name, yaml_kind_name(item.kind)));
    } else {
        for (const YamlEntry& one : item.entries) {
            if (known.is_setting(one.key) || known.is_group(one.key) ||
                known.is_group(parent_path(one.key))) {
                known.flatten(one.value, one.key, one.key_place, assignments, problems);
            } else {
                problems.add(one.key_place, known.unknown_path(one.key));
            }
        }
    }
    add_assignments(entry, assignments, known, problems);
    return entry;
}

std::string entry_text(const SweepEntry& entry) {
    std::string text;
    for (const Assignment& assignment : entry.assignments) {
        text += assignment.path + "=" + yaml_text(assignment.value) + ";";
    }
    return text;
}

void read_entries(const YamlNode& node, SweepAxis& axis, const KnownPaths& known,
                  Problems& problems) {
    std::vector<std::string> texts;
    for (const YamlNode& item : node.items) {
        SweepEntry entry = read_entry(item, axis, known, problems);
        if (entry.assignments.empty()) {
            continue;
        }
        const std::string text = entry_text(entry);
        if (std::find(texts.begin(), texts.end(), text) != texts.end()) {
            problems.add(item.place, fmt::format("`{}` has this value already", axis.name));
            continue;
        }
        texts.push_back(text);
        axis.entries.push_back(std::move(entry));
    }
}

void check_overlap(const std::vector<SweepAxis>& axes, Problems& problems) {
    for (size_t i = 0; i < axes.size(); ++i) {
        for (const std::string& path : axes[i].paths()) {
            for (size_t j = 0; j < i; ++j) {
                const auto paths = axes[j].paths();
                if (std::find(paths.begin(), paths.end(), path) != paths.end()) {
                    problems.add(axes[i].place,
                                 fmt::format("`{}` is swept by `{}` already", path, axes[j].name));
                }
            }
        }
    }
}

void move_to(YamlNode& node, const std::shared_ptr<const SourceText>& source, uint64_t line) {
    node.place.source = source;
    node.place.line = line;
    for (YamlNode& item : node.items) {
        move_to(item, source, line);
    }
    for (YamlEntry& entry : node.entries) {
        entry.key_place.source = source;
        entry.key_place.line = line;
        move_to(entry.value, source, line);
    }
}

bool sweeps(const std::vector<SweepAxis>& axes, const std::string& path) {
    return std::any_of(axes.begin(), axes.end(), [&](const SweepAxis& axis) {
        const auto paths = axis.paths();
        return std::find(paths.begin(), paths.end(), path) != paths.end();
    });
}

/// Takes a path out of the sweep; axes that then set nothing are gone.
void remove_from_sweep(std::vector<SweepAxis>& axes, const std::string& path) {
    for (SweepAxis& axis : axes) {
        for (SweepEntry& entry : axis.entries) {
            std::erase_if(entry.assignments,
                          [&](const Assignment& one) { return one.path == path; });
        }
        std::erase_if(axis.entries,
                      [](const SweepEntry& entry) { return entry.assignments.empty(); });
        std::set<std::string> seen;
        std::erase_if(axis.entries, [&](const SweepEntry& entry) {
            return !seen.insert(entry_text(entry)).second;
        });
    }
    std::erase_if(axes, [](const SweepAxis& axis) { return axis.entries.empty(); });
}

void override_with_list(Draft& draft, const std::string& path, const YamlNode& value,
                        const Place& key_place, const KnownPaths& known, Problems& problems) {
    SweepAxis axis;
    axis.name = path;
    axis.place = key_place;
    read_entries(value, axis, known, problems);
    if (axis.entries.empty()) {
        problems.add(value.place, "an empty list leaves nothing to run");
        return;
    }
    const auto same = std::find_if(draft.axes.begin(), draft.axes.end(),
                                   [&](const SweepAxis& one) { return one.name == path; });
    if (same != draft.axes.end()) {
        *same = std::move(axis);
        return;
    }
    remove_from_sweep(draft.axes, path);
    draft.axes.push_back(std::move(axis));
}

/// Claims and plots that name a swept setting still find it, with one value.
void override_axis(Draft& draft, const std::string& path, const YamlNode& value,
                   const Place& key_place, const KnownPaths& known, Problems& problems) {
    YamlNode list;
    list.kind = YamlNode::Kind::list;
    list.place = value.place;
    list.items = {value};
    override_with_list(draft, path, list, key_place, known, problems);
}

/// The policies of an axis of the tree that a draft's points have.
std::set<std::string> policies_in_use(const Draft& draft, const AxisInfo& axis) {
    const std::string path = "tree." + axis.name + ".policy";
    std::set<std::string> policies;
    for (const SweepAxis& swept : draft.axes) {
        for (const SweepEntry& entry : swept.entries) {
            for (const Assignment& one : entry.assignments) {
                if (one.path == path) {
                    policies.insert(yaml_text(one.value));
                }
            }
        }
    }
    if (policies.empty()) {
        const auto found = draft.settings.find(path);
        policies.insert(found == draft.settings.end() ? axis.default_policy
                                                      : yaml_text(found->second.value));
    }
    return policies;
}

bool has_option(const AxisInfo& axis, const std::set<std::string>& policies,
                const std::string& option) {
    return std::any_of(axis.policies.begin(), axis.policies.end(), [&](const PolicyInfo& policy) {
        return policies.contains(policy.name) && policy.find_option(option) != nullptr;
    });
}

/// What --set does once its argument is taken apart; a map sets all that is in it.
void override_setting(Draft& draft, std::string path, const YamlNode& value, const Place& key_place,
                      const KnownPaths& known, Problems& problems) {
    if (known.is_group(path) && value.is_map()) {
        for (const YamlEntry& entry : value.entries) {
            override_setting(draft, path + "." + entry.key, entry.value, entry.key_place, known,
                             problems);
        }
        return;
    }
    for (const char* own : {".policy", ".model"}) {
        if (known.is_group(path) && known.is_setting(path + own)) {
            path += own;
        }
    }
    if (known.is_group(path)) {
        known.flatten(value, path, key_place, draft.settings, problems);
        return;
    }
    const bool is_option =
        known.is_group(parent_path(path)) && parent_path(path).starts_with("tree.");
    if (path == "experiment" || path == "about") {
        problems.add(key_place, fmt::format("`{}` is the file's own and cannot be set", path));
        return;
    }
    if (!known.is_setting(path) && !is_option) {
        problems.add(key_place, known.unknown_path(path));
        return;
    }
    if (value.is_list() && !known.takes_list(path)) {
        override_with_list(draft, path, value, key_place, known, problems);
        return;
    }
    if (sweeps(draft.axes, path) && value.is_scalar()) {
        override_axis(draft, path, value, key_place, known, problems);
        return;
    }
    remove_from_sweep(draft.axes, path);
    known.flatten(value, path, key_place, draft.settings, problems);
}

}  // namespace

void drop_lost_options(Draft& draft, const Draft& written, const ReadContext& context) {
    for (const AxisInfo& axis : context.axes) {
        const auto before = policies_in_use(written, axis);
        const auto after = policies_in_use(draft, axis);
        if (before == after) {
            continue;
        }
        for (const PolicyInfo& policy : axis.policies) {
            for (const OptionInfo& option : policy.options) {
                if (!has_option(axis, before, option.name) ||
                    has_option(axis, after, option.name)) {
                    continue;
                }
                const std::string path = "tree." + axis.name + "." + option.name;
                const auto found = draft.settings.find(path);
                const auto own = written.settings.find(path);
                if (found != draft.settings.end() && own != written.settings.end() &&
                    found->second.key_place.source == own->second.key_place.source) {
                    draft.settings.erase(found);
                }
                const bool from_file =
                    std::any_of(draft.axes.begin(), draft.axes.end(), [&](const SweepAxis& swept) {
                        return swept.place.source == draft.start.source && sweeps({swept}, path);
                    });
                if (from_file) {
                    remove_from_sweep(draft.axes, path);
                }
            }
        }
    }
}

std::vector<SweepAxis> read_sweep(const YamlNode& node, const KnownPaths& known,
                                  Problems& problems) {
    std::vector<SweepAxis> axes;
    if (node.is_nothing()) {
        return axes;
    }
    if (!node.is_map()) {
        problems.add(node.place,
                     fmt::format("`sweep` takes a map from settings to lists, and this is {}",
                                 yaml_kind_name(node.kind)));
        return axes;
    }
    for (const YamlEntry& entry : node.entries) {
        SweepAxis axis;
        axis.name = entry.key;
        axis.place = entry.key_place;
        const bool has_maps = entry.value.is_list() && !entry.value.items.empty() &&
                              entry.value.items.front().is_map();
        axis.is_label = !known.is_setting(axis.name) && !known.is_group(axis.name);
        if (axis.is_label && (!has_maps || axis.name.find('.') != std::string::npos)) {
            problems.add(entry.key_place, known.unknown_path(entry.key));
            continue;
        }
        if (!entry.value.is_list() || entry.value.items.empty()) {
            problems.add(
                entry.value.place,
                fmt::format(
                    "`{}` is swept over a list, as in [2, 4, 8], and this is {}", entry.key,
                    entry.value.is_list() ? "an empty one" : yaml_kind_name(entry.value.kind)));
            continue;
        }
        read_entries(entry.value, axis, known, problems);
        if (!axis.entries.empty()) {
            axes.push_back(std::move(axis));
        }
    }
    check_overlap(axes, problems);
    if (count_points(axes) > kMaxPoints) {
        problems.add(node.place, fmt::format("this sweep has more than {} points", kMaxPoints));
        axes.clear();
    }
    return axes;
}

void apply_override(Draft& draft, const std::string& argument, uint64_t number,
                    const std::shared_ptr<const SourceText>& source, const KnownPaths& known,
                    Problems& problems) {
    Place key_place;
    key_place.source = source;
    key_place.line = number;
    const size_t equals = argument.find('=');
    if (equals == std::string::npos) {
        key_place.length = std::max<size_t>(1, argument.size());
        problems.add(key_place,
                     "a setting is overridden by path=value, as in "
                     "tree.compaction.size_ratio=8");
        return;
    }
    std::string path(trim(std::string_view(argument).substr(0, equals)));
    key_place.length = std::max<size_t>(1, path.size());
    // The value is YAML of its own; blanks in front keep its columns what they are.
    Problems value_problems;
    YamlNode value;
    try {
        value =
            read_yaml(std::make_shared<SourceText>(source->name(), std::string(equals + 1, ' ') +
                                                                       argument.substr(equals + 1)),
                      value_problems);
    } catch (const std::exception&) {
        key_place.column = equals + 2;
        problems.add(key_place, "this value is not YAML");
        return;
    }
    move_to(value, source, number);
    override_setting(draft, path, value, key_place, known, problems);
}

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
