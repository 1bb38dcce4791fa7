#include "framework/experiment/schema.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/experiment/device.hpp"
#include "framework/experiment/settings.hpp"
#include "workloads/phase.hpp"

namespace lsm::experiment {
namespace {

using Json = nlohmann::ordered_json;

Json object(Json properties) {
    return {
        {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

/// A size or a count is a number or a text such as "64 MiB".
Json number_or_text(const char* number) { return {{"type", Json::array({number, "string"})}}; }

constexpr const char* kNumberWithUnit = "^[0-9][0-9._]*([eE][0-9]+)?( ?[A-Za-z]+)?( [a-z]+)?$";

std::string range_text(const OptionInfo& info) {
    const bool is_size = info.type == OptionType::size || info.type == OptionType::size_list;
    const auto bound = [&](double value) {
        return is_size ? format_size(static_cast<uint64_t>(value)) : format_number(value);
    };
    const std::string unit = is_size || info.unit.empty() ? "" : " " + info.unit;
    if (std::isinf(info.range.maximum)) {
        return "at least " + bound(info.range.minimum) + unit;
    }
    return bound(info.range.minimum) + " to " + bound(info.range.maximum) + unit;
}

std::string description(const OptionInfo& info) {
    std::string text = info.about;
    const bool has_range = info.type != OptionType::flag && info.type != OptionType::choice &&
                           info.type != OptionType::choice_list;
    if (has_range) {
        text += " (" + range_text(info) + ")";
    }
    if (!info.default_text.empty()) {
        text += "; default " + info.default_text;
    }
    return text;
}

Json value_schema(const OptionInfo& info) {
    switch (info.type) {
        case OptionType::size:
        case OptionType::count: {
            Json either = number_or_text("number");
            either["minimum"] = info.range.minimum;
            either["pattern"] = kNumberWithUnit;
            return either;
        }
        case OptionType::real:
            return {{"type", "number"}, {"minimum", info.range.minimum}};
        case OptionType::flag:
            return {{"type", "boolean"}};
        case OptionType::choice:
            if (info.choices.empty()) return {{"type", "string"}};
            return {{"enum", info.choices}};
        case OptionType::choice_list:
            return {
                {"anyOf", Json::array({{{"enum", info.choices}},
                                       {{"type", "array"}, {"items", {{"enum", info.choices}}}}})}};
        case OptionType::size_list:
        case OptionType::count_list:
            return {{"type", Json::array({"array", "number", "string"})},
                    {"items", number_or_text("number")}};
        case OptionType::real_list:
            return {{"type", Json::array({"array", "number"})}, {"items", {{"type", "number"}}}};
    }
    return Json::object();
}

Json option_schema(const OptionInfo& info) {
    Json schema = value_schema(info);
    const bool is_number = info.type == OptionType::real || info.type == OptionType::size ||
                           info.type == OptionType::count;
    if (is_number && std::isfinite(info.range.maximum)) {
        schema["maximum"] = info.range.maximum;
    }
    schema["description"] = description(info);
    return schema;
}

Json name_schema(const char* about) { return {{"type", "string"}, {"description", about}}; }

/// A text that may be nothing but a number, such as the figure that a paper gives.
Json text_schema() { return {{"type", Json::array({"string", "number"})}}; }

Json text_schema(const char* about) {
    Json schema = text_schema();
    schema["description"] = about;
    return schema;
}

/// All options of the axis's policies in one map; several policies may share a name.
void add_policy_options(Json& properties, const AxisInfo& axis) {
    for (const PolicyInfo& policy : axis.policies) {
        for (const OptionInfo& info : policy.options) {
            Json schema = option_schema(info);
            schema["description"] = policy.name + ": " + description(info);
            if (!properties.contains(info.name)) {
                properties[info.name] = schema;
                continue;
            }
            Json& known = properties[info.name];
            const std::string both = known["description"].get<std::string>() + "\n" +
                                     schema["description"].get<std::string>();
            Json bare = schema, bare_known = known;
            bare.erase("description");
            bare_known.erase("description");
            if (bare != bare_known) {
                known = Json::object();  // two policies mean different things: anything goes here
            }
            known["description"] = both;
        }
    }
}

Json axis_schema(const Section& section, const AxisInfo& axis) {
    Json policies = Json::array();
    for (const PolicyInfo& policy : axis.policies) {
        policies.push_back({{"const", policy.name}, {"description", policy.about}});
    }
    const Json policy = {{"oneOf", policies}, {"description", "the " + axis.name + " policy"}};
    Json properties = {{"policy", policy}};
    for (const auto& field : section.own) {
        properties[field.info.name] = option_schema(field.info);
    }
    add_policy_options(properties, axis);
    return {{"anyOf", Json::array({policy, object(properties)})}};
}

Json tree_schema(const ReadContext& context) {
    Json properties;
    for (const Section& section : tree_sections()) {
        if (section.has_axis) {
            properties[section.name] = axis_schema(section, context.axis(section.name));
            continue;
        }
        Json own;
        for (const auto& field : section.own) {
            own[field.info.name] = option_schema(field.info);
        }
        properties[section.name] = object(own);
    }
    return object(properties);
}

/// A real number that is read from "1k" as well, as weights are, may be written with a unit.
template <class Phase>
void add_phase_options(Json& properties) {
    for (const auto& field : Phase::table()) {
        Json schema = option_schema(field.info);
        Phase ignored;
        if (field.info.type == OptionType::real && !field.parse(ignored, {{"1k"}, false})) {
            schema.update(number_or_text("number"));
            schema["pattern"] = kNumberWithUnit;
        }
        properties[field.info.name] = schema;
    }
}

Json phase_schema(const ReadContext& context, workloads::PhaseKind kind) {
    Json properties;
    if (kind == workloads::PhaseKind::run) {
        Json names = Json::array();
        for (const auto& workload :
             WorkloadLibrary(*context.files, context.workload_folders).list()) {
            names.push_back({{"const", workload.name}, {"description", workload.about}});
        }
        properties["use"] = {
            {"anyOf", Json::array({Json{{"oneOf", names}}, Json{{"type", "string"}}})},
            {"description", "a named mix, workloads/<name>.yaml"}};
    }
    switch (kind) {
        case workloads::PhaseKind::load:
            add_phase_options<workloads::LoadPhase>(properties);
            break;
        case workloads::PhaseKind::run:
            add_phase_options<workloads::RunPhase>(properties);
            break;
        case workloads::PhaseKind::replay:
            add_phase_options<workloads::ReplayPhase>(properties);
            break;
    }
    return object(properties);
}

Json workload_schema(const ReadContext& context) {
    Json kinds = Json::array();
    for (const std::string& name : workloads::phase_kind_names()) {
        kinds.push_back(object({{name, phase_schema(context, *workloads::find_phase_kind(name))}}));
    }
    return {{"type", "array"},
            {"minItems", 1},
            {"items", {{"anyOf", kinds}}},
            {"description", "phases, performed in order"}};
}

Json sweep_schema() {
    const Json bound = number_or_text("number");
    Json range = object({{"from", bound},
                         {"to", bound},
                         {"step", bound},
                         {"points", {{"type", Json::array({"integer", "string"})}}},
                         {"factor", {{"type", "number"}}},
                         {"scale", {{"enum", {"linear", "log"}}}}});
    range["required"] = {"from", "to"};
    range["description"] = "values from `from` to `to`, by `step`, `points` or `factor`";
    const Json named = {
        {"properties",
         {{"name",
           {{"type", Json::array({"string", "number"})},
            {"description", "below a label: what figures, tables and claims call this entry"}}}}}};
    const Json list = {{"type", "array"}, {"minItems", 1}, {"items", named}};
    const Json zip = {{"type", "object"},
                      {"additionalProperties", {{"anyOf", Json::array({list, range})}}},
                      {"minProperties", 1},
                      {"description", "settings by path to lists whose values go together"}};
    return {{"type", "object"},
            {"additionalProperties", {{"anyOf", Json::array({list, range, zip})}}},
            {"description",
             "settings by path to lists or ranges of values; every combination is a trial"}};
}

Json plots_schema() {
    const Json flag = {{"type", "boolean"}};
    Json plot = object({
        {"y", name_schema("a metric, as docs/metrics.md names it")},
        {"x", name_schema("operations or user_bytes (a curve over time), a setting, or a metric")},
        {"colour", name_schema("a setting that tells lines apart")},
        {"panels", name_schema("a setting with a panel for each value")},
        {"rows", name_schema("a setting with a row of panels for each value")},
        {"model", flag},
        {"kind", {{"enum", {"automatic", "line", "points", "bars"}}}},
        {"title", text_schema("instead of one made from x and y")},
        {"log_x", flag},
        {"log_y", flag},
    });
    plot["required"] = {"y", "x"};
    return {{"type", "array"}, {"items", plot}};
}

}  // namespace

std::string experiment_schema(const ReadContext& context) {
    Json properties = {
        {"experiment", text_schema("its name; results are kept below it")},
        {"about", text_schema("the question it asks, in a line")},
    };
    for (const auto& field : Head::table(context.engines)) {
        properties[field.info.name] = option_schema(field.info);
    }
    properties["tree"] = tree_schema(context);
    properties["storage"] = name_schema(
        "memory, or a folder for the stores' files; a relative one is below the run's folder");
    const Json model = {{"enum", context.devices},
                        {"description", "the device whose time is modelled"}};
    Json device = {{"model", model}};
    for (const std::string& key : device_keys()) {
        device[key] = number_or_text("number");
        device[key]["description"] = key.ends_with("seek")
                                         ? "time of a request before its first byte, as in 80 us"
                                         : "bytes per second, as in 2 GiB";
    }
    properties["device"] = {{"anyOf", Json::array({model, object(device)})}};
    properties["sweep"] = sweep_schema();
    properties["workload"] = workload_schema(context);
    Json measure;
    for (const auto& field : Measure::table()) {
        measure[field.info.name] = option_schema(field.info);
    }
    properties["measure"] = object(measure);
    const Json text = text_schema(), claim = {{"type", "string"}};
    Json noted = object({{"claim", claim},
                         {"says", text_schema("the claim in words")},
                         {"theirs", text_schema("the figures that the paper gives")},
                         {"because", text_schema("why it does not reproduce here")},
                         {"not_asked", text}});
    noted["required"] = {"claim"};
    Json paper = object({{"title", text}, {"figure", text}, {"setup", text}, {"scaling", text}});
    paper["required"] = {"title", "figure", "setup", "scaling"};
    paper["description"] = "the published figure that it reproduces";
    properties["paper"] = paper;
    properties["expect"] = {{"type", "array"},
                            {"items", {{"anyOf", Json::array({claim, noted})}}},
                            {"description", "claims, each checked at every point of the sweep"}};
    properties["plots"] = plots_schema();
    Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                   {"title", "lsmlab experiment"}};
    schema.update(object(properties));
    schema["required"] = {"experiment", "workload"};
    return schema.dump(2) + "\n";
}

}  // namespace lsm::experiment
