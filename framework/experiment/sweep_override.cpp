// What the command line's `--set` does to an experiment's sweep.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "framework/base/text.hpp"
#include "framework/experiment/entry_names.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/settings.hpp"
#include "framework/experiment/sweep.hpp"
#include "framework/experiment/sweep_entries.hpp"
#include "framework/experiment/sweep_range.hpp"

namespace lsm::experiment {
namespace {

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
        std::erase_if(axis.entries, [](const SweepEntry& entry) { return entry.sets_nothing(); });
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
    const size_t before = problems.count();
    read_entries(items_of(value, path, known, problems), axis, known, problems);
    if (axis.entries.empty()) {
        if (problems.count() == before) {
            problems.add(value.place, "an empty list leaves nothing to run");
        }
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

/// The axis of that label whose entries have names, if there is one.
SweepAxis* named_axis(Draft& draft, std::string_view label) {
    for (SweepAxis& axis : draft.axes) {
        if (axis.has_names() && (axis.name == label || names_path(axis.name) == label)) {
            return &axis;
        }
    }
    return nullptr;
}

/// `--set strategy=Full`: of the axis only the entries of these names, in the order of the names.
void choose_entries(SweepAxis& axis, const YamlNode& value, Problems& problems) {
    std::vector<std::string> names;
    for (const SweepEntry& entry : axis.entries) {
        names.push_back(entry.assignments.front().value.items.front());
    }
    const std::vector<YamlNode> wanted =
        value.is_list() ? value.items : std::vector<YamlNode>{value};
    std::vector<SweepEntry> chosen;
    for (const YamlNode& item : wanted) {
        const auto found = std::find(names.begin(), names.end(), item.text);
        if (!item.is_scalar() || found == names.end()) {
            problems.add(item.place,
                         fmt::format("`{}` has no entry of this name; there are {}{}", axis.name,
                                     name_list(names), did_you_mean(item.text, names)));
            return;
        }
        chosen.push_back(axis.entries[static_cast<size_t>(found - names.begin())]);
    }
    if (chosen.empty()) {
        problems.add(value.place, "an empty list leaves nothing to run");
        return;
    }
    axis.entries = std::move(chosen);
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
    if (SweepAxis* axis = named_axis(draft, path)) {
        choose_entries(*axis, value, problems);
        return;
    }
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
    if ((value.is_list() && !known.takes_list(path)) ||
        (is_range(value) && known.is_setting(path))) {
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

}  // namespace lsm::experiment
