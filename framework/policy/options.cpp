#include "framework/policy/options.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/base/text.hpp"

namespace lsm {

namespace {

bool is_list_type(OptionType type) {
    return type == OptionType::size_list || type == OptionType::count_list ||
           type == OptionType::real_list || type == OptionType::choice_list;
}

bool is_size(OptionType type) { return type == OptionType::size || type == OptionType::size_list; }

bool is_whole(OptionType type) {
    return type == OptionType::count || type == OptionType::count_list;
}

std::string exact_size(uint64_t bytes) {
    std::string text = format_size(bytes);
    return parse_size(text) == bytes ? text : format_number(bytes) + " B";
}

/// A bound of a range as a person would write it.
std::string bound_text(const OptionInfo& info, double bound) {
    if (!is_size(info.type)) return format_number(bound);
    return exact_size(bound >= 0x1p63 ? uint64_t{1} << 63 : static_cast<uint64_t>(bound));
}

/// " from 2 to 100", " of at least 1", or nothing.
std::string range_text(const OptionInfo& info) {
    const bool above = std::isfinite(info.range.minimum);
    const bool below = std::isfinite(info.range.maximum);
    std::string text;
    if (above && below) {
        text = " from " + bound_text(info, info.range.minimum) + " to " +
               bound_text(info, info.range.maximum);
    } else if (above) {
        text = " of at least " + bound_text(info, info.range.minimum);
    } else if (below) {
        text = " of at most " + bound_text(info, info.range.maximum);
    }
    if (!is_size(info.type) && !info.unit.empty()) text += " " + info.unit;
    return text;
}

/// "bypass or write_then_spill"
std::string choices_text(const std::vector<std::string>& choices) {
    std::string text;
    for (size_t i = 0; i < choices.size(); ++i) {
        if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
        text += choices[i];
    }
    return text;
}

/// What one value of the option, or one item of its list, looks like.
std::string expected_item(const OptionInfo& info) {
    switch (info.type) {
        case OptionType::size:
        case OptionType::size_list:
            return "a size" + range_text(info);
        case OptionType::count:
        case OptionType::count_list:
            return "a whole number" + range_text(info);
        case OptionType::real:
        case OptionType::real_list:
            return "a number" + range_text(info);
        case OptionType::flag:
            return "true or false";
        case OptionType::choice:
        case OptionType::choice_list:
            return choices_text(info.choices);
    }
    return "another value";
}

std::string wrong(const OptionInfo& info, const std::string& got) {
    const std::string each = is_list_type(info.type) ? "a list, each item " : "";
    return "expected " + each + expected_item(info) + ", got " + (got.empty() ? "nothing" : got);
}

std::optional<std::string> read_item(const OptionInfo& info, const std::string& text, double& out) {
    const auto value = parse_real(text);
    if (!value || !(*value >= info.range.minimum && *value <= info.range.maximum)) {
        return wrong(info, text);
    }
    out = *value;
    return {};
}

std::optional<std::string> read_item(const OptionInfo& info, const std::string& text,
                                     uint64_t& out) {
    const auto value = is_whole(info.type) ? parse_count(text, info.unit) : parse_size(text);
    if (!value) return wrong(info, text);
    const auto real = static_cast<double>(*value);
    if (!(real >= info.range.minimum && real <= info.range.maximum)) return wrong(info, text);
    out = *value;
    return {};
}

std::optional<std::string> read_item(const OptionInfo& info, const std::string& text, bool& out) {
    if (text != "true" && text != "false") return wrong(info, text);
    out = text == "true";
    return {};
}

std::optional<std::string> read_item(const OptionInfo& info, const std::string& text,
                                     std::string& out) {
    if (std::find(info.choices.begin(), info.choices.end(), text) == info.choices.end()) {
        const auto guess = closest_match(text, info.choices);
        return wrong(info, text) + (guess ? "; did you mean " + *guess + "?" : "");
    }
    out = text;
    return {};
}

template <class Item>
std::optional<std::string> read_scalar(const OptionInfo& info, const OptionValue& value,
                                       Item& out) {
    if (value.is_list || value.items.size() > 1) return wrong(info, "a list");
    return read_item(info, value.items.empty() ? std::string() : value.items.front(), out);
}

/// A scalar stands for a list of one.
template <class Item>
std::optional<std::string> read_list(const OptionInfo& info, const OptionValue& value,
                                     std::vector<Item>& out) {
    std::vector<Item> items;
    for (const std::string& text : value.items) {
        Item item{};
        if (auto problem = read_item(info, text, item)) return problem;
        items.push_back(std::move(item));
    }
    out = std::move(items);
    return {};
}

template <class Item>
std::string list_text(const OptionInfo& info, const std::vector<Item>& items) {
    std::string text = "[";
    for (size_t i = 0; i < items.size(); ++i) {
        if (i > 0) text += ", ";
        text += option_text(info, items[i]);
    }
    return text + "]";
}

/// Also false for what is no number.
bool in_range(const OptionInfo& info, double value) {
    return value >= info.range.minimum && value <= info.range.maximum;
}

}  // namespace

const char* option_type_name(OptionType type) {
    switch (type) {
        case OptionType::size:
            return "size";
        case OptionType::count:
            return "count";
        case OptionType::real:
            return "real";
        case OptionType::flag:
            return "flag";
        case OptionType::choice:
            return "choice";
        case OptionType::size_list:
            return "list of sizes";
        case OptionType::count_list:
            return "list of counts";
        case OptionType::real_list:
            return "list of reals";
        case OptionType::choice_list:
            return "list of choices";
    }
    return "unknown";
}

std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        double& out) {
    return read_scalar(info, value, out);
}

