// Every kind of bad input, by golden files: bad/<name>.yaml with the message in bad/<name>.txt.
// LSMLAB_REWRITE=1 writes the messages anew; then read the difference before committing it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "framework/base/error.hpp"
#include "source_dir.hpp"
#include "tests/experiment/small_context.hpp"

namespace lsm::experiment {
namespace {

const std::string kFolder = std::string(LSMLAB_SOURCE_DIR) + "/tests/experiment/bad";

std::vector<std::string> cases() {
    std::vector<std::string> names;
    for (const std::string& file : posix_file_system().list(kFolder)) {
        if (file.ends_with(".yaml")) {
            names.push_back(file.substr(0, file.size() - 5));
        }
    }
    return names;
}

class BadInput : public testing::TestWithParam<std::string> {};

TEST_P(BadInput, IsToldWithPlaceAndRemedy) {
    const std::string name = GetParam();
    const SmallContext small;
    const std::string text = read_text_file(posix_file_system(), kFolder + "/" + name + ".yaml");
    std::string message;
    try {
        read_experiment(name + ".yaml", text, small.context());
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::config);
        EXPECT_EQ(exit_status(error.kind()), 2);
        message = std::string(error.what()) + "\n";
    }
    EXPECT_FALSE(message.empty()) << "this was accepted";
    const std::string golden = kFolder + "/" + name + ".txt";
    if (std::getenv("LSMLAB_REWRITE") != nullptr) {
        write_text_file(posix_file_system(), golden, message);
        return;
    }
    EXPECT_EQ(message, read_text_file(posix_file_system(), golden));
}

struct SteepOptions {
    uint64_t size_ratio = 10;
    static OptionTable<SteepOptions> table() {
        return {option("size_ratio", &SteepOptions::size_ratio, {2, 5000}, "", "growth of levels")};
    }
};

INSTANTIATE_TEST_SUITE_P(, BadInput, testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param; });

TEST(BadSets, AreToldWithTheirArgument) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"tree.bloom={bits_per_key: 101}",
                    "tree.compactoin.policy=tiering",
                    "seed",
                    "tree.memtable.size=[1 KiB, 12 B]",
                    "size_ratio=4",
                    "experiment=other",
                    "tree.compaction={policy: leveling, sise_ratio: 4}",
                    "tree.compaction={policy: leveling, size_ratio: 1}",
                    "tree=8"};
    EXPECT_EQ(
        small.error(small_experiment(""), options),
        "9 problems in the configuration\n"
        "--set:1:27: `bits_per_key` of `uniform`: expected a number from 0 to 100 bits, got 101\n"
        "    1 | tree.bloom={bits_per_key: 101}\n"
        "      |                           ^~~\n"
        "--set:2:1: unknown setting `tree.compactoin.policy`; did you mean "
        "`tree.compaction.policy`?\n"
        "    2 | tree.compactoin.policy=tiering\n"
        "      | ^~~~~~~~~~~~~~~~~~~~~~\n"
        "--set:3:1: a setting is overridden by path=value, as in tree.compaction.size_ratio=8\n"
        "    3 | seed\n"
        "      | ^~~~\n"
        "--set:4:28: `size`: expected a size from 1 KiB to 16 GiB, got 12 B\n"
        "    4 | tree.memtable.size=[1 KiB, 12 B]\n"
        "      |                            ^~~~\n"
        "--set:5:1: unknown setting `size_ratio`; write the whole path: "
        "`tree.compaction.size_ratio`\n"
        "    5 | size_ratio=4\n"
        "      | ^~~~~~~~~~\n"
        "--set:6:1: `experiment` is the file's own and cannot be set\n"
        "    6 | experiment=other\n"
        "      | ^~~~~~~~~~\n"
        "--set:7:36: unknown key `sise_ratio` with the compaction policy `leveling`; accepted are "
        "`policy`, `size_ratio` and `spill`; did you mean `size_ratio`?\n"
        "    7 | tree.compaction={policy: leveling, sise_ratio: 4}\n"
        "      |                                    ^~~~~~~~~~\n"
        "--set:8:48: `size_ratio` of `leveling`: expected a whole number from 2 to 100, got 1\n"
        "    8 | tree.compaction={policy: leveling, size_ratio: 1}\n"
        "      |                                                ^\n"
        "--set:9:6: `tree` takes a map of `memtable`, `bloom`, `filter`, `format`, `compaction`, "
        "`log`, `cache` and `background`, and this is a single value\n"
        "    9 | tree=8\n"
        "      |      ^");
}

TEST(BadRanges, TellThreeValuesAndCountTheOthers) {
    const SmallContext small;
    const std::string said = small.error(
        small_experiment("sweep:\n  tree.compaction.size_ratio: {from: 2, to: 1000}\n"));
    EXPECT_NE(said.find("900 problems"), std::string::npos) << said;
    EXPECT_NE(said.find("got 101\n"), std::string::npos) << said;
    EXPECT_NE(said.find("got 103\n"), std::string::npos) << said;
    EXPECT_EQ(said.find("got 104\n"), std::string::npos) << said;
    EXPECT_NE(said.find("and 897 more of this kind"), std::string::npos) << said;
    const std::string listed = small.error(
        small_experiment("sweep:\n  tree.bloom.bits_per_key: [101, 102, 103, 104, 105]\n"));
    EXPECT_NE(listed.find("got 105\n"), std::string::npos)
        << "values that were written one by one are all told: " << listed;
}

