// The command line as a person meets it: verbs, exit statuses, what is said where.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "framework/base/error.hpp"
#include "framework/cli/progress.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/engines/engine.hpp"
#include "framework/experiment/folder_removal.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::cli {
namespace {

struct Said {
    int status = 0;
    std::string out;
    std::string error;
};

/// Runs a command as main does, but for printing the error.
Said say(const Arguments& arguments) {
    Said said;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
        said.status = run_command(arguments);
    } catch (const Error& error) {
        said.status = exit_status(error.kind());
        said.error = error.what();
    }
    said.out = testing::internal::GetCapturedStdout();
    said.error = testing::internal::GetCapturedStderr() + said.error;
    return said;
}

class Verbs : public testing::Test {
  protected:
    Verbs() {
        experiment::remove_folder_tree(files_, folder_);
        files_.create_folder(folder_);
        write_text_file(files_, file_,
                        "experiment: small\nworkload:\n  - load: {records: 2000}\n"
                        "sweep: {tree.memtable.size: [16 KiB, 64 KiB]}\n"
                        "expect:\n  - write_amplification < 1000\n");
    }
    ~Verbs() override { experiment::remove_folder_tree(files_, folder_); }

    FileSystem& files_ = posix_file_system();
    const std::string folder_ =
        testing::TempDir() + "lsmlab-verbs-test-" + std::to_string(getpid());
    const std::string file_ = folder_ + "/small.yaml";
};

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

TEST_F(Verbs, CompareEndsWithWhatFailIfSays) {
    const std::string out = folder_ + "/out";
    ASSERT_EQ(say({"run", file_, "--out", out}).status, 0);
    ASSERT_EQ(
        say({"run", file_, "--out", out + "2", "--set", "tree.format.table_size=32 KiB"}).status,
        0);
    const std::string a = out + "/small/latest/", b = out + "2/small/latest";
    const Said same = say({"compare", a, a, "--fail-if", "write_amplification > +0%"});
    EXPECT_EQ(same.status, 0) << same.error;
    EXPECT_NE(same.out.find("does not hold: write_amplification > +0%"), std::string::npos);
    const Said other = say({"compare", a, b, "--fail-if", "tables > +1", "--fail-if",
                            "tables > +100000%", "--metric", "tables"});
    EXPECT_EQ(other.status, 1) << other.out << other.error;
    EXPECT_NE(other.out.find("tree.format.table_size"), std::string::npos) << other.out;
    EXPECT_NE(other.out.find("holds, so this fails: tables > +1\n"), std::string::npos);
    EXPECT_NE(other.out.find("does not hold: tables > +100000%"), std::string::npos);
    const auto json = nlohmann::json::parse(say({"compare", a, b, "--json"}).out);
    EXPECT_EQ(json["trials"].size(), 2u);
    EXPECT_EQ(json["changed_settings"][0]["setting"], "tree.format.table_size");
}

TEST_F(Verbs, CompareFailsWhereATrialIsMissing) {
    const std::string a = folder_ + "/a", b = folder_ + "/b";
    files_.create_folder(a);
    files_.create_folder(b);
    const std::string rows = "trial,tree.compaction.policy,tables\n1,leveling,7\n";
    write_text_file(files_, a + "/trials.csv", rows + "2,fifo,9\n");
    write_text_file(files_, b + "/trials.csv", rows);
    EXPECT_EQ(say({"compare", a, b}).status, 0);
    const Said said = say({"compare", a, b, "--fail-if", "tables > +5%"});
    EXPECT_EQ(said.status, 1) << said.out;
    EXPECT_NE(said.out.find("cannot be told everywhere, so this fails: tables > +5%\n"
                            "    fifo: only in A\n"),
              std::string::npos)
        << said.out;
    const Said json = say({"compare", b, a, "--fail-if", "tables > +5%", "--json"});
    EXPECT_EQ(json.status, 1);
    const auto check = nlohmann::json::parse(json.out)["fail_if"][0];
    EXPECT_EQ(check["fails"], true);
    EXPECT_EQ(check["holds"], false);
    EXPECT_EQ(check["unchecked"][0], "fifo: only in B");
}