std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        uint64_t& out) {
    return read_scalar(info, value, out);
}

std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        bool& out) {
    return read_scalar(info, value, out);
}

std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        std::string& out) {
    return read_scalar(info, value, out);
}

std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        std::vector<double>& out) {
    return read_list(info, value, out);
}

std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        std::vector<uint64_t>& out) {
    return read_list(info, value, out);
}

std::optional<std::string> parse_option(const OptionInfo& info, const OptionValue& value,
                                        std::vector<std::string>& out) {
    std::vector<std::string> words;
    if (auto problem = read_list(info, value, words)) return problem;
    for (size_t i = 0; i < words.size() && !info.may_repeat; ++i) {
        if (std::find(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i), words[i]) !=
            words.begin() + static_cast<std::ptrdiff_t>(i)) {
            return "expected each of " + choices_text(info.choices) + " at most once, got " +
                   words[i] + " twice";
        }
    }
    out = std::move(words);
    return {};
}

std::optional<std::string> check_option(const OptionInfo& info, double value) {
    if (std::isfinite(value) && in_range(info, value)) return {};
    return wrong(info, std::isnan(value) ? "nan" : format_number(value));
}

std::optional<std::string> check_option(const OptionInfo& info, uint64_t value) {
    if (in_range(info, static_cast<double>(value))) return {};
    return wrong(info, option_text(info, value));
}

std::optional<std::string> check_option(const OptionInfo&, bool) { return {}; }

std::optional<std::string> check_option(const OptionInfo& info, const std::string& value) {
    const auto& words = info.choices;
    if (std::find(words.begin(), words.end(), value) != words.end()) return {};
    return wrong(info, value);
}

std::string option_text(const OptionInfo&, double value) { return format_number(value); }

std::string option_text(const OptionInfo& info, uint64_t value) {
    return is_size(info.type) ? exact_size(value) : format_number(value);
}

std::string option_text(const OptionInfo&, bool value) { return value ? "true" : "false"; }

std::string option_text(const OptionInfo&, const std::string& value) { return value; }

std::string option_text(const OptionInfo& info, const std::vector<double>& value) {
    return list_text(info, value);
}

std::string option_text(const OptionInfo& info, const std::vector<uint64_t>& value) {
    return list_text(info, value);
}

std::string option_text(const OptionInfo& info, const std::vector<std::string>& value) {
    return list_text(info, value);
}

}  // namespace lsm
