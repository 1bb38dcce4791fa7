// The five policy axes without their types: what reading an experiment, the schema and the listings
// need to know about every policy. Made from the registry, which keeps one typed list per axis.
// Plain data with functions that may be called from any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/policy/options.hpp"
#include "framework/policy/registry.hpp"

namespace lsm::experiment {

struct PolicyInfo {
    std::string name;
    std::string about;
    std::string header;
    std::vector<OptionInfo> options;
    std::optional<Mapping> mapping;  ///< onto the compaction primitives
    /// What is wrong with these values of the policy's options.
    std::function<std::vector<OptionProblem>(const OptionValues&)> check;
    /// Every option with its value, defaults filled in, as text.
    std::function<std::vector<std::pair<std::string, std::string>>(const OptionValues&)> resolve;

    const OptionInfo* find_option(std::string_view option) const;
};

struct AxisInfo {
    std::string name;  ///< "memtable", ...
    std::vector<PolicyInfo> policies;
    std::vector<BrokenPolicy> broken;
    std::string default_policy;  ///< where an experiment names none; empty: it must name one

    const PolicyInfo* find(std::string_view policy) const;
    const BrokenPolicy* find_broken(std::string_view policy) const;
    std::vector<std::string> policy_names() const;
};

/// All axes, in the order in which they stand in an experiment.
std::vector<AxisInfo> describe_axes(const Registry& registry);

}  // namespace lsm::experiment
