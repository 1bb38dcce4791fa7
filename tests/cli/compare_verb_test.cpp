// `lab compare`: what it says, and when it fails.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/verbs_fixture.hpp"

namespace lsm::cli {
namespace {

class CompareVerb : public Verbs {};

TEST_F(CompareVerb, CompareEndsWithWhatFailIfSays) {
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

TEST_F(CompareVerb, CompareFailsWhereATrialIsMissing) {
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

TEST_F(CompareVerb, CompareTellsWhereATableIsCutOff) {
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

TEST_F(CompareVerb, CompareTellsWhatIsNoRun) {
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

}  // namespace
}  // namespace lsm::cli
