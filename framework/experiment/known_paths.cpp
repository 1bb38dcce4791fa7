#include <algorithm>

#include <fmt/format.h>

#include "framework/base/text.hpp"
#include "framework/experiment/draft.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/settings.hpp"

namespace lsm::experiment {
namespace {

constexpr std::string_view kListKeys[] = {"paper", "sweep", "workload", "expect", "plots"};

OptionInfo text_info(const std::string& name) {
    OptionInfo info;
    info.name = name;
    info.type = OptionType::choice;
    return info;
}

bool is_list_type(OptionType type) {
    return type == OptionType::size_list || type == OptionType::count_list ||
           type == OptionType::real_list || type == OptionType::choice_list;
}

}  // namespace

KnownPaths::KnownPaths(const ReadContext& context, const std::vector<DraftPhase>& phases) {
    add_setting("experiment", text_info("experiment"));
    add_setting("about", text_info("about"));
    for (const auto& field : Head::table(context.engines)) {
        add_setting(field.info.name, field.info);
    }
    groups_.emplace_back("tree");
    for (const Section& section : tree_sections()) {
        groups_.push_back(section.path());
        if (section.has_axis) {
            add_setting(section.path() + ".policy", text_info("policy"));
            for (const PolicyInfo& policy : context.axis(section.name).policies) {
                for (const OptionInfo& info : policy.options) {
                    add_setting(section.path() + "." + info.name, info);
                }
            }
        }
        for (const auto& field : section.own) {
            add_setting(section.path() + "." + field.info.name, field.info);
        }
    }
    add_setting("storage", text_info("storage"));
    groups_.emplace_back("device");
    add_setting("device.model", text_info("model"));
    for (const std::string& key : device_keys()) {
        OptionInfo info = text_info(key);
        info.type = key.ends_with("bandwidth") ? OptionType::size : OptionType::choice;
        add_setting("device." + key, info);
    }
    for (const DraftPhase& phase : phases) {
        groups_.push_back(phase.path());
        if (phase.kind == workloads::PhaseKind::run) {
            add_setting(phase.path() + ".use", text_info("use"));
        }
        for (const OptionInfo& info : workloads::describe_phase(phase.kind)) {
            add_setting(phase.path() + "." + info.name, info);
        }
    }
    groups_.emplace_back("measure");
    for (const auto& field : Measure::table()) {
        add_setting("measure." + field.info.name, field.info);
    }
}

void KnownPaths::add_setting(const std::string& path, OptionInfo info) {
    settings_.emplace_back(path, std::move(info));
}

std::vector<const OptionInfo*> KnownPaths::infos(std::string_view path) const {
    std::vector<const OptionInfo*> found;
    for (const auto& [known, info] : settings_) {
        if (known == path) {
            found.push_back(&info);
        }
    }
    return found;
}

bool KnownPaths::is_setting(std::string_view path) const { return !infos(path).empty(); }

bool KnownPaths::is_group(std::string_view path) const {
    return std::find(groups_.begin(), groups_.end(), path) != groups_.end();
}

bool KnownPaths::takes_list(std::string_view path) const {
    const auto found = infos(path);
    return std::any_of(found.begin(), found.end(),
                       [](const OptionInfo* info) { return is_list_type(info->type); });
}

std::optional<OptionInfo> KnownPaths::number_info(std::string_view path) const {
    const auto found = infos(path);
    for (const OptionType type : {OptionType::real, OptionType::size, OptionType::count}) {
        for (const OptionInfo* info : found) {
            if (info->type == type) {
                return *info;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::string> KnownPaths::not_swept_because(std::string_view path) const {
    if (path == "seed") {
        return "`seed` cannot be swept; `repeat: N` runs every trial with N seeds";
    }
    if (path == "experiment" || path == "about" || path == "mode" || path == "repeat" ||
        path.starts_with("measure")) {
        return fmt::format("`{}` holds for the whole experiment and cannot be swept", path);
    }
    return std::nullopt;
}

std::vector<std::string> KnownPaths::keys_below(std::string_view path) const {
    std::vector<std::string> keys;
    const auto add = [&](std::string_view known) {
        if (parent_path(known) == path) {
            const std::string key(last_component(known));
            if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
                keys.push_back(key);
            }
        }
    };
    for (const auto& [known, info] : settings_) {
        add(known);
    }
    for (const std::string& group : groups_) {
        add(group);
    }
    if (path.empty()) {
        keys.insert(keys.end(), std::begin(kListKeys), std::end(kListKeys));
    }
    return keys;
}

std::string KnownPaths::unknown_key(std::string_view path) const {
    const auto keys = keys_below(parent_path(path));
    const std::string key(last_component(path));
    return fmt::format("unknown key `{}`; accepted are {}{}", key, name_list(keys),
                       did_you_mean(key, keys));
}

std::string KnownPaths::unknown_path(std::string_view path) const {
    std::vector<std::string> paths;
    std::vector<std::string> same_end;
    for (const auto& [known, info] : settings_) {
        if (last_component(known) == path &&
            std::find(same_end.begin(), same_end.end(), known) == same_end.end()) {
            same_end.push_back(known);
        }
        paths.push_back(known);
    }
    if (!same_end.empty()) {
        return fmt::format("unknown setting `{}`; write the whole path: {}", path,
                           name_list(same_end));
    }
    if (is_group(parent_path(path)) && !path.empty()) {
        return unknown_key(path);
    }
    return fmt::format("unknown setting `{}`{}", path, did_you_mean(path, paths));
}

void KnownPaths::flatten(const YamlNode& node, const std::string& path, const Place& key_place,
                         Assignments& out, Problems& problems) const {
    const Section* section = find_section(path);
    if (node.is_scalar() && (path == "device" || (section != nullptr && section->has_axis))) {
        const std::string full = path + (path == "device" ? ".model" : ".policy");
        out[full] = {full, {{node.text}, false}, key_place, node.place};
        return;
    }
    if (is_group(path)) {
        if (node.is_nothing()) {
            return;  // `bloom:` alone leaves everything at its default
        }
        if (!node.is_map()) {
            problems.add(node.place,
                         fmt::format("`{}` takes a map of {}, and this is {}", path,
                                     name_list(keys_below(path)), yaml_kind_name(node.kind)));
            return;
        }
        for (const YamlEntry& entry : node.entries) {
            flatten(entry.value, path + "." + entry.key, entry.key_place, out, problems);
        }
        return;
    }
    const Section* parent = find_section(parent_path(path));
    const bool may_be_option = parent != nullptr && parent->has_axis;
    if (!is_setting(path) && !may_be_option) {
        problems.add(key_place, unknown_key(path));
        return;
    }
    if (auto value = read_value(node, last_component(path), problems)) {
        out[path] = {path, *value, key_place, node.place};
    }
}

}  // namespace lsm::experiment
