// Reading `sweep:`: lists, ranges, maps that set several keys, and lists that go together.
#include "framework/experiment/sweep_entries.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "framework/experiment/entry_names.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/settings.hpp"
#include "framework/experiment/sweep_range.hpp"

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

/// `name: Full` of an entry.
void read_name(const YamlEntry& one, const SweepAxis& axis, SweepEntry& entry, Problems& problems) {
    const std::string& text = one.value.text;
    if (!one.value.is_scalar() || text.empty()) {
        problems.add(one.value.place, "the `name` of an entry is one text");
    } else if (text.find_first_of(",()=\n") != std::string::npos) {
        problems.add(one.value.place,
                     "the `name` of an entry has none of , ( ) and = in it, by which claims tell "
                     "where it ends");
    } else {
        entry.assignments.insert(
            entry.assignments.begin(),
            {names_path(axis.name), {{text}, false}, one.key_place, one.value.place});
    }
}

/// Either all entries of an axis have a name, each its own, or none has.
void check_names(const SweepAxis& axis, Problems& problems) {
    std::vector<std::string> names;
    for (const SweepEntry& entry : axis.entries) {
        const Assignment& first = entry.assignments.front();
        if (entry.has_name() != axis.has_names()) {
            problems.add(first.key_place,
                         fmt::format("some entries of `{}` have a `name` and some, as this one, {}",
                                     axis.name, entry.has_name() ? "do" : "do not"));
            return;
        }
        if (!entry.has_name()) continue;
        const std::string& name = first.value.items.front();
        if (std::find(names.begin(), names.end(), name) != names.end()) {
            problems.add(first.place, fmt::format("`{}` has an entry with the name `{}` already",
                                                  axis.name, name));
        }
        names.push_back(name);
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
            if (one.key == kEntryName) {
                read_name(one, axis, entry, problems);
            } else if (known.is_setting(one.key) || known.is_group(one.key) ||
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

}  // namespace

std::string entry_text(const SweepEntry& entry) {
    std::string text;
    for (const Assignment& assignment : entry.assignments) {
        if (is_names_path(assignment.path)) continue;
        text += assignment.path + "=" + yaml_text(assignment.value) + ";";
    }
    return text;
}

std::vector<YamlNode> items_of(const YamlNode& node, const std::string& path,
                               const KnownPaths& known, Problems& problems) {
    if (is_range(node) && known.is_setting(path)) {
        return expand_range(node, path, known, problems);
    }
    std::vector<YamlNode> items;
    for (const YamlNode& item : node.items) {
        if (is_range(item) && known.is_setting(path)) {
            const auto values = expand_range(item, path, known, problems);
            items.insert(items.end(), values.begin(), values.end());
        } else {
            items.push_back(item);
        }
    }
    return items;
}

void read_entries(const std::vector<YamlNode>& items, SweepAxis& axis, const KnownPaths& known,
                  Problems& problems) {
    std::vector<std::string> texts;
    const size_t before = problems.count();
    for (const YamlNode& item : items) {
        SweepEntry entry = read_entry(item, axis, known, problems);
        if (entry.sets_nothing()) {
            if (entry.has_name()) {
                problems.add(item.place, "this entry has a name, and no setting");
            }
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
    if (problems.count() == before) {
        check_names(axis, problems);
    }
}

namespace {

/// A map of lists below a label, whose values go together: the maps that set them.
std::vector<YamlNode> read_zip(const YamlNode& node, const std::string& label,
                               const KnownPaths& known, Problems& problems) {
    std::vector<YamlNode> maps;
    size_t first_length = 0;
    for (const YamlEntry& entry : node.entries) {
        if (!entry.value.is_list() && !is_range(entry.value)) {
            problems.add(entry.value.place,
                         fmt::format("the keys below `{}` go together, each with a list of values, "
                                     "and this is {}",
                                     label, yaml_kind_name(entry.value.kind)));
            continue;
        }
        const size_t before = problems.count();
        const auto items = items_of(entry.value, entry.key, known, problems);
        if (problems.count() > before) {
            continue;
        }
        if (first_length == 0) {
            first_length = items.size();
            maps.resize(items.size());
        }
        if (items.size() != first_length || items.empty()) {
            problems.add(entry.value.place,
                         fmt::format("the lists below `{}` go together, so they are of one length: "
                                     "this one has {}, the first {}",
                                     label, items.size(), first_length));
            continue;
        }
        for (size_t i = 0; i < items.size(); ++i) {
            if (maps[i].entries.empty()) {
                maps[i].kind = YamlNode::Kind::map;
                maps[i].place = items[i].place;
            }
            maps[i].entries.push_back({entry.key, entry.key_place, items[i]});
        }
    }
    // What is left of lists that went wrong may be names alone.
    std::erase_if(maps, [](const YamlNode& map) {
        return map.entries.size() == 1 && map.entries.front().key == kEntryName;
    });
    return maps;
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

/// One key of `sweep:`; an axis without entries, and a problem, where it is wrong.
SweepAxis read_axis(const YamlEntry& entry, const KnownPaths& known, Problems& problems) {
    SweepAxis axis;
    axis.name = entry.key;
    axis.place = entry.key_place;
    const YamlNode& value = entry.value;
    const bool is_list = value.is_list() && !value.items.empty();
    const bool has_maps = is_list && value.items.front().is_map() && !is_range(value.items.front());
    const bool is_zip = value.is_map() && !value.entries.empty() && !is_range(value);
    axis.is_label = !known.is_setting(axis.name) && !known.is_group(axis.name);
    if (axis.is_label && (!(has_maps || is_zip) || axis.name.find('.') != std::string::npos)) {
        problems.add(entry.key_place, known.unknown_path(entry.key));
    } else if (axis.is_label && is_zip) {
        read_entries(read_zip(value, axis.name, known, problems), axis, known, problems);
    } else if (is_list || (is_range(value) && known.is_setting(axis.name))) {
        read_entries(items_of(value, axis.name, known, problems), axis, known, problems);
    } else {
        problems.add(
            value.place,
            fmt::format("`{}` is swept over a list, as in [2, 4, 8], or a range, as in "
                        "{{from: 2, to: 10, step: 2}}, and this is {}",
                        entry.key, value.is_list() ? "an empty list" : yaml_kind_name(value.kind)));
    }
    return axis;
}

}  // namespace

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
        SweepAxis axis = read_axis(entry, known, problems);
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

}  // namespace lsm::experiment
