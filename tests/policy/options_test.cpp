// Options: every type reads and prints, and a wrong value is told what was expected.
#include "framework/policy/options.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace lsm {
namespace {

struct Everything {
    double ratio = 2.5;
    uint64_t runs = 4;
    uint64_t limit = 64 << 20;
    bool eager = false;
    std::string spill = "bypass";
    std::vector<std::string> order = {"oldest"};
    std::vector<uint64_t> per_level = {1, 2};

    static OptionTable<Everything> table() {
        return {option("ratio", &Everything::ratio, {2, 100}, "", "a real number"),
                option("runs", &Everything::runs, {1, 64}, "runs", "a whole number"),
                size_option("limit", &Everything::limit, {4096, 1 << 30}, "a size"),
                option("eager", &Everything::eager, "a flag"),
                choice_option("spill", &Everything::spill, {"bypass", "write_then_spill"},
                              "one of two"),
                choice_list_option("order", &Everything::order, {"oldest", "coldest", "random"},
                                   "several"),
                list_option("per_level", &Everything::per_level, {0, 9}, "runs", "numbers")};
    }
    std::optional<std::string> problem() const {
        if (eager && runs == 1) return "eager needs more than one run";
        return {};
    }
};

OptionValue scalar(std::string text) { return {{std::move(text)}, false}; }
OptionValue list(std::vector<std::string> items) { return {std::move(items), true}; }

/// The one problem that this value of this option makes; empty for none.
std::string problem_of(const std::string& name, OptionValue value) {
    std::vector<OptionProblem> problems;
    read_options<Everything>({{name, std::move(value)}}, problems);
    if (problems.empty()) return "";
    EXPECT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].option, name);
    return problems[0].message;
}

TEST(Options, DefaultsStand) {
    std::vector<OptionProblem> problems;
    const auto options = read_options<Everything>({}, problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(options.ratio, 2.5);
    EXPECT_EQ(options.order, std::vector<std::string>{"oldest"});
}

TEST(Options, EveryTypeIsRead) {
    std::vector<OptionProblem> problems;
    const auto options = read_options<Everything>({{"ratio", scalar("3.25")},
                                                   {"runs", scalar("7")},
                                                   {"limit", scalar("64 KiB")},
                                                   {"eager", scalar("true")},
                                                   {"spill", scalar("write_then_spill")},
                                                   {"order", list({"random", "oldest"})},
                                                   {"per_level", list({"3", "0", "9"})}},
                                                  problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(options.ratio, 3.25);
    EXPECT_EQ(options.runs, 7u);
    EXPECT_EQ(options.limit, 65536u);
    EXPECT_TRUE(options.eager);
    EXPECT_EQ(options.spill, "write_then_spill");
    EXPECT_EQ(options.order, (std::vector<std::string>{"random", "oldest"}));
    EXPECT_EQ(options.per_level, (std::vector<uint64_t>{3, 0, 9}));
}

TEST(Options, MessagesNameWhatWasExpected) {
    EXPECT_EQ(problem_of("ratio", scalar("1")), "expected a number from 2 to 100, got 1");
    EXPECT_EQ(problem_of("ratio", scalar("much")), "expected a number from 2 to 100, got much");
    EXPECT_EQ(problem_of("ratio", scalar("nan")), "expected a number from 2 to 100, got nan");
    EXPECT_EQ(problem_of("runs", scalar("65")),
              "expected a whole number from 1 to 64 runs, got 65");
    EXPECT_EQ(problem_of("runs", scalar("1.5")),
              "expected a whole number from 1 to 64 runs, got 1.5");
    EXPECT_EQ(problem_of("runs", scalar("")),
              "expected a whole number from 1 to 64 runs, got nothing");
    EXPECT_EQ(problem_of("runs", list({"1", "2"})),
              "expected a whole number from 1 to 64 runs, got a list");
    EXPECT_EQ(problem_of("limit", scalar("1 KiB")),
              "expected a size from 4 KiB to 1 GiB, got 1 KiB");
    EXPECT_EQ(problem_of("eager", scalar("yes")), "expected true or false, got yes");
    EXPECT_EQ(problem_of("spill", scalar("never")),
              "expected bypass or write_then_spill, got never");
    EXPECT_EQ(problem_of("order", list({"oldest", "newest"})),
              "expected a list, each item oldest, coldest or random, got newest");
    EXPECT_EQ(problem_of("order", list({"oldest", "oldest"})),
              "expected each of oldest, coldest or random at most once, got oldest twice");
    EXPECT_EQ(problem_of("per_level", list({"1", "10"})),
              "expected a list, each item a whole number from 0 to 9 runs, got 10");
}

TEST(Options, AnOpenRangeNamesTheBoundThatThereIs) {
    OptionInfo info{"entries", OptionType::count, {1}, {}, "entries", "", ""};
    uint64_t out = 5;
    EXPECT_EQ(parse_option(info, scalar("0"), out).value_or(""),
              "expected a whole number of at least 1 entries, got 0");
    EXPECT_EQ(out, 5u) << "a wrong value leaves the field alone";
}

TEST(Options, UnknownNamesAndContradictionsAreProblems) {
    EXPECT_EQ(problem_of("ration", scalar("2")), "is not an option of this policy");
    std::vector<OptionProblem> problems;
    read_options<Everything>({{"eager", scalar("true")}, {"runs", scalar("1")}}, problems);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].option, "");
    EXPECT_EQ(problems[0].message, "eager needs more than one run");
}

