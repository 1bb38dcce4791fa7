// The schema knows every key that the reader knows: checked by walking the shipped experiments and
// the keys that the reader names in its messages.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "framework/experiment/schema.hpp"
#include "framework/experiment/yaml_node.hpp"
#include "source_dir.hpp"
#include "tests/experiment/small_context.hpp"

namespace lsm::experiment {
namespace {

using Json = nlohmann::json;

/// Whether some reading of the schema takes the node's keys; `why` says what it does not take.
bool accepts(const Json& schema, const YamlNode& node, std::string& why) {
    for (const char* either : {"anyOf", "oneOf"}) {
        if (schema.contains(either)) {
            for (const Json& one : schema[either]) {
                if (accepts(one, node, why)) {
                    return true;
                }
            }
            return false;
        }
    }
    if (schema.contains("const")) {
        return node.is_scalar() && schema["const"] == node.text;
    }
    if (schema.contains("enum")) {
        return node.is_scalar() &&
               schema["enum"].dump().find("\"" + node.text + "\"") != std::string::npos;
    }
    const Json type = schema.value("type", Json("any"));
    const auto is = [&](const char* name) {
        return type == name || (type.is_array() && type.dump().find(name) != std::string::npos);
    };
    if (node.is_map()) {
        if (!is("object")) {
            return type == "any";
        }
        for (const YamlEntry& entry : node.entries) {
            const bool known =
                schema.contains("properties") && schema["properties"].contains(entry.key);
            if (!known && schema.value("additionalProperties", Json(true)) == false) {
                why = "unknown key " + entry.key;
                return false;
            }
            const Json& below =
                known ? schema["properties"][entry.key] : schema["additionalProperties"];
            if (!accepts(below, entry.value, why)) {
                why = why.empty() ? "value of " + entry.key : why;
                return false;
            }
        }
        return true;
    }
    if (node.is_list()) {
        for (const YamlNode& item : node.items) {
            if (schema.contains("items") && !accepts(schema["items"], item, why)) {
                return false;
            }
        }
        return is("array") || type == "any";
    }
    return !is("object") || type == "any";
}

YamlNode yaml(const std::string& text) {
    Problems problems;
    return read_yaml(std::make_shared<SourceText>("test.yaml", text), problems);
}

TEST(Schema, AcceptsTheShippedExperiments) {
    FileSystem& files = posix_file_system();
    const std::string folder = std::string(LSMLAB_SOURCE_DIR) + "/experiments";
    const Json schema =
        Json::parse(experiment_schema(make_read_context(files, folder + "/x.yaml")));
    for (const std::string& name : files.list(folder)) {
        if (name.ends_with(".yaml")) {
            const std::string text = read_text_file(files, folder + "/" + name);
            std::string why;
            EXPECT_TRUE(accepts(schema, yaml(text), why)) << name << ": " << why;
            EXPECT_TRUE(text.starts_with("# yaml-language-server: $schema=")) << name;
        }
    }
}

TEST(Schema, RefusesWhatItDoesNotKnow) {
    const SmallContext small;
    const Json schema = Json::parse(experiment_schema(small.context()));
    std::string why;
    EXPECT_TRUE(accepts(schema, yaml(small_experiment("tree: {memtable: skiplist}")), why)) << why;
    EXPECT_FALSE(accepts(schema, yaml(small_experiment("tree: {memtable: {sise: 3}}")), why));
    EXPECT_FALSE(accepts(schema, yaml(small_experiment("tre: {memtable: {size: 3}}")), why));
    EXPECT_FALSE(accepts(schema, yaml(small_experiment("tree: {memtable: skplist}")), why));
    EXPECT_FALSE(accepts(schema, yaml(small_experiment("mode: realtme")), why));
}

TEST(Schema, IsTheSameTextEachTime) {
    const SmallContext small;
    EXPECT_EQ(experiment_schema(small.context()), experiment_schema(SmallContext().context()));
}

}  // namespace
}  // namespace lsm::experiment
