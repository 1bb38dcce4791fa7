#include "framework/experiment/trial_builder.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/base/text.hpp"
#include "framework/experiment/entry_names.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::experiment {
namespace {

const Assignment* find(const Assignments& settings, std::string_view path) {
    const auto found = settings.find(path);
    return found == settings.end() ? nullptr : &found->second;
}

OptionInfo plain_info() {
    OptionInfo info;
    info.type = OptionType::choice;
    return info;
}

/// A default that is a size reads best as one; everything else is printed as the table does.
std::string yaml_of(const OptionInfo& info, const std::string& text) {
    if (info.type == OptionType::size) {
        if (const auto bytes = parse_size(text)) {
            return format_size_exactly(*bytes);
        }
    }
    return text.starts_with("[") ? text : yaml_scalar(text);
}

}  // namespace

void scale_counts(Assignments& settings, double scale) {
    if (scale == 1) {
        return;
    }
    for (auto& [path, assignment] : settings) {
        const std::string_view last = last_component(path);
        if (last != "records" && last != "operations" && last != "key_space" && last != "every") {
            continue;
        }
        for (std::string& item : assignment.value.items) {
            const std::string_view unit =
                last == "records" || last == "key_space" ? "keys" : "operations";
            const auto count = parse_count(item, unit);
            if (count && *count > 0) {
                const double scaled = static_cast<double>(*count) * scale + 0.5;
                item = format_number(scaled < 1 ? uint64_t{1} : static_cast<uint64_t>(scaled));
            }
        }
    }
}

TrialBuilder::TrialBuilder(const ReadContext& context, const Draft& draft, double scale,
                           Problems& problems)
    : context_(context),
      draft_(draft),
      scale_(scale),
      problems_(problems),
      library_(*context.files, context.workload_folders) {}

TrialBuilder::Built TrialBuilder::build(const Assignments& settings) {
    Built built;
    for (const auto& [path, assignment] : settings) {
        if (is_names_path(path)) {
            add(built, path, plain_info(), assignment.value.items.front());
        }
    }
    read_head(settings, built);
    for (const Section& section : tree_sections()) {
        read_section(section, settings, built);
    }
    read_storage(settings, built);
    read_device(settings, built);
    read_phases(settings, built);
    read_measure(settings, built);
    check_contradictions(settings, built.trial);
    for (const ResolvedSetting& setting : built.settings) {
        built.trial.columns.emplace_back(setting.path, setting.column);
    }
    return built;
}

Place TrialBuilder::place_of(const Assignments& settings, std::string_view path) const {
    const Assignment* assignment = find(settings, path);
    return assignment != nullptr ? assignment->place : draft_.start;
}

void TrialBuilder::add(Built& built, const std::string& path, const OptionInfo& info,
                       const std::string& text) {
    built.settings.push_back({path, yaml_of(info, text), column_text(info, text)});
}

template <class Options>
void TrialBuilder::read_field(const OptionField<Options>& field, const std::string& path,
                              const Assignments& settings, Options& options) {
    if (const Assignment* assignment = find(settings, path)) {
        used_.insert(path);
        if (auto wrong = field.parse(options, assignment->value)) {
            problems_.add(assignment->place, fmt::format("`{}`: {}", field.info.name, *wrong));
        }
    }
}

void TrialBuilder::read_head(const Assignments& settings, Built& built) {
    Head head;
    for (const auto& field : Head::table(context_.engines)) {
        read_field(field, field.info.name, settings, head);
    }
    Trial& trial = built.trial;
    trial.seed = head.seed;
    trial.repeat = head.repeat;
    trial.mode = head.mode == "realtime" ? Mode::realtime : Mode::deterministic;
    trial.engine = head.engine;
    trial.client_threads = head.threads;
    trial.settings.deterministic = trial.mode == Mode::deterministic;
    for (const auto& field : Head::table(context_.engines)) {
        const std::string& name = field.info.name;
        if (name == "engine" || name == "mode" ||
            (name == "threads" && !trial.settings.deterministic)) {
            add(built, name, field.info, field.print(head));
        }
    }
}