TEST(Options, AllProblemsComeAtOnce) {
    std::vector<OptionProblem> problems;
    read_options<Everything>(
        {{"ratio", scalar("0")}, {"runs", scalar("0")}, {"nonsense", scalar("")}}, problems);
    EXPECT_EQ(problems.size(), 3u);
}

TEST(Options, WhatAProgramSetsIsCheckedLikeWhatIsRead) {
    EXPECT_TRUE(check_options(Everything()).empty());
    const auto problem = [](const auto& set) {
        Everything options;
        set(options);
        const auto problems = check_options(options);
        EXPECT_EQ(problems.size(), 1u);
        return problems.empty() ? "" : problems[0].option + ": " + problems[0].message;
    };
    EXPECT_EQ(problem([](auto& options) { options.ratio = 100.5; }),
              "ratio: expected a number from 2 to 100, got 100.5");
    EXPECT_EQ(problem([](auto& options) { options.ratio = std::nan(""); }),
              "ratio: expected a number from 2 to 100, got nan");
    EXPECT_EQ(problem([](auto& options) { options.ratio = HUGE_VAL; }),
              "ratio: expected a number from 2 to 100, got inf");
    EXPECT_EQ(problem([](auto& options) { options.runs = 0; }),
              "runs: expected a whole number from 1 to 64 runs, got 0");
    EXPECT_EQ(problem([](auto& options) { options.limit = 512; }),
              "limit: expected a size from 4 KiB to 1 GiB, got 512 B");
    EXPECT_EQ(problem([](auto& options) { options.spill = "never"; }),
              "spill: expected bypass or write_then_spill, got never");
    EXPECT_EQ(problem([](auto& options) { options.order = {"oldest", "warmest"}; }),
              "order: expected a list, each item oldest, coldest or random, got warmest");
    EXPECT_EQ(problem([](auto& options) { options.per_level = {3, 10}; }),
              "per_level: expected a list, each item a whole number from 0 to 9 runs, got 10");
    EXPECT_EQ(problem([](auto& options) {
                  options.eager = true;
                  options.runs = 1;
              }),
              ": eager needs more than one run");
    Everything several;
    several.runs = 0;
    several.ratio = 0;
    EXPECT_EQ(check_options(several).size(), 2u);
}

TEST(Options, PrintAsOneWouldWriteThem) {
    std::string all;
    for (const auto& [name, text] : print_options(Everything{})) all += name + "=" + text + "; ";
    EXPECT_EQ(all,
              "ratio=2.5; runs=4; limit=64 MiB; eager=false; spill=bypass; order=[oldest]; "
              "per_level=[1, 2]; ");
}

TEST(Options, PrintedSizesReadBackExactly) {
    for (const uint64_t bytes :
         {uint64_t{4096}, uint64_t{4097}, uint64_t{1234567}, uint64_t{1} << 30}) {
        Everything options;
        options.limit = bytes;
        std::vector<OptionProblem> problems;
        const std::string text = print_options(options)[2].second;
        const auto back = read_options<Everything>({{"limit", scalar(text)}}, problems);
        EXPECT_TRUE(problems.empty()) << text;
        EXPECT_EQ(back.limit, bytes) << text;
    }
}

TEST(Options, DescriptionsCarryDefaultsAndRanges) {
    const auto infos = describe_options<Everything>();
    ASSERT_EQ(infos.size(), 7u);
    EXPECT_EQ(infos[2].default_text, "64 MiB");
    EXPECT_EQ(infos[2].unit, "bytes");
    EXPECT_EQ(infos[4].choices.size(), 2u);
    EXPECT_STREQ(option_type_name(infos[6].type), "list of counts");
}

}  // namespace
}  // namespace lsm