TEST_F(Verbs, CompareTellsWhereATableIsCutOff) {
    const std::string run = folder_ + "/cut";
    files_.create_folder(run);
    const std::string rows = "trial,tree.compaction.policy,tables\n1,leveling,7\n2,fifo,9\n";
    write_text_file(files_, run + "/manifest.json", "{\"trials\": 2}");
    write_text_file(files_, run + "/trials.csv", rows);
    EXPECT_EQ(say({"compare", run, run}).status, 0);
    const std::vector<std::pair<size_t, std::string>> cuts{
        {1, ":3: the file is cut off: its last line has no end; "},
        {4, ":3: the file is cut off: its last line has no end; "},
        {9, ":2: the table has 1 trials, and the run had 2 by its manifest.json; "},
        {rows.size(), ":1: the file is empty, not even a header is there; "}};
    for (const auto& [cut, message] : cuts) {
        write_text_file(files_, run + "/trials.csv", rows.substr(0, rows.size() - cut));
        const Said said = say({"compare", run, run});
        EXPECT_EQ(said.status, 3) << said.error;
        const std::string whole =
            run + "/trials.csv" + message + "run it again: ./lab run " + run + "/experiment.yaml";
        EXPECT_NE(said.error.find(whole), std::string::npos) << said.error;
    }
    write_text_file(files_, run + "/trials.csv", "trial,tables\n1,2\nx,2\n");
    EXPECT_NE(say({"compare", run, run}).error.find("trials.csv:3: 'x' in column trial"),
              std::string::npos);
}

TEST_F(Verbs, CompareTellsWhatIsNoRun) {
    const std::string out = folder_ + "/out";
    ASSERT_EQ(say({"run", file_, "--out", out, "--quiet"}).status, 0);
    const std::string run = out + "/small/latest";
    const std::vector<std::pair<Arguments, std::string>> bad{
        {{"compare", run}, "compare takes two runs' folders"},
        {{"compare", run, folder_ + "/none"}, "there is no folder " + folder_ + "/none"},
        {{"compare", run, folder_}, "this is no run's folder: it has no trials.csv"},
        {{"compare", run, file_}, "this is no run's folder: it has no trials.csv"},
        {{"compare", run, out + "/small"}, "did you mean " + out + "/small/latest?"},
        {{"compare", run, run, "--metric", "write_amplificatoin"},
         "these runs have no metric write_amplificatoin; did you mean write_amplification?"},
        {{"compare", run, run, "--fail-if", "tabels > 5%"}, "did you mean tables?"},
        {{"compare", run, run, "--fail-if", "throughput > 5%"}, "these runs have no metric"},
        {{"compare", run, run, "--fail-if", "tables"}, "it has no < or >"},
        {{"compare", run, run, "--fail-if", "> 5%"}, "it names no metric"},
        {{"compare", run, run, "--fail-if", "tables > lots"}, "the change is no number"},
        {{"compare", run, run, "--fail-if", "tables > 5"}, "a change has a sign or a %"},
    };
    for (const auto& [arguments, message] : bad) {
        const Said said = say(arguments);
        EXPECT_EQ(said.status, 2) << message;
        EXPECT_NE(said.error.find(message), std::string::npos) << said.error;
    }
    const std::string broken = folder_ + "/broken";
    files_.create_folder(broken);
    write_text_file(files_, broken + "/manifest.json", "{}");
    EXPECT_NE(say({"compare", run, broken}).error.find("this run is not finished"),
              std::string::npos);
    write_text_file(files_, broken + "/trials.csv", "trial,mode\n1\n");
    EXPECT_EQ(say({"compare", run, broken}).status, 3);
    write_text_file(files_, broken + "/trials.csv",
                    "trial,tree.memtable.size,tables\n1,7,1\n2,9,1\n");
    const Said apart = say({"compare", run, broken});
    EXPECT_EQ(apart.status, 2);
    EXPECT_NE(apart.error.find("no trial of one run has the settings"), std::string::npos);
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

TEST_F(Verbs, ModelPrintsADesign) {
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

TEST_F(Verbs, ModelPredictsTheTrialsOfAFile) {
    const Said said = say({"model", file_});
    EXPECT_EQ(said.status, 0) << said.error;
    EXPECT_NE(said.out.find("run: write"), std::string::npos) << said.out;
}

TEST_F(Verbs, ModelHasNothingToSayOfWhatTheMemtableHolds) {
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

TEST_F(Verbs, ModelSaysWhatIsWrong) {
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

TEST_F(Verbs, AdviseFindsDesignsForAMix) {
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

TEST_F(Verbs, AdviseRanksWhatItRan) {
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

TEST_F(Verbs, AdviseSaysWhichOfSeveralWorkloadsItTook) {
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

TEST_F(Verbs, AdviseConfirmsOnTheEngineThatIsAskedFor) {
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

TEST_F(Verbs, AdviseSaysWhatItCanNotRun) {
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

}  // namespace
}  // namespace lsm::cli
