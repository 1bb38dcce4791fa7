// The name of a policy that a program names as a type: what YAML would call it, so that tables say
// the same whoever writes them, a tree of YAML or one of types.
//
// In this order: `static constexpr std::string_view name` of the policy, where it has one; for a
// type `lsm::<axis>::CamelCase`, as the house's rule for headers has it, the type's name in
// snake_case; else the type as the compiler spells it, with its namespaces. The last one may differ
// between compilers for templates and for types without a namespace of their own: a policy whose
// tables should outlive its compiler has a `name`.
#pragma once

#include <string>
#include <string_view>

#include "framework/base/error.hpp"
#include "framework/policy/options.hpp"

namespace lsm {

namespace detail {

/// The type as the compiler spells it.
template <class Policy>
constexpr std::string_view spelled_type() {
    // GCC: "... [with Policy = lsm::bloom::None; ...]", Clang: "... [Policy = lsm::bloom::None]".
    constexpr std::string_view text = __PRETTY_FUNCTION__;
    constexpr std::string_view before = "Policy = ";
    constexpr size_t begin = text.find(before) + before.size();
    constexpr size_t semicolon = text.find(';', begin);
    return text.substr(begin, (semicolon < text.size() ? semicolon : text.rfind(']')) - begin);
}

/// "lsm::format::RowBlock": "row_block"; other types as they are.
std::string name_of_type(std::string_view spelled);

}  // namespace detail

template <class Policy>
std::string policy_name() {
    if constexpr (requires { std::string_view(Policy::name); }) {
        return std::string(std::string_view(Policy::name));
    } else {
        return detail::name_of_type(detail::spelled_type<Policy>());
    }
}

/// Throws Error(config) with policy, option, value and range when the options are not what their
/// table declares. Those of a policy without a table pass.
template <class Policy>
void require_valid_options(const typename Policy::Options& options) {
    if constexpr (requires { Policy::Options::table(); }) {
        for (const OptionProblem& problem : check_options(options)) {
            const std::string where = problem.option.empty() ? "" : "`" + problem.option + "`: ";
            throw Error(ErrorKind::config,
                        "options of `" + policy_name<Policy>() + "`: " + where + problem.message);
        }
    }
}

}  // namespace lsm
