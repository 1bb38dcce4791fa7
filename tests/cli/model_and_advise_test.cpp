// `lab model` and `lab advise`: designs without running them, and the best of them run.
#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tests/cli/verbs_fixture.hpp"

namespace lsm::cli {
namespace {

class DesignVerbs : public Verbs {};

TEST_F(DesignVerbs, ModelPrintsADesign) {
    const Said said =
        say({"model", "--policy", "lazy_leveling", "--set", "size_ratio=10", "--entries", "1e9",
             "--entry-size", "128", "--memory", "64MiB", "--bits", "10"});
    EXPECT_EQ(said.status, 0) << said.error;
    EXPECT_NE(said.out.find("levels grow by 10"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("Monkey eq. 26"), std::string::npos);
    const Said json =
        say({"model", "--policy", "leveling", "--sweep", "size_ratio=2..4", "--json"});
    const auto read = nlohmann::json::parse(json.out);
    ASSERT_EQ(read.size(), 3u);
    EXPECT_EQ(read[2]["size_ratio"], 4);
    EXPECT_DOUBLE_EQ(read[2]["costs"]["write_bypass"]["value"].get<double>(),
                     1.5 * static_cast<double>(read[2]["levels"].size()));
}

TEST_F(DesignVerbs, ModelPredictsTheTrialsOfAFile) {
    const Said said = say({"model", file_});
    EXPECT_EQ(said.status, 0) << said.error;
    EXPECT_NE(said.out.find("run: write"), std::string::npos) << said.out;
}

TEST_F(DesignVerbs, ModelHasNothingToSayOfWhatTheMemtableHolds) {
    const Said said = say({"model", "--entries", "10"});
    EXPECT_EQ(said.status, 0);
    EXPECT_NE(said.out.find("is outside the model: its data, 1.3 KiB, fits into the memtable of "
                            "64 MiB"),
              std::string::npos)
        << said.out;
    EXPECT_EQ(said.out.find("write_bypass"), std::string::npos);
    const auto few = nlohmann::json::parse(
        say({"model", "--entries", "100", "--entry-size", "1MiB", "--json"}).out);
    EXPECT_EQ(few[0]["costs"]["long_range"]["source"],
              "of 100 entries, each as often as `space` says (after Dostoevsky eq. 11, mu = 1)");
}

TEST_F(DesignVerbs, ModelSaysWhatIsWrong) {
    EXPECT_NE(say({"model", "--policy", "lazy_levelin"}).error.find("lazy_leveling"),
              std::string::npos);
    EXPECT_NE(say({"model", "--policy", "fifo"}).out.find("outside the model: it drops data"),
              std::string::npos);
    for (const Arguments& wrong : std::vector<Arguments>{{"model", "--entries", "-5"},
                                                         {"model", "--entry-size", "1"},
                                                         {"model", "--sweep", "size_ratio=9..2"},
                                                         {"model", "--set", "size_ratio"},
                                                         {"model", "--set", "size_ration=4"},
                                                         {"model", "--plot", "x.png"},
                                                         {"model", "--bits", "10", file_}}) {
        EXPECT_EQ(say(wrong).status, 2) << wrong[1];
    }
}

TEST_F(DesignVerbs, AdviseFindsDesignsForAMix) {
    const std::string mix = folder_ + "/mix.yaml";
    write_text_file(files_, mix, "entries: 40k\nempty_reads: 1\nfound_reads: 1\nwrites: 2\n");
    const std::string out = folder_ + "/advised.yaml";
    const Said said = say({"advise", mix, "--memory", "256 KiB", "--device", "nvme", "--robust",
                           "0.2", "--confirm", "1", "--out", out});
    EXPECT_EQ(said.status, 0) << said.error;
    EXPECT_NE(said.out.find("frontier"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("confirmed on engine"), std::string::npos);
    EXPECT_NE(said.out.find("confirmed on engine simulator"), std::string::npos);
    const Said ran = say({"run", out, "--out", folder_ + "/advised", "--no-cache"});
    EXPECT_EQ(ran.status, 0) << ran.out << ran.error;
    const Said json = say({"advise", file_, "--confirm", "0", "--json"});
    EXPECT_FALSE(nlohmann::json::parse(json.out)["designs"].empty());
    EXPECT_EQ(say({"advise", mix, "--device", "nmve"}).status, 2);
    EXPECT_EQ(say({"advise", mix, "--memory", "12"}).status, 2);
    EXPECT_EQ(say({"advise", mix, "--robust", "-1"}).status, 2);
    EXPECT_EQ(say({"advise"}).status, 2);
}

TEST_F(DesignVerbs, AdviseRanksWhatItRan) {
    const std::string mix = folder_ + "/mix.yaml";
    write_text_file(files_, mix, "entries: 40k\nempty_reads: 1\nfound_reads: 1\nwrites: 2\n");
    const Arguments asked{"advise", mix, "--memory", "256 KiB", "--confirm", "3"};
    Arguments as_json = asked;
    as_json.push_back("--json");
    const auto json = nlohmann::json::parse(say(as_json).out);
    std::vector<std::pair<double, std::string>> ran;
    for (const auto& design : json["designs"]) {
        if (design.contains("confirmed")) {
            ran.emplace_back(design["confirmed"]["seconds"], design["strategy"]);
        }
    }
    ASSERT_EQ(ran.size(), 3u);
    for (size_t i = 0; i < ran.size(); ++i) {
        for (size_t j = 0; j < i; ++j) EXPECT_NE(ran[i].first, ran[j].first);
    }
    EXPECT_GT(json["frontier"].size(), 3u);
    const std::string page = say(asked).out;
    const size_t table = page.find("\nconfirmed on engine simulator");
    ASSERT_NE(table, std::string::npos) << page;
    EXPECT_NE(page.find("\nthe frontier"), std::string::npos);
    EXPECT_NE(page.find("modelled us/op"), std::string::npos);
    const bool kept = std::is_sorted(ran.begin(), ran.end());
    EXPECT_NE(page.find(kept ? "the runs keep the model's order\n"
                             : "the runs change the model's order: "),
              std::string::npos)
        << page;
    std::sort(ran.begin(), ran.end());
    size_t at = table;
    for (const auto& [seconds, strategy] : ran) {
        const size_t row = page.find(" " + strategy + " ", at);
        ASSERT_NE(row, std::string::npos) << strategy << "\n" << page;
        at = row;
    }
    EXPECT_NE(page.find("compaction: {policy: " + ran.front().second, at), std::string::npos)
        << "the best of the runs is handed out\n"
        << page;
}

TEST_F(DesignVerbs, AdviseSaysWhichOfSeveralWorkloadsItTook) {
    write_text_file(files_, file_,
                    "experiment: small\nworkload:\n  - load: {records: 2000}\n"
                    "  - run: {operations: 2000, read: 1, update: 1}\n"
                    "sweep: {workload.run.read: [1, 9]}\n");
    const Said first = say({"advise", file_, "--confirm", "0"});
    EXPECT_NE(first.out.find("the sweep has 2 workloads; this is advice for that of trial 1"),
              std::string::npos)
        << first.out << first.error;
    EXPECT_NE(first.out.find(" 50 % write"), std::string::npos) << first.out;
    const Said second = say({"advise", file_, "--confirm", "0", "--trial", "2"});
    EXPECT_NE(second.out.find(" 10 % write"), std::string::npos) << second.out;
    EXPECT_EQ(say({"advise", file_, "--trial", "3"}).status, 2);
    EXPECT_EQ(say({"advise", file_, "--trial", "0"}).status, 2);
    write_text_file(files_, folder_ + "/t.csv", "op,key,value_size\nput,a,1\n");
    write_text_file(files_, file_, "experiment: small\nworkload:\n  - replay: {file: t.csv}\n");
    const Said traced = say({"advise", file_});
    EXPECT_EQ(traced.status, 2);
    EXPECT_NE(traced.error.find(file_ + ":3:5: what a trace asks is not known"), std::string::npos)
        << traced.error;
}

TEST_F(DesignVerbs, AdviseConfirmsOnTheEngineThatIsAskedFor) {
    const std::string mix = folder_ + "/mix.yaml";
    write_text_file(files_, mix, "entries: 20k\nfound_reads: 1\nwrites: 1\n");
    const Arguments asked{"advise", mix, "--memory", "128 KiB", "--confirm", "1", "--engine"};
    const auto by = [&](const char* engine) {
        Arguments arguments = asked;
        arguments.push_back(engine);
        return say(arguments);
    };
    const Said real = by("lsmlab");
    EXPECT_NE(real.out.find("confirmed on engine lsmlab"), std::string::npos) << real.error;
    EXPECT_NE(real.out.find("\nengine: lsmlab\n"), std::string::npos);
    const Said simulated = by("simulator");
    EXPECT_NE(simulated.out.find("confirmed on engine simulator"), std::string::npos);
    EXPECT_NE(simulated.out.find("\nengine: simulator\n"), std::string::npos);
    EXPECT_NE(by("lsmlap").error.find("did you mean lsmlab?"), std::string::npos);
}

TEST_F(DesignVerbs, AdviseSaysWhatItCanNotRun) {
    const std::string mix = folder_ + "/mix.yaml";
    write_text_file(files_, mix, "entries: 1G\nvalue: 1 KiB\nfound_reads: 1\nwrites: 1\n");
    const Said large = say({"advise", mix, "--memory", "1 MiB", "--confirm", "2"});
    EXPECT_EQ(large.status, 0) << large.error;
    EXPECT_EQ(large.out.find("confirmed on"), std::string::npos);
    EXPECT_NE(large.out.find("not run, as data"), std::string::npos) << large.out;
    EXPECT_NE(large.out.find("\nengine: simulator\n"), std::string::npos)
        << "a terabyte is not for a store in memory";
    const Said small = say({"advise", mix, "--memory", "15 KiB"});
    EXPECT_EQ(small.status, 2);
    EXPECT_NE(small.error.find("holds less than 16 entries of 1.0 KiB"), std::string::npos)
        << small.error;
}

TEST_F(DesignVerbs, AdviseRefusesBeforeItSearches) {
    const std::string mix = folder_ + "/mix.yaml";
    write_text_file(files_, mix, "entries: 20k\nfound_reads: 1\nwrites: 1\n");
    const auto refused = [&](const std::string& option, const std::string& value) {
        const Said said = say({"advise", mix, "--memory", "128 KiB", option, value});
        EXPECT_EQ(said.status, 2);
        EXPECT_EQ(said.out, "");
        return said.error;
    };
    EXPECT_NE(
        refused("--engine", "estimate").find("updates only, and the workload has found lookups"),
        std::string::npos);
    EXPECT_NE(refused("--out", folder_ + "/none/x.yaml").find("there is no folder"),
              std::string::npos);
    EXPECT_NE(refused("--out", folder_).find("is a folder"), std::string::npos);
    // The estimate runs what it knows, and --out leaves nothing but its file.
    write_text_file(files_, mix, "entries: 20k\nwrites: 1\n");
    const std::string out = folder_ + "/out.yaml";
    const Said said = say({"advise", mix, "--memory", "128 KiB", "--confirm", "1", "--engine",
                           "estimate", "--out", out});
    EXPECT_EQ(said.status, 0) << said.error;
    EXPECT_TRUE(files_.exists(out));
    EXPECT_FALSE(files_.exists(out + ".new"));
}

}  // namespace
}  // namespace lsm::cli
