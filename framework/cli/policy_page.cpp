#include "framework/cli/policy_page.hpp"

#include <cmath>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/base/text.hpp"
#include "framework/experiment/settings.hpp"

namespace lsm::cli {
namespace {

std::string bound_text(const OptionInfo& info, double value) {
    const bool is_size = info.type == OptionType::size || info.type == OptionType::size_list;
    return is_size ? format_size(static_cast<uint64_t>(value)) : format_number(value);
}

void add_row(std::string& page, const OptionInfo& info) {
    std::string about = info.about;
    if (!info.choices.empty()) about += " (" + join(info.choices) + ")";
    page += fmt::format("| `{}` | {} | {} | {} |\n", info.name, info.default_text, range_text(info),
                        about);
}

/// How the axis' policies map onto the compaction primitives; nothing where none says it.
std::string mapping_table(const experiment::AxisInfo& axis) {
    std::string rows;
    for (const experiment::PolicyInfo& policy : axis.policies) {
        if (!policy.mapping) continue;
        rows += fmt::format("| `{}` | {} | {} | {} | {} |\n", policy.name, policy.mapping->trigger,
                            policy.mapping->layout, policy.mapping->granularity,
                            policy.mapping->movement);
    }
    if (rows.empty()) return rows;
    return "\nHow they are made of [the four primitives](guide/compaction-design-space.md):\n\n"
           "| policy | trigger | layout | granularity | movement |\n|---|---|---|---|---|\n" +
           rows;
}

void begin_table(std::string& page) {
    page += "\n| option | default | range | meaning |\n|---|---|---|---|\n";
}

}  // namespace

std::string range_text(const OptionInfo& info) {
    if (!info.choices.empty() || info.type == OptionType::flag) {
        return {};
    }
    const bool is_size = info.type == OptionType::size || info.type == OptionType::size_list;
    const std::string unit = is_size || info.unit.empty() ? "" : " " + info.unit;
    if (std::isinf(info.range.maximum)) {
        return "at least " + bound_text(info, info.range.minimum) + unit;
    }
    return bound_text(info, info.range.minimum) + " to " + bound_text(info, info.range.maximum) +
           unit;
}

std::vector<std::pair<std::string, std::string>> mapping_rows(const Mapping& mapping) {
    return {{"trigger", std::string(mapping.trigger)},
            {"layout", std::string(mapping.layout)},
            {"granularity", std::string(mapping.granularity)},
            {"movement", std::string(mapping.movement)}};
}

std::string policy_page_head() {
    return "# Policies\n\nEvery policy with its options, as `./lab policies --markdown` prints "
           "them "
           "from the policies' own declarations.\n";
}

std::string axis_page(const experiment::AxisInfo& axis) {
    std::string page = fmt::format("\n## tree.{}\n", axis.name);
    const experiment::Section* section = experiment::find_section("tree." + axis.name);
    if (section != nullptr && !section->own.empty()) {
        page += "\nWith any of them:\n";
        begin_table(page);
        for (const auto& field : section->own) add_row(page, field.info);
    }
    page += mapping_table(axis);
    for (const experiment::PolicyInfo& policy : axis.policies) {
        page += fmt::format("\n### {}\n\n{}{}. [{}](../{})\n", policy.name, policy.about,
                            policy.name == axis.default_policy ? " (the default)" : "",
                            policy.header, policy.header);
        if (policy.options.empty()) continue;
        begin_table(page);
        for (const OptionInfo& info : policy.options) add_row(page, info);
    }
    return page;
}

}  // namespace lsm::cli
