// Every policy by axis and name. The build generates one source file per policy header, which adds
// it here, and register_all_policies, which calls those by name; a header that does not compile
// adds itself as broken. The framework asks the registry for names that came from YAML and knows
// none itself.
//
// Filled once before use; afterwards read by any thread.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "framework/policy/bloom.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/filter.hpp"
#include "framework/policy/format.hpp"
#include "framework/policy/memtable.hpp"
#include "framework/policy/options.hpp"

namespace lsm {

/// A policy of the axis whose eraser is Any.
template <class Any>
struct PolicyEntry {
    std::string name;
    std::string about;
    std::string header;  // path from the repository's root, or as given for outside headers
    std::vector<OptionInfo> options;
    std::optional<Mapping> mapping;  // onto the compaction primitives, where the policy says it
    /// Options of an eraser that behaves as this policy with these values; problems are appended.
    std::function<typename Any::Options(const OptionValues&, std::vector<OptionProblem>&)> make;
    /// Every option of the policy with its value, defaults filled in, as text.
    std::function<std::vector<std::pair<std::string, std::string>>(const OptionValues&)> resolve;
};

struct BrokenPolicy {
    std::string name;
    std::string header;
    std::string error;  // the compiler's first lines
};

template <class Any>
class AxisRegistry {
  public:
    /// Adds policy P under the name that YAML uses.
    template <class P>
    void add(std::string name, std::string header);

    void add_broken(std::string name, std::string header, std::string error) {
        broken_.push_back({std::move(name), std::move(header), std::move(error)});
    }

    const PolicyEntry<Any>* find(std::string_view name) const {
        for (const auto& policy : policies_) {
            if (policy.name == name) return &policy;
        }
        return nullptr;
    }

    /// By name, ascending.
    const std::vector<PolicyEntry<Any>>& policies() const { return policies_; }
    const std::vector<BrokenPolicy>& broken() const { return broken_; }

  private:
    std::vector<PolicyEntry<Any>> policies_;
    std::vector<BrokenPolicy> broken_;
};

template <class Any>
template <class P>
void AxisRegistry<Any>::add(std::string name, std::string header) {
    PolicyEntry<Any> entry;
    entry.name = name;
    entry.about = std::string(P::about);
    entry.header = std::move(header);
    entry.options = describe_options<typename P::Options>();
    if constexpr (requires { P::mapping; }) entry.mapping = P::mapping;
    entry.make = [name](const OptionValues& values, std::vector<OptionProblem>& problems) {
        const auto options = read_options<typename P::Options>(values, problems);
        if constexpr (std::is_same_v<Any, AnyFormat>) {
            return Any::template of<P>(options, name);
        } else {
            return Any::template of<P>(options);
        }
    };
    entry.resolve = [](const OptionValues& values) {
        std::vector<OptionProblem> problems;
        return print_options(read_options<typename P::Options>(values, problems));
    };
    const auto place = std::lower_bound(
        policies_.begin(), policies_.end(), entry,
        [](const auto& left, const auto& right) { return left.name < right.name; });
    policies_.insert(place, std::move(entry));
}

class Registry {
  public:
    AxisRegistry<AnyMemtable>& memtable() { return memtable_; }
    AxisRegistry<AnyBloomSizing>& bloom() { return bloom_; }
    AxisRegistry<AnyFilter>& filter() { return filter_; }
    AxisRegistry<AnyFormat>& format() { return format_; }
    AxisRegistry<AnyCompaction>& compaction() { return compaction_; }
    const AxisRegistry<AnyMemtable>& memtable() const { return memtable_; }
    const AxisRegistry<AnyBloomSizing>& bloom() const { return bloom_; }
    const AxisRegistry<AnyFilter>& filter() const { return filter_; }
    const AxisRegistry<AnyFormat>& format() const { return format_; }
    const AxisRegistry<AnyCompaction>& compaction() const { return compaction_; }

  private:
    AxisRegistry<AnyMemtable> memtable_;
    AxisRegistry<AnyBloomSizing> bloom_;
    AxisRegistry<AnyFilter> filter_;
    AxisRegistry<AnyFormat> format_;
    AxisRegistry<AnyCompaction> compaction_;
};

/// Adds all policies that the build found. Defined by a generated source file.
void register_all_policies(Registry& registry);

/// The process's registry with all policies in it.
inline const Registry& all_policies() {
    static const Registry registry = [] {
        Registry made;
        register_all_policies(made);
        return made;
    }();
    return registry;
}

}  // namespace lsm
