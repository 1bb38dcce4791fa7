// How a policy declares its options, once: a plain struct with defaults, and a table that gives
// each field its name, unit, range and one line of meaning. From the table come YAML parsing, range
// errors, `lab policies`, the docs' reference and the JSON Schema.
//
//     struct Options {
//         double size_ratio = 10;
//         static OptionTable<Options> table() {
//             return {option("size_ratio", &Options::size_ratio, {2, 100}, "", "how much larger
//             each level is")};
//         }
//     };
//
// A struct may also have `std::vector<OptionProblem> problems() const`, for settings that
// contradict each other: all reasons, each at the option that is to be changed. Or, where no option
// is more to blame than the others, `std::optional<std::string> problem() const`.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lsm {

/// An option as it stands in YAML: a scalar's text, or a list of them.
struct OptionValue {
    std::vector<std::string> items;
    bool is_list = false;
};
using OptionValues = std::map<std::string, OptionValue>;  // by option name

/// What is wrong with one option; `option` is empty when several together are wrong, and none is
/// the one to be changed.
struct OptionProblem {
    std::string option;
    std::string message;
};

enum class OptionType {
    size,
    count,
    real,
    flag,
    choice,
    size_list,
    count_list,
    real_list,
    choice_list
};

/// Inclusive, in the option's unit.
struct OptionRange {
    double minimum = 0;
    double maximum = std::numeric_limits<double>::infinity();
};

/// What can be told about an option without its type: for listings, schema and docs.
struct OptionInfo {
    std::string name;
    OptionType type = OptionType::count;
    OptionRange range;
    std::vector<std::string> choices;  // of a choice
    std::string unit;
    std::string about;
    std::string default_text;  // as one would write it in YAML
    bool may_repeat = false;   // a list of choices that may name one several times
};

const char* option_type_name(OptionType type);

/// Reads `value` as the option; nothing wrong gives no text, else what was expected, with range and
/// unit.
std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        double& out);
std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        uint64_t& out);
std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        bool& out);
std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        std::string& out);
std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        std::vector<double>& out);
std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        std::vector<uint64_t>& out);
std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        std::vector<std::string>& out);

/// The same for a value that a program set: nothing when it is in the option's range.
std::optional<std::string> check_option(const OptionInfo& info, double value);
std::optional<std::string> check_option(const OptionInfo& info, uint64_t value);
std::optional<std::string> check_option(const OptionInfo& info, bool value);
std::optional<std::string> check_option(const OptionInfo& info, const std::string& value);

std::string option_text(const OptionInfo& info, double value);
std::string option_text(const OptionInfo& info, uint64_t value);
std::string option_text(const OptionInfo& info, bool value);
std::string option_text(const OptionInfo& info, const std::string& value);
std::string option_text(const OptionInfo& info, const std::vector<double>& value);
std::string option_text(const OptionInfo& info, const std::vector<uint64_t>& value);
std::string option_text(const OptionInfo& info, const std::vector<std::string>& value);

/// Of a list: of each item.
template <class Item>
std::optional<std::string> check_option(const OptionInfo& info, const std::vector<Item>& values) {
    for (const Item& item : values) {
        if (auto problem = check_option(info, item)) return problem;
    }
    return {};
}

/// One row of a table: the option, and how to read, print and check the field that holds it.
template <class Options>
struct OptionField {
    OptionInfo info;
    std::function<std::optional<std::string>(Options&, const OptionValue&)> parse;
    std::function<std::string(const Options&)> print;
    std::function<std::optional<std::string>(const Options&)> check = {};
};

template <class Options>
using OptionTable = std::vector<OptionField<Options>>;

namespace detail {
template <class Options, class Field>
OptionField<Options> make_field(OptionInfo info, Field Options::* member) {
    info.default_text = option_text(info, Options{}.*member);
    return {info,
            [info, member](Options& options, const OptionValue& value) {
                return parse_option(info, value, options.*member);
            },
            [info, member](const Options& options) { return option_text(info, options.*member); },
            [info, member](const Options& options) { return check_option(info, options.*member); }};
}
}  // namespace detail

/// A real number.
template <class Options>
OptionField<Options> option(std::string name, double Options::* member, OptionRange range,
                            std::string unit, std::string about) {
    return detail::make_field(
        OptionInfo{
            std::move(name), OptionType::real, range, {}, std::move(unit), std::move(about), {}},
        member);
}

/// A whole number.
template <class Options>
OptionField<Options> option(std::string name, uint64_t Options::* member, OptionRange range,
                            std::string unit, std::string about) {
    return detail::make_field(
        OptionInfo{
            std::move(name), OptionType::count, range, {}, std::move(unit), std::move(about), {}},
        member);
}