void TrialBuilder::read_section(const Section& section, const Assignments& settings, Built& built) {
    const PolicyInfo* policy = nullptr;
    if (section.has_axis) {
        policy = find_policy(context_.axis(section.name), settings);
        if (policy != nullptr) {
            add(built, section.path() + ".policy", plain_info(), policy->name);
        }
    }
    for (const auto& field : section.own) {
        const std::string path = section.path() + "." + field.info.name;
        read_field(field, path, settings, built.trial.settings);
        if (!section.realtime_only || !built.trial.settings.deterministic) {
            add(built, path, field.info, field.print(built.trial.settings));
        } else if (const Assignment* assignment = find(settings, path)) {
            problems_.add(
                assignment->key_place,
                fmt::format("`{}` has a meaning in realtime mode only: in deterministic mode "
                            "all work runs on one thread",
                            path));
        }
    }
    if (policy != nullptr) {
        read_policy(section.path(), *policy, settings,
                    engine_part(built.trial.settings, section.name), built);
    }
}

const PolicyInfo* TrialBuilder::find_policy(const AxisInfo& axis, const Assignments& settings) {
    const std::string path = "tree." + axis.name + ".policy";
    const Assignment* assignment = find(settings, path);
    const Place place = place_of(settings, path);
    std::string name = axis.default_policy;
    if (assignment != nullptr) {
        if (assignment->value.is_list) {
            problems_.add(place, fmt::format("`{}` is one policy; to run several, list them under "
                                             "`sweep:` as `{}`",
                                             path, path));
            unknown_axes_.insert(axis.name);
            return nullptr;
        }
        name = assignment->value.items.front();
    }
    const PolicyInfo* policy = axis.find(name);
    if (policy != nullptr) {
        policies_[axis.name].insert(name);
        return policy;
    }
    unknown_axes_.insert(axis.name);
    const auto names = axis.policy_names();
    if (const BrokenPolicy* broken = axis.find_broken(name)) {
        std::string error;
        for (const std::string& line : split(broken->error, '\n')) {
            error += "\n      " + line;
        }
        problems_.add(place,
                      fmt::format("the {} policy `{}` was left out, since {} does not compile:{}",
                                  axis.name, name, broken->header, error));
    } else if (name.empty()) {
        problems_.add(place, fmt::format("`tree.{}` names no policy; known are {}", axis.name,
                                         name_list(names)));
    } else {
        const std::string guess = did_you_mean(name, names);
        problems_.add(
            place,
            fmt::format(
                "unknown {} policy `{}`; known are {}{}", axis.name, name, name_list(names),
                guess.empty() ? "; headers elsewhere are taken in by --policies DIR" : guess));
    }
    return nullptr;
}

void TrialBuilder::read_policy(const std::string& path, const PolicyInfo& policy,
                               const Assignments& settings, EngineSettings::Part& part,
                               Built& built) {
    part.policy = policy.name;
    for (const OptionInfo& info : policy.options) {
        if (const Assignment* assignment = find(settings, path + "." + info.name)) {
            used_.insert(assignment->path);
            part.options[info.name] = assignment->value;
        }
    }
    const auto wrong = policy.check(part.options);
    for (const OptionProblem& problem : wrong) {
        // A default that does not go with the rest stands nowhere.
        const std::string option = path + "." + problem.option;
        const Place place = find(settings, option) != nullptr
                                ? place_of(settings, option)
                                : place_of(settings, path + ".policy");
        const std::string name = problem.option.empty() ? "" : "`" + problem.option + "` of ";
        problems_.add(place, fmt::format("{}`{}`: {}", name, policy.name, problem.message));
    }
    if (!wrong.empty()) {
        return;
    }
    for (const auto& [name, text] : policy.resolve(part.options)) {
        const OptionInfo* info = policy.find_option(name);
        add(built, path + "." + name, info != nullptr ? *info : plain_info(), text);
    }
}

