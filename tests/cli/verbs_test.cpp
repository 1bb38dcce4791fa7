// The command line as a person meets it: verbs, exit statuses, what is said where.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "framework/cli/progress.hpp"
#include "framework/engines/engine.hpp"
#include "tests/cli/verbs_fixture.hpp"

namespace lsm::cli {
namespace {

TEST_F(Verbs, AreGuessedWhenMistyped) {
    const Said said = say({"polcies"});
    EXPECT_EQ(said.status, 2);
    EXPECT_NE(said.error.find("unknown verb polcies; did you mean policies?"), std::string::npos);
    EXPECT_EQ(said.out, "");
}

TEST_F(Verbs, GuessOptionsToo) {
    const Said said = say({"run", file_, "--sead", "7"});
    EXPECT_EQ(said.status, 2);
    EXPECT_NE(said.error.find("unknown option --sead; did you mean --seed?"), std::string::npos)
        << said.error;
    EXPECT_EQ(say({"run", file_, "--jobs", "0"}).status, 2);
    EXPECT_EQ(say({"run", file_, "--scale", "-1"}).status, 2);
    EXPECT_EQ(say({"run"}).status, 2);
    EXPECT_EQ(say({"run", folder_ + "/none.yaml"}).status, 2);
    EXPECT_EQ(say({"run", "--resume", folder_, "--seed", "1"}).status, 2);
    EXPECT_EQ(say({"policies", "memtabel"}).status, 2);
}

TEST_F(Verbs, HelpGoesToStandardOutput) {
    for (const Verb& verb : all_verbs()) {
        const std::string name = verb.name;
        if (name != "help" && name != "version") {
            const Said said = say({name, "--help"});
            EXPECT_EQ(said.status, 0);
            EXPECT_NE(said.out.find("usage: ./lab " + name), std::string::npos);
            EXPECT_EQ(said.error, "");
        }
    }
    EXPECT_EQ(say({}).status, 0);
}

TEST_F(Verbs, CheckSaysHowManyTrialsThereAre) {
    EXPECT_EQ(say({"check", file_}).out, file_ + ": ok, 2 trials, 1 claim\n");
}

TEST_F(Verbs, ListingsAreJsonForPrograms) {
    const auto policies = nlohmann::json::parse(say({"policies", "--json"}).out);
    EXPECT_EQ(policies.size(), 5u);
    EXPECT_FALSE(policies[0]["policies"].empty());
    const auto listed = nlohmann::json::parse(say({"list", "--json"}).out);
    EXPECT_FALSE(listed["experiments"].empty());
    EXPECT_FALSE(listed["workloads"].empty());
    EXPECT_TRUE(nlohmann::json::parse(say({"schema"}).out).is_object());
}

TEST_F(Verbs, RunWritesAFolderAndSaysWhere) {
    const Said said = say({"run", file_, "--out", folder_ + "/results", "--json"});
    EXPECT_EQ(said.status, 0) << said.error;
    const auto json = nlohmann::json::parse(said.out);
    EXPECT_EQ(json["trials"].size(), 2u);
    EXPECT_EQ(json["claims"][0]["verdict"], "holds");
    EXPECT_TRUE(files_.exists(json["report"].get<std::string>()));
    EXPECT_TRUE(files_.exists(folder_ + "/results/small/latest/trials.csv"));
}

TEST_F(Verbs, JsonOfSeveralFilesIsOneArray) {
    const Said said = say({"run", file_, file_, "--out", folder_ + "/results", "--json"});
    EXPECT_EQ(said.status, 0) << said.error;
    const auto json = nlohmann::json::parse(said.out);
    ASSERT_TRUE(json.is_array());
    ASSERT_EQ(json.size(), 2u);
    EXPECT_EQ(json[1]["experiment"], "small");
}

TEST_F(Verbs, JsonOfADryRunHasTheTrials) {
    const auto json = nlohmann::json::parse(say({"run", file_, "--dry-run", "--json"}).out);
    ASSERT_EQ(json["trials"].size(), 2u);
    EXPECT_EQ(json["trials"][1]["settings"]["tree.memtable.size"], "64 KiB");
    EXPECT_EQ(json["trials"][1]["operations"], 2000);
    EXPECT_EQ(nlohmann::json::parse(say({"run", file_, file_, "--dry-run", "--json"}).out).size(),
              2u);
}

TEST_F(Verbs, RunFailsWithAClaim) {
    const Said said = say({"run", file_, "--out", folder_ + "/results", "--quiet", "--set",
                           "tree.memtable.size=16 KiB", "--seed", "3"});
    EXPECT_EQ(said.status, 0);
    EXPECT_EQ(said.error.find("trial"), std::string::npos) << "quiet says nothing";
    write_text_file(files_, file_,
                    "experiment: small\nworkload:\n  - load: {records: 2000}\n"
                    "expect:\n  - write_amplification < 0\n");
    EXPECT_EQ(say({"run", file_, "--out", folder_ + "/results"}).status, 1);
}

TEST_F(Verbs, RunReusesUnchangedTrials) {
    const Arguments arguments{"run", file_, "--out", folder_ + "/out"};
    EXPECT_EQ(say(arguments).error.find("unchanged"), std::string::npos);
    EXPECT_NE(say(arguments).error.find("2 of 2 trials are unchanged"), std::string::npos);
    Arguments all = arguments;
    all.emplace_back("--no-cache");
    EXPECT_EQ(say(all).error.find("unchanged"), std::string::npos);
}

TEST_F(Verbs, BadFilesWriteNothing) {
    write_text_file(files_, file_, "experiment: small\nworkload: 3\n");
    EXPECT_EQ(say({"run", file_, "--out", folder_ + "/results"}).status, 2);
    EXPECT_FALSE(files_.exists(folder_ + "/results"));
}

TEST_F(Verbs, EmptyOutIsNoFolder) {
    const Said said = say({"run", file_, "--out", ""});
    EXPECT_EQ(said.status, 2);
    EXPECT_NE(said.error.find("--out is a folder"), std::string::npos) << said.error;
    EXPECT_EQ(say({"run", file_, "--out", "", "--dry-run"}).status, 2);
}

TEST_F(Verbs, ResumeOfARunThatIsRunningIsRefused) {
    ASSERT_EQ(say({"run", file_, "--out", folder_ + "/results", "--quiet"}).status, 0);
    const std::string run = folder_ + "/results/small/latest";
    std::string manifest = read_text_file(files_, run + "/manifest.json");
    const size_t finished = manifest.find("\"finished\": \"");
    ASSERT_NE(finished, std::string::npos);
    const size_t value = finished + std::string("\"finished\": ").size();
    manifest.replace(value, manifest.find('"', value + 1) + 1 - value, "null");
    write_text_file(files_, run + "/manifest.json", manifest);
    {
        const auto other = files_.lock(run + "/.lock");
        const Said said = say({"run", "--resume", run});
        EXPECT_EQ(said.status, 4) << said.error;
        EXPECT_EQ(said.error.find("to go on"), std::string::npos) << said.error;
    }
    EXPECT_EQ(say({"run", "--resume", run}).status, 0);
}

TEST_F(Verbs, ResultsThatAreAFileAreAnError) {
    write_text_file(files_, folder_ + "/results", "a file");
    const Said said = say({"run", file_, "--out", folder_ + "/results"});
    EXPECT_EQ(said.status, 5);
    EXPECT_EQ(said.error.find('\n'), std::string::npos) << "one line: " << said.error;
}

TEST_F(Verbs, DryRunsListTrialsAndWriteNothing) {
    const Said said = say({"run", file_, "--out", folder_ + "/results", "--dry-run"});
    EXPECT_EQ(said.status, 0);
    EXPECT_NE(said.out.find("size=64 KiB"), std::string::npos);
    EXPECT_FALSE(files_.exists(folder_ + "/results"));
}

TEST(Durations, ReadAsPeopleSayThem) {
    EXPECT_EQ(duration_text(0.04), "0.0 s");
    EXPECT_EQ(duration_text(12.4), "12 s");
    EXPECT_EQ(duration_text(200), "3 min 20 s");
    EXPECT_EQ(duration_text(7500), "2 h 5 min");
}

TEST_F(Verbs, BackupAndRestoreCopyATree) {
    const std::string tree = folder_ + "/tree", backup = folder_ + "/backup",
                      back = folder_ + "/back";
    EngineSettings settings;
    settings.memtable.policy = "skiplist";
    settings.bloom.policy = "uniform";
    settings.filter.policy = "bloom";
    settings.format.policy = "plain";
    settings.compaction.policy = "tiering";
    settings.storage = tree;
    const auto engine = open_engine("lsmlab", settings);
    engine->put("key", "value");
    const Said locked = say({"backup", tree, backup});
    EXPECT_EQ(locked.status, 4) << locked.error;
    engine->close();

    EXPECT_EQ(say({"backup", tree}).status, 2);
    const Said made = say({"backup", tree, backup});
    EXPECT_EQ(made.status, 0) << made.error;
    EXPECT_NE(made.out.find(backup + ": "), std::string::npos);
    EXPECT_EQ(say({"restore", backup, back}).status, 0);
    EXPECT_EQ(say({"restore", backup, back}).status, 5) << "the folder is not empty any more";

    settings.storage = back;
    std::string value;
    EXPECT_TRUE(open_engine("lsmlab", settings)->get("key", value));
    EXPECT_EQ(value, "value");
}

}  // namespace
}  // namespace lsm::cli
