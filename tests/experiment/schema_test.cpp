// The schema takes every shipped experiment as an editor reads it, and refuses what the reader
// refuses.
#include <gtest/gtest.h>

#include <yaml-cpp/yaml.h>
#include <nlohmann/json.hpp>

#include "framework/experiment/schema.hpp"
#include "source_dir.hpp"
#include "tests/experiment/small_context.hpp"
#include "tests/support/json_schema.hpp"

namespace lsm::experiment {
namespace {

using Json = nlohmann::json;

/// A plain scalar by YAML 1.2's core schema, as editors read it: 1000 is a number, 1k a string.
Json plain_scalar(const std::string& text) {
    if (text == "true" || text == "false") return text == "true";
    if (text.empty() || text == "~" || text == "null") return nullptr;
    if (text.find_first_not_of("0123456789+-.eE") == std::string::npos) {
        const Json number = Json::parse(text.substr(text.front() == '+' ? 1 : 0), nullptr, false);
        if (number.is_number()) return number;
    }
    return text;
}

Json json_of(const YAML::Node& node) {
    Json json;
    if (node.IsScalar()) {
        return node.Tag() == "?" ? plain_scalar(node.Scalar()) : Json(node.Scalar());
    }
    if (node.IsMap()) {
        json = Json::object();
        for (const auto& entry : node) json[entry.first.Scalar()] = json_of(entry.second);
    } else if (node.IsSequence()) {
        json = Json::array();
        for (const auto& item : node) json.push_back(json_of(item));
    }
    return json;
}

std::string problems(const test::JsonSchema& schema, const std::string& text) {
    std::string all;
    for (const std::string& problem : schema.problems(json_of(YAML::Load(text)))) {
        all += "  " + problem + "\n";
    }
    return all;
}

TEST(Schema, AcceptsTheShippedExperiments) {
    FileSystem& files = posix_file_system();
    const std::string root = std::string(LSMLAB_SOURCE_DIR) + "/experiments";
    const test::JsonSchema schema(
        Json::parse(experiment_schema(make_read_context(files, root + "/x.yaml"))));
    size_t seen = 0;
    for (const std::string& folder : {root, root + "/papers"}) {
        for (const std::string& name : files.list(folder)) {
            if (!name.ends_with(".yaml")) continue;
            const std::string text = read_text_file(files, folder + "/" + name);
            EXPECT_EQ(problems(schema, text), "") << name;
            EXPECT_TRUE(text.starts_with("# yaml-language-server: $schema=")) << name;
            ++seen;
        }
    }
    EXPECT_GT(seen, 20u);
}

TEST(Schema, AcceptsWhatTheReaderAccepts) {
    const SmallContext small;
    const test::JsonSchema schema(Json::parse(experiment_schema(small.context())));
    for (const char* more :
         {"tree: {memtable: skiplist}\n", "tree: {memtable: {size: 1 MiB}}\n",
          "sweep:\n  tree.memtable.size: {from: 1 MiB, to: 4 MiB, scale: log, factor: 2}\n",
          "sweep:\n  strategy:\n    - {name: Full, tree.compaction.policy: leveling}\n"
          "    - {name: 2, tree.compaction: {policy: tiering, size_ratio: 3}}\n",
          "sweep:\n  both: {tree.memtable.size: [1 MiB, 2 MiB], tree.cache.size: [0, 1 MiB]}\n",
          "paper: {title: 2017, figure: 11, setup: 1, scaling: 2}\n",
          "expect:\n  - {claim: write_amplification > 0, says: 1, theirs: 1.5}\n"}) {
        const std::string text = small_experiment(more);
        EXPECT_EQ(small.error(text), "");
        EXPECT_EQ(problems(schema, text), "") << text;
    }
    const std::string counts =
        "experiment: small\nworkload:\n  - load: {records: 1k}\n"
        "  - run: {exact: true, update: 20k, insert: 1 M operations, read: 5}\n";
    EXPECT_EQ(small.error(counts), "");
    EXPECT_EQ(problems(schema, counts), "");
}

TEST(Schema, RefusesWhatItDoesNotKnow) {
    const SmallContext small;
    const test::JsonSchema schema(Json::parse(experiment_schema(small.context())));
    for (const char* more :
         {"tree: {memtable: {sise: 3}}", "tre: {memtable: {size: 3}}", "tree: {memtable: skplist}",
          "mode: realtme", "tree: {memtable: {size: 12}}", "tree: {memtable: {size: lots}}",
          "tree: {bloom: {bits_per_key: 10k}}", "tree: {bloom: {bits_per_key: 101}}",
          "sweep: {tree.memtable.size: []}", "sweep:\n  strategy:\n    - {name: [a, b]}",
          "paper: {title: a}", "expect: [{says: a}]", "plots: [{y: levels}]"}) {
        const std::string text = small_experiment(more);
        EXPECT_NE(small.error(text), "") << text;
        EXPECT_NE(problems(schema, text), "") << text;
    }
    const std::string weight = "experiment: small\nworkload:\n  - run: {read: much}\n";
    EXPECT_NE(problems(schema, weight), "");
}

TEST(JsonSchemaOfTests, RefusesKeywordsThatItDoesNotKnow) {
    EXPECT_THROW(test::JsonSchema(Json::parse(R"({"items": {"anyOf": [{"not": {}}]}})")),
                 std::runtime_error);
}

TEST(Schema, IsTheSameTextEachTime) {
    const SmallContext small;
    EXPECT_EQ(experiment_schema(small.context()), experiment_schema(SmallContext().context()));
}

}  // namespace
}  // namespace lsm::experiment