/// A size in bytes, written as people write sizes.
template <class Options>
OptionField<Options> size_option(std::string name, uint64_t Options::* member, OptionRange range,
                                 std::string about) {
    return detail::make_field(
        OptionInfo{std::move(name), OptionType::size, range, {}, "bytes", std::move(about), {}},
        member);
}

/// true or false.
template <class Options>
OptionField<Options> option(std::string name, bool Options::* member, std::string about) {
    return detail::make_field(
        OptionInfo{std::move(name), OptionType::flag, {}, {}, "", std::move(about), {}}, member);
}

/// One of a few words.
template <class Options>
OptionField<Options> choice_option(std::string name, std::string Options::* member,
                                   std::vector<std::string> choices, std::string about) {
    return detail::make_field(
        OptionInfo{
            std::move(name), OptionType::choice, {}, std::move(choices), "", std::move(about), {}},
        member);
}

/// An ordered list of words; each at most once.
template <class Options>
OptionField<Options> choice_list_option(std::string name,
                                        std::vector<std::string> Options::* member,
                                        std::vector<std::string> choices, std::string about) {
    return detail::make_field(OptionInfo{std::move(name),
                                         OptionType::choice_list,
                                         {},
                                         std::move(choices),
                                         "",
                                         std::move(about),
                                         {}},
                              member);
}

/// A list of words that go with those of another list, place by place; each as often as needed.
template <class Options>
OptionField<Options> choice_per_place_option(std::string name,
                                             std::vector<std::string> Options::* member,
                                             std::vector<std::string> choices, std::string about) {
    return detail::make_field(OptionInfo{std::move(name),
                                         OptionType::choice_list,
                                         {},
                                         std::move(choices),
                                         "",
                                         std::move(about),
                                         {},
                                         true},
                              member);
}

/// A list of whole numbers.
template <class Options>
OptionField<Options> list_option(std::string name, std::vector<uint64_t> Options::* member,
                                 OptionRange range, std::string unit, std::string about) {
    return detail::make_field(OptionInfo{std::move(name),
                                         OptionType::count_list,
                                         range,
                                         {},
                                         std::move(unit),
                                         std::move(about),
                                         {}},
                              member);
}

/// A list of real numbers.
template <class Options>
OptionField<Options> list_option(std::string name, std::vector<double> Options::* member,
                                 OptionRange range, std::string unit, std::string about) {
    return detail::make_field(OptionInfo{std::move(name),
                                         OptionType::real_list,
                                         range,
                                         {},
                                         std::move(unit),
                                         std::move(about),
                                         {}},
                              member);
}

namespace detail {
/// What is wrong with options that are right one by one.
template <class Options>
std::vector<OptionProblem> contradictions(const Options& options) {
    if constexpr (requires { options.problems(); }) {
        return options.problems();
    } else if constexpr (requires { options.problem(); }) {
        if (auto wrong = options.problem()) return {{"", *wrong}};
    }
    return {};
}
}  // namespace detail

template <class Options>
std::vector<OptionInfo> describe_options() {
    std::vector<OptionInfo> infos;
    for (const auto& field : Options::table()) infos.push_back(field.info);
    return infos;
}

/// Fills a struct from YAML's values. All problems are reported; unknown names are problems too.
template <class Options>
Options read_options(const OptionValues& values, std::vector<OptionProblem>& problems) {
    Options options;
    OptionValues left = values;
    for (const auto& field : Options::table()) {
        const auto found = left.find(field.info.name);
        if (found == left.end()) continue;
        if (auto wrong = field.parse(options, found->second))
            problems.push_back({field.info.name, *wrong});
        left.erase(found);
    }
    for (const auto& [name, value] : left)
        problems.push_back({name, "is not an option of this policy"});
    if (problems.empty()) problems = detail::contradictions(options);
    return options;
}

/// What is wrong with a struct that a program filled in: all options out of their range or, where
/// there are none, what problems() or problem() says.
template <class Options>
std::vector<OptionProblem> check_options(const Options& options) {
    std::vector<OptionProblem> problems;
    for (const auto& field : Options::table()) {
        if (!field.check) continue;
        if (auto wrong = field.check(options)) problems.push_back({field.info.name, *wrong});
    }
    return problems.empty() ? detail::contradictions(options) : problems;
}

/// Every option with its value, as text.
template <class Options>
std::vector<std::pair<std::string, std::string>> print_options(const Options& options) {
    std::vector<std::pair<std::string, std::string>> texts;
    for (const auto& field : Options::table())
        texts.emplace_back(field.info.name, field.print(options));
    return texts;
}

}  // namespace lsm
