// Forms of options that phases need beside those of framework/policy/options.hpp: ones that are
// inherited from the phase before, that are silent where they do not apply, lists that may be a
// single value, and weights that may be written as counts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/policy/options.hpp"
#include "workloads/phase.hpp"

namespace lsm::workloads {

/// The option says nothing by itself: what it is comes from the phase before.
template <class P>
OptionField<P> inherited(OptionField<P> field) {
    field.info.default_text.clear();
    return field;
}

/// Prints as nothing while it has its default, unless it was written: most phases have no use for
/// it.
template <class P>
OptionField<P> silent(OptionField<P> field) {
    auto parse = field.parse;
    auto print = field.print;
    const std::string name = field.info.name;
    const std::string unsaid = print(P{});
    field.parse = [parse, name](P& phase, const OptionValue& value) {
        phase.written.push_back(name);
        return parse(phase, value);
    };
    field.print = [print, name, unsaid](const P& phase) {
        const std::string text = print(phase);
        const auto& written = phase.written;
        const bool said = std::find(written.begin(), written.end(), name) != written.end();
        return said || text != unsaid ? text : std::string();
    };
    return field;
}

/// A list that may be written without brackets when it has one item, and is printed so.
template <class P>
OptionField<P> scalar_or_list(OptionField<P> field, std::vector<uint64_t> Phase::* member) {
    auto parse = field.parse;
    auto print = field.print;
    field.parse = [parse](P& phase, const OptionValue& value) {
        OptionValue list = value;
        list.is_list = true;
        return parse(phase, list);
    };
    field.print = [print, member](const P& phase) {
        const std::string text = print(phase);
        const bool one = (phase.*member).size() == 1 && text.size() > 2 && text.front() == '[';
        return one ? text.substr(1, text.size() - 2) : text;
    };
    return field;
}

template <class P>
OptionField<P> size_list_option(std::string name, std::vector<uint64_t> Phase::* member,
                                OptionRange range, std::string about) {
    OptionInfo info{std::move(name), OptionType::size_list, range, {},
                    "bytes",         std::move(about),      {}};
    return lsm::detail::make_field<P, std::vector<uint64_t>>(std::move(info), member);
}

template <class P>
OptionField<P> real_list_option(std::string name, std::vector<double> Phase::* member,
                                OptionRange range, std::string about) {
    OptionInfo info{std::move(name), OptionType::real_list, range, {}, "", std::move(about), {}};
    return lsm::detail::make_field<P, std::vector<double>>(std::move(info), member);
}

/// Text without a list of what it may be.
template <class P>
OptionField<P> text_option(std::string name, std::string Phase::* member, std::string about) {
    OptionInfo info{std::move(name), OptionType::choice, {}, {}, "", std::move(about), {}};
    return {info,
            [member](P& phase, const OptionValue& value) -> std::optional<std::string> {
                if (value.is_list || value.items.size() != 1 || value.items.front().empty())
                    return "expected one text";
                phase.*member = value.items.front();
                return std::nullopt;
            },
            [member](const P& phase) { return phase.*member; }};
}

inline constexpr double kMaxWeight = 1e9;

/// A share in any unit, or a count such as 10k.
template <class P>
OptionField<P> weight(std::string name, double Phase::* member, std::string about) {
    auto field = option<P>(std::move(name), member, {0, kMaxWeight}, "", std::move(about));
    auto parse = field.parse;
    field.parse = [parse](P& phase, const OptionValue& value) {
        if (value.is_list || value.items.size() != 1 || parse_real(value.items.front()))
            return parse(phase, value);
        const auto count = parse_count(value.items.front(), "operations");
        return count ? parse(phase, {{format_number(*count)}, false}) : parse(phase, value);
    };
    return field;
}

}  // namespace lsm::workloads