class Traces : public testing::Test {
  protected:
    std::string error(const std::string& trace, const std::string& more) {
        write_text_file(small_.files(), "/w/workloads/t", trace);
        return small_.error("experiment: t\nworkload:\n  - replay: {file: t, format: twitter" +
                            more + "}\n");
    }
    SmallContext small_;
};

TEST_F(Traces, AskWhatASecondIsWhereATtlStands) {
    const std::string trace = "0,k,1,0,1,get,0\n0,k,1,7,1,set,60\n1,k,1,7,1,set,90\n";
    EXPECT_EQ(
        error(trace, ""),
        "a problem in the configuration\n"
        "test.yaml:3:20: line 2 of the trace has a TTL in seconds: `operations_per_second` says "
        "how many writes a second stands for, and 0 that nothing expires\n"
        "    3 |   - replay: {file: t, format: twitter}\n"
        "      |                    ^");
    EXPECT_EQ(error(trace, ", operations_per_second: 100"), "");
    EXPECT_EQ(error(trace, ", operations_per_second: 0"), "");
    EXPECT_EQ(error(trace, ", limit: 1"), "") << "the TTL is not replayed";
    EXPECT_EQ(error("0,k,1,7,1,set,0\n0,k,1,0,1,get,60\n", ""), "");
}

TEST_F(Traces, HaveNoSecondsInACsv) {
    write_text_file(small_.files(), "/w/workloads/t", "op,key\nget,a\n");
    EXPECT_NE(small_
                  .error("experiment: t\nworkload:\n  - replay: {file: t, format: csv, "
                         "operations_per_second: 5}\n")
                  .find("is for `format: twitter`"),
              std::string::npos);
}

TEST_F(Traces, TellAllDamagedLinesOnce) {
    const std::string said = error("0,k,9,7,1,set,0\n5,k,1,7,1,put,0\n4,k,1,7,1,set,0\n",
                                   "}\n  - replay: {file: t, format: twitter");
    EXPECT_NE(
        said.find("2 problems in the configuration\n"
                  "test.yaml:3:20: /w/workloads/t:1:5: the key's size is 9, and the key has 1 "
                  "bytes\n/w/workloads/t:2:11: unknown operation \"put\""),
        std::string::npos)
        << said;
    EXPECT_NE(said.find("\n/w/workloads/t:3:1: the timestamp goes back, from 5 to 4\n"),
              std::string::npos)
        << said;
}

TEST(BadChoices, GuessWhatWasMeant) {
    const SmallContext small;
    const std::string said =
        small.error(small_experiment("tree: {compaction: {policy: leveling, spill: bypas}}\n"));
    EXPECT_NE(said.find("expected bypass or write, got bypas; did you mean bypass?"),
              std::string::npos)
        << said;
}

TEST(CoveredValues, AreWrongUnderASetToo) {
    const SmallContext small;
    ReadOptions options;
    options.seed = 7;
    options.sets = {"tree.memtable.size=32 KiB",
                    "tree.compaction.policy=fifo",
                    "tree.compaction.limit=2",
                    "tree.compaction.limit=2 KiB",
                    "measure.every=10",
                    "strategy=Good",
                    "tree.bloom.bits_per_key=[8, 9]",
                    "workload.run.use=mixes/reads"};
    const std::string error = small.error(
        small_experiment("seed: never\nmeasure: {every: 0}\n"
                         "tree:\n  memtable: {size: 1 B}\n"
                         "  compaction: {policy: leveling, spill: bypass, size_ratio: 101}\n"
                         "sweep:\n  tree.bloom.bits_per_key: [10, 1000]\n"
                         "  strategy:\n"
                         "    - {name: Good, tree.format.block_size: 4 KiB}\n"
                         "    - {name: Bad, tree.format.block_size: 4 B}\n"),
        options);
    for (const char* problem :
         {"7 problems", "--set:3:23: `limit` of `fifo`", "test.yaml:5:7: `seed`",
          "test.yaml:6:18: `every`", "test.yaml:8:20: `size`: expected a size from 1 KiB to 16 GiB",
          "test.yaml:9:61: `size_ratio` of `leveling`",
          "test.yaml:11:33: `bits_per_key` of `uniform`", "test.yaml:14:43: `block_size`"}) {
        EXPECT_NE(error.find(problem), std::string::npos) << problem << " in\n" << error;
    }
}

TEST(CoveredValues, AreRightWhereOneOfThePoliciesTakesThem) {
    const SmallContext small;
    ReadContext context = small.context();
    context.axes[4].policies.push_back(made_up_policy<SteepOptions>("steep"));
    const auto read = [&](const std::string& policies) {
        return read_experiment("test.yaml",
                               small_experiment("tree: {compaction: {size_ratio: 1000}}\n"
                                                "sweep:\n  tree.compaction.policy: " +
                                                policies + "\n  tree.compaction.size_ratio: [4]\n"),
                               context)
            .trials.size();
    };
    EXPECT_EQ(read("[leveling, steep]"), 2u);
    EXPECT_THROW(read("[leveling, tiering]"), Error);
}

TEST(CoveredValues, AreNotHeldAgainstEachOther) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"tree.format.block_size=4 KiB", "tree.bloom.bits_per_key=10"};
    // A block larger than a table and unlucky bits: contradictions, which are gone.
    EXPECT_EQ(small.error(small_experiment("tree: {bloom: {bits_per_key: 13}, "
                                           "format: {block_size: 1 MiB, table_size: 64 KiB}}\n"),
                          options),
              "");
}

}  // namespace
}  // namespace lsm::experiment
