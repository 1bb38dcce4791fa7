#include <algorithm>
#include <cmath>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "framework/base/error.hpp"
#include "framework/base/text.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/cli/policy_page.hpp"
#include "framework/experiment/read_context.hpp"
#include "framework/experiment/settings.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

using experiment::AxisInfo;
using experiment::PolicyInfo;
using Json = nlohmann::ordered_json;

using Rows = std::vector<std::vector<std::string>>;

void add_option(Rows& rows, const OptionInfo& info) {
    rows.push_back({"    " + info.name, info.default_text, range_text(info), info.about});
    if (!info.choices.empty()) {
        rows.push_back({"", "", "", "(" + join(info.choices) + ")"});
    }
}

void print_axis(const AxisInfo& axis) {
    const bool colour = wants_colour(Stream::output);
    std::cout << (colour ? "\x1b[1m" : "") << "tree." << axis.name << (colour ? "\x1b[0m" : "")
              << "\n";
    Rows rows;
    for (const PolicyInfo& policy : axis.policies) {
        const bool is_default = policy.name == axis.default_policy;
        rows.push_back({"  " + policy.name, is_default ? "(default)" : "", "", policy.about});
        if (policy.mapping) {
            for (const auto& [primitive, words] : mapping_rows(*policy.mapping)) {
                rows.push_back({"    = " + primitive, "", "", words});
            }
        }
        for (const OptionInfo& info : policy.options) {
            add_option(rows, info);
        }
    }
    const experiment::Section* section = experiment::find_section("tree." + axis.name);
    if (section != nullptr && !section->own.empty()) {
        rows.push_back({"  with any of them", "", "", ""});
        for (const auto& field : section->own) {
            add_option(rows, field.info);
        }
    }
    std::cout << report::terminal_table({"  policy, option", "default", "range", "about"}, rows,
                                        colour);
    for (const BrokenPolicy& broken : axis.broken) {
        std::cout << fmt::format("  {}: left out, {} does not compile:\n", broken.name,
                                 broken.header);
        for (const std::string& line : split(broken.error, '\n')) {
            std::cout << "      " << line << "\n";
        }
    }
    std::cout << "\n";
}

Json option_json(const OptionInfo& info) {
    Json json = {{"name", info.name}, {"type", option_type_name(info.type)}};
    if (!info.choices.empty()) {
        json["choices"] = info.choices;
    } else if (info.type != OptionType::flag) {
        json["minimum"] = info.range.minimum;
        if (std::isfinite(info.range.maximum)) {
            json["maximum"] = info.range.maximum;
        }
    }
    json["unit"] = info.unit;
    json["default"] = info.default_text;
    json["about"] = info.about;
    return json;
}

Json axis_json(const AxisInfo& axis) {
    Json policies = Json::array(), broken = Json::array(), own = Json::array();
    for (const PolicyInfo& policy : axis.policies) {
        Json options = Json::array();
        for (const OptionInfo& info : policy.options) {
            options.push_back(option_json(info));
        }
        Json json = {{"name", policy.name},
                     {"about", policy.about},
                     {"header", policy.header},
                     {"default", policy.name == axis.default_policy},
                     {"options", options}};
        if (policy.mapping) {
            for (const auto& [primitive, words] : mapping_rows(*policy.mapping)) {
                json["primitives"][primitive] = words;
            }
        }
        policies.push_back(std::move(json));
    }
    for (const BrokenPolicy& one : axis.broken) {
        broken.push_back({{"name", one.name}, {"header", one.header}, {"error", one.error}});
    }
    if (const auto* section = experiment::find_section("tree." + axis.name)) {
        for (const auto& field : section->own) {
            own.push_back(option_json(field.info));
        }
    }
    return {{"axis", axis.name}, {"policies", policies}, {"settings", own}, {"broken", broken}};
}

}  // namespace

int policies_verb(const Arguments& arguments) {
    options::options_description known("options");
    known.add_options()("json", "print JSON, for programs")(
        "markdown", "print the reference page of the documentation");
    const auto values = read_arguments("policies", known, arguments, "axis");
    if (!values) {
        return kDone;
    }
    const auto context = experiment::make_read_context(posix_file_system(), "");
    std::vector<std::string> wanted, names;
    for (const AxisInfo& axis : context.axes) {
        names.push_back(axis.name);
    }
    if (values->contains("axis")) {
        wanted = (*values)["axis"].as<std::vector<std::string>>();
    }
    for (const std::string& name : wanted) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            const auto guess = closest_match(name, names);
            throw Error(
                ErrorKind::usage,
                "there is no axis " + name + (guess ? "; did you mean " + *guess + "?" : ""), {},
                "axes are " + join(names));
        }
    }
    if (values->contains("markdown")) std::cout << policy_page_head();
    Json json = Json::array();
    for (const AxisInfo& axis : context.axes) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), axis.name) == wanted.end()) {
            continue;
        }
        if (values->contains("json")) {
            json.push_back(axis_json(axis));
        } else if (values->contains("markdown")) {
            std::cout << axis_page(axis);
        } else {
            print_axis(axis);
        }
    }
    if (values->contains("json")) {
        std::cout << json.dump(2) << "\n";
    }
    return kDone;
}

}  // namespace lsm::cli
