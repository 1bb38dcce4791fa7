// Checks values each by itself, its type, range and word: so those are told too that no trial has.
// What such a value would contradict nobody can say, as nothing runs with it.
#include <algorithm>

#include <fmt/format.h>

#include "framework/experiment/trial_builder.hpp"

namespace lsm::experiment {
namespace {

template <class Value>
std::optional<std::string> problem_as(const OptionInfo& info, const OptionValue& value) {
    Value ignored{};
    return parse_option(info, value, ignored);
}

std::optional<std::string> value_problem(const OptionInfo& info, const OptionValue& value) {
    switch (info.type) {
        case OptionType::size:
        case OptionType::count:
            return problem_as<uint64_t>(info, value);
        case OptionType::real:
            return problem_as<double>(info, value);
        case OptionType::flag:
            return problem_as<bool>(info, value);
        case OptionType::choice:
            return problem_as<std::string>(info, value);
        case OptionType::size_list:
        case OptionType::count_list:
            return problem_as<std::vector<uint64_t>>(info, value);
        case OptionType::real_list:
            return problem_as<std::vector<double>>(info, value);
        case OptionType::choice_list:
            return problem_as<std::vector<std::string>>(info, value);
    }
    return std::nullopt;
}

/// The value as the table's option of that name, if it has one.
template <class Options>
void check_field(const OptionTable<Options>& table, const Assignment& one, Problems& problems) {
    for (const auto& field : table) {
        Options ignored;
        if (field.info.name != last_component(one.path)) continue;
        if (const auto wrong = field.parse(ignored, one.value)) {
            problems.add(one.place, fmt::format("`{}`: {}", field.info.name, *wrong));
        }
    }
}

const Section* axis_section(std::string_view path) {
    const Section* section = find_section(parent_path(path));
    return section != nullptr && section->has_axis ? section : nullptr;
}

}  // namespace

void TrialBuilder::check_each(const std::vector<Assignment>& values) {
    const auto is_policy = [](const Assignment& one) {
        return axis_section(one.path) != nullptr && last_component(one.path) == "policy";
    };
    // Policies first: options are held against the policies that the experiment names anywhere.
    for (const Assignment& one : values) {
        if (is_policy(one) && !problems_.any_at(one.place)) check_policy(one);
    }
    for (const Assignment& one : values) {
        if (!is_policy(one) && !problems_.any_at(one.place)) check_value(one);
    }
}

void TrialBuilder::check_policy(const Assignment& one) {
    const AxisInfo& axis = context_.axis(axis_section(one.path)->name);
    // Running without a policy that does not compile is a good reason to cover it.
    if (one.value.is_list || axis.find_broken(one.value.items.front()) == nullptr) {
        find_policy(axis, {{one.path, one}});
    }
}

void TrialBuilder::check_value(const Assignment& one) {
    const Assignments alone{{one.path, one}};
    const std::string_view parent = parent_path(one.path);
    Built ignored;
    if (one.path == "storage") {
        read_storage(alone, ignored);
    } else if (one.path == "device.model") {
        device_model(alone, ignored);
    } else if (parent == "device") {
        for (const DeviceFigure& figure : device_figures()) {
            if (const std::string_view key = last_component(one.path);
                key == figure.name || key == figure.both) {
                read_figure(figure, one);
            }
        }
    } else if (parent == "measure") {
        check_field(Measure::table(), one, problems_);
    } else if (const Section* section = find_section(parent)) {
        check_field(section->own, one, problems_);
        if (section->has_axis) {
            check_option_of(context_.axis(section->name), one);
        }
    } else if (parent.empty()) {
        check_field(Head::table(context_.engines), one, problems_);
    }
    for (const DraftPhase& phase : draft_.phases) {
        if (phase.path() == parent) {
            check_in_phase(phase, one);
        }
    }
}

void TrialBuilder::check_option_of(const AxisInfo& axis, const Assignment& one) {
    const std::string option(last_component(one.path));
    const std::set<std::string>& named = policies_[axis.name];
    const auto takes = [&](const PolicyInfo& policy, bool any) {
        return policy.find_option(option) != nullptr && (any || named.contains(policy.name));
    };
    // An option of none of them was meant for another policy, which is told where it is not right.
    const bool any = unknown_axes_.contains(axis.name) ||
                     std::none_of(axis.policies.begin(), axis.policies.end(),
                                  [&](const PolicyInfo& policy) { return takes(policy, false); });
    std::string problem;
    for (const PolicyInfo& policy : axis.policies) {
        if (!takes(policy, any)) continue;
        const auto wrong = value_problem(*policy.find_option(option), one.value);
        if (!wrong) return;
        if (problem.empty()) problem = fmt::format("`{}` of `{}`: {}", option, policy.name, *wrong);
    }
    if (!problem.empty()) {
        problems_.add(one.place, problem);
    }
}

void TrialBuilder::check_in_phase(const DraftPhase& phase, const Assignment& one) {
    switch (phase.kind) {
        case workloads::PhaseKind::load:
            return check_field(workloads::LoadPhase::table(), one, problems_);
        case workloads::PhaseKind::run: {
            if (last_component(one.path) != "use")
                return check_field(workloads::RunPhase::table(), one, problems_);
            std::string use;
            phase_options(phase, {{one.path, one}}, use);
            return;
        }
        case workloads::PhaseKind::replay:
            check_field(workloads::ReplayPhase::table(), one, problems_);
            if (last_component(one.path) == "file" && !one.value.is_list) {
                find_trace_or_tell(one.value.items.front(), one.place);
            }
    }
}

}  // namespace lsm::experiment