void TrialBuilder::read_storage(const Assignments& settings, Built& built) {
    EngineSettings& engine = built.trial.settings;
    // In realtime mode the device takes part in what is measured: a folder inside of the run's.
    engine.storage = engine.deterministic ? "memory" : "data";
    if (const Assignment* assignment = find(settings, "storage")) {
        if (assignment->value.is_list || assignment->value.items.front().empty()) {
            problems_.add(assignment->place, "`storage` is `memory` or a folder");
            return;
        }
        engine.storage = assignment->value.items.front();
    }
    add(built, "storage", plain_info(), engine.storage);
}

void TrialBuilder::read_measure(const Assignments& settings, Built& built) {
    Measure measure;
    for (const auto& field : Measure::table()) {
        const std::string path = "measure." + field.info.name;
        Assignments one;
        if (const Assignment* assignment = find(settings, path)) {
            one[path] = *assignment;
        } else {
            one[path] = {path, {{field.print(measure)}, false}, draft_.start, draft_.start};
            scale_counts(one, scale_);
        }
        read_field(field, path, one, measure);
        add(built, path, field.info, field.print(measure));
    }
    built.trial.measure_every = measure.every;
}

void TrialBuilder::check_contradictions(const Assignments& settings, const Trial& trial) {
    if (trial.mode == Mode::deterministic && trial.client_threads > 1) {
        problems_.add(
            place_of(settings, "threads"),
            "`threads` above 1 needs `mode: realtime`: in deterministic mode all work runs on "
            "one thread, at points that the operation count fixes");
    }
    if (const auto problem = engine_problem(trial.engine, trial.settings)) {
        problems_.add(place_of(settings, problem->path),
                      fmt::format("`engine: {}` and `{}`: {}", trial.engine, problem->path,
                                  problem->message));
    }
    if (trial.settings.block_size > trial.settings.table_size) {
        const bool block_written = find(settings, "tree.format.block_size") != nullptr;
        problems_.add(
            place_of(settings, block_written ? "tree.format.block_size" : "tree.format.table_size"),
            fmt::format("a block ({}) is larger than a table ({})",
                        format_size_exactly(trial.settings.block_size),
                        format_size_exactly(trial.settings.table_size)));
    }
}

void TrialBuilder::report_unused(const Assignments& settings) {
    for (const auto& [path, assignment] : settings) {
        const Section* section = find_section(parent_path(path));
        if (section == nullptr || !section->has_axis || used_.contains(path) ||
            last_component(path) == "policy") {
            continue;
        }
        const std::string key(last_component(path));
        const AxisInfo& axis = context_.axis(section->name);
        const std::set<std::string>& in_use = policies_[section->name];
        std::vector<std::string> accepted{"policy"}, owners;
        for (const auto& field : section->own) {
            accepted.push_back(field.info.name);
        }
        for (const PolicyInfo& policy : axis.policies) {
            for (const OptionInfo& info : policy.options) {
                if (in_use.contains(policy.name) &&
                    std::find(accepted.begin(), accepted.end(), info.name) == accepted.end()) {
                    accepted.push_back(info.name);
                }
            }
            if (policy.find_option(key) != nullptr) {
                owners.push_back(policy.name);
            }
        }
        // A policy that is not known might have the option, if any has.
        if (unknown_axes_.contains(section->name)) {
            if (owners.empty()) {
                problems_.add(assignment.key_place,
                              fmt::format("unknown key `{}`: no {} policy has such an option", key,
                                          axis.name));
            }
            continue;
        }
        const std::string policies = name_list({in_use.begin(), in_use.end()});
        const std::string hint =
            owners.empty() ? did_you_mean(key, accepted)
                           : fmt::format("; `{}` is an option of {}", key, name_list(owners));
        problems_.add(assignment.key_place,
                      fmt::format("unknown key `{}` with the {} policy {}; accepted are {}{}", key,
                                  axis.name, policies, name_list(accepted), hint));
    }
}

}  // namespace lsm::experiment
