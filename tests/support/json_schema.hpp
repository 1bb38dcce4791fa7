// Holds a JSON value against a JSON Schema (draft 7), with exactly the keywords that `lsmlab
// schema` uses. A keyword that it does not know is an error, so that a schema that says more cannot
// pass unseen.
#pragma once

#include <algorithm>
#include <cmath>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace lsm::test {

class JsonSchema {
  public:
    using Json = nlohmann::json;

    explicit JsonSchema(Json schema) : schema_(std::move(schema)) { check_keywords(schema_); }

    /// What is wrong with the value, "/workload/1/run: ..."; nothing where the schema takes it.
    std::vector<std::string> problems(const Json& value) const {
        std::vector<std::string> found;
        hold(schema_, value, "", found);
        return found;
    }

  private:
    static void check_keywords(const Json& schema) {
        static const std::vector<std::string> kKnown{
            "$schema",  "title",        "description", "type",       "enum",
            "const",    "anyOf",        "oneOf",       "minimum",    "maximum",
            "pattern",  "items",        "minItems",    "properties", "additionalProperties",
            "required", "minProperties"};
        if (schema.is_boolean()) return;
        for (const auto& [keyword, below] : schema.items()) {
            if (std::find(kKnown.begin(), kKnown.end(), keyword) == kKnown.end()) {
                throw std::runtime_error("this validator does not know the keyword " + keyword);
            }
            if (keyword == "properties") {
                for (const Json& one : below) check_keywords(one);
            } else if (keyword == "anyOf" || keyword == "oneOf") {
                for (const Json& one : below) check_keywords(one);
            } else if (keyword == "items" || keyword == "additionalProperties") {
                check_keywords(below);
            }
        }
    }

    static bool is_type(const Json& value, const std::string& type) {
        if (type == "integer") {
            return value.is_number_integer() ||
                   (value.is_number() && value.get<double>() == std::floor(value.get<double>()));
        }
        if (type == "number") return value.is_number();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_boolean();
        if (type == "array") return value.is_array();
        if (type == "object") return value.is_object();
        if (type == "null") return value.is_null();
        throw std::runtime_error("there is no type " + type);
    }

    using Problems = std::vector<std::string>;

    static void hold(const Json& schema, const Json& value, const std::string& at,
                     Problems& found) {
        if (schema.is_boolean()) {
            if (!schema.get<bool>()) found.push_back(at + ": nothing may stand here");
            return;
        }
        hold_any_value(schema, value, at, found);
        hold_either(schema, value, at, found);
        if (value.is_number()) {
            const double number = value.get<double>();
            if (number < schema.value("minimum", number) ||
                number > schema.value("maximum", number)) {
                found.push_back(at + ": " + value.dump() + " is out of range");
            }
        } else if (value.is_string() && schema.contains("pattern")) {
            const std::regex pattern(schema["pattern"].get<std::string>());
            if (!std::regex_search(value.get<std::string>(), pattern)) {
                found.push_back(at + ": " + value.dump() + " is not of the pattern");
            }
        } else if (value.is_array()) {
            hold_array(schema, value, at, found);
        } else if (value.is_object()) {
            hold_object(schema, value, at, found);
        }
    }

    static void hold_any_value(const Json& schema, const Json& value, const std::string& at,
                               Problems& found) {
        if (schema.contains("type")) {
            const Json types =
                schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
            const bool fits = std::any_of(types.begin(), types.end(), [&](const Json& type) {
                return is_type(value, type.get<std::string>());
            });
            if (!fits) found.push_back(at + ": " + value.dump() + " is no " + types.dump());
        }
        if (schema.contains("enum")) {
            const Json& words = schema["enum"];
            if (std::find(words.begin(), words.end(), value) == words.end()) {
                found.push_back(at + ": " + value.dump() + " is none of " + words.dump());
            }
        }
        if (schema.contains("const") && schema["const"] != value) {
            found.push_back(at + ": " + value.dump() + " is not " + schema["const"].dump());
        }
    }

    static void hold_either(const Json& schema, const Json& value, const std::string& at,
                            Problems& found) {
        for (const char* keyword : {"anyOf", "oneOf"}) {
            if (!schema.contains(keyword)) continue;
            size_t taken = 0;
            Problems all;
            for (const Json& one : schema[keyword]) {
                Problems problems;
                hold(one, value, at, problems);
                taken += problems.empty() ? 1 : 0;
                all.insert(all.end(), problems.begin(), problems.end());
            }
            if (taken == 0) {
                found.push_back(at + ": none of " + keyword + " takes it");
                found.insert(found.end(), all.begin(), all.end());
            } else if (taken > 1 && std::string(keyword) == "oneOf") {
                found.push_back(at + ": several of oneOf take it");
            }
        }
    }

    static void hold_array(const Json& schema, const Json& value, const std::string& at,
                           Problems& found) {
        if (value.size() < schema.value("minItems", size_t{0})) {
            found.push_back(at + ": too few items");
        }
        for (size_t i = 0; schema.contains("items") && i < value.size(); ++i) {
            hold(schema["items"], value[i], at + "/" + std::to_string(i), found);
        }
    }

    static void hold_object(const Json& schema, const Json& value, const std::string& at,
                            Problems& found) {
        if (value.size() < schema.value("minProperties", size_t{0})) {
            found.push_back(at + ": too few keys");
        }
        for (const Json& key : schema.value("required", Json::array())) {
            if (!value.contains(key.get<std::string>())) {
                found.push_back(at + ": " + key.dump() + " is missing");
            }
        }
        const Json known = schema.value("properties", Json::object());
        for (const auto& [key, below] : value.items()) {
            if (known.contains(key)) {
                hold(known[key], below, at + "/" + key, found);
            } else if (schema.contains("additionalProperties")) {
                hold(schema["additionalProperties"], below, at + "/" + key, found);
            }
        }
    }

    Json schema_;
};

}  // namespace lsm::test
