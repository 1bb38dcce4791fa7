#include "framework/experiment/axis_info.hpp"

namespace lsm::experiment {
namespace {

template <class Any>
AxisInfo describe_axis(const char* name, const AxisRegistry<Any>& registry) {
    AxisInfo axis;
    axis.name = name;
    axis.broken = registry.broken();
    for (const PolicyEntry<Any>& entry : registry.policies()) {
        PolicyInfo policy;
        policy.name = entry.name;
        policy.about = entry.about;
        policy.header = entry.header;
        policy.options = entry.options;
        policy.mapping = entry.mapping;
        policy.check = [make = entry.make](const OptionValues& values) {
            std::vector<OptionProblem> problems;
            make(values, problems);
            return problems;
        };
        policy.resolve = entry.resolve;
        axis.policies.push_back(std::move(policy));
    }
    return axis;
}

}  // namespace

const OptionInfo* PolicyInfo::find_option(std::string_view option) const {
    for (const OptionInfo& info : options) {
        if (info.name == option) {
            return &info;
        }
    }
    return nullptr;
}

const PolicyInfo* AxisInfo::find(std::string_view policy) const {
    for (const PolicyInfo& info : policies) {
        if (info.name == policy) {
            return &info;
        }
    }
    return nullptr;
}

const BrokenPolicy* AxisInfo::find_broken(std::string_view policy) const {
    for (const BrokenPolicy& info : broken) {
        if (info.name == policy) {
            return &info;
        }
    }
    return nullptr;
}

std::vector<std::string> AxisInfo::policy_names() const {
    std::vector<std::string> names;
    for (const PolicyInfo& info : policies) {
        names.push_back(info.name);
    }
    return names;
}

std::vector<AxisInfo> describe_axes(const Registry& registry) {
    return {describe_axis("memtable", registry.memtable()),
            describe_axis("bloom", registry.bloom()), describe_axis("filter", registry.filter()),
            describe_axis("format", registry.format()),
            describe_axis("compaction", registry.compaction())};
}

}  // namespace lsm::experiment
