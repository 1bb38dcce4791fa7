#include "workloads/phase.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "framework/base/error.hpp"
#include "tests/support/mixes.hpp"
#include "workloads/client.hpp"

namespace lsm::workloads {
namespace {

OptionValue scalar(std::string text) { return {{std::move(text)}, false}; }
OptionValue list(std::vector<std::string> items) { return {std::move(items), true}; }

TEST(Phase, ReadsALoad) {
    std::vector<OptionProblem> problems;
    const Phase phase = read_phase(
        PhaseKind::load, "",
        {{"records", scalar("500k")}, {"key", scalar("16 B")}, {"value", scalar("100 B")}},
        problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(phase.records, 500000U);
    EXPECT_EQ(phase.key, 16U);
    EXPECT_EQ(phase.value, std::vector<uint64_t>{100});
    EXPECT_EQ(phase.total(), 500000U);
}

TEST(Phase, ReadsBothFormsOfAValue) {
    std::vector<OptionProblem> problems;
    const auto read = [&](OptionValues values) {
        values["records"] = scalar("1");
        return read_phase(PhaseKind::load, "", values, problems);
    };
    EXPECT_EQ(read({{"value", list({"50 B", "1 KiB"})}}).value, (std::vector<uint64_t>{50, 1024}));
    EXPECT_EQ(read({{"value_sizes", list({"50 B", "1 KiB", "3"})}}).value_sizes,
              (std::vector<uint64_t>{50, 1024, 3}));
    EXPECT_TRUE(problems.empty());
}

TEST(Phase, SaysWhatIsWrong) {
    const auto problem_of = [](PhaseKind kind, const OptionValues& values) {
        std::vector<OptionProblem> problems;
        read_phase(kind, "", values, problems);
        return problems.empty() ? std::string("nothing")
                                : problems[0].option + ": " + problems[0].message;
    };
    EXPECT_EQ(problem_of(PhaseKind::load, {{"records", scalar("1")}, {"read", scalar("1")}}),
              "read: is not an option of a load phase");
    EXPECT_EQ(problem_of(PhaseKind::load, {}), ": a load phase needs records");
    EXPECT_EQ(problem_of(PhaseKind::run, {{"read", scalar("1")}}),
              ": a run phase needs operations");
    const OptionValues run{{"operations", scalar("10")}, {"read", scalar("1")}};
    EXPECT_EQ(problem_of(PhaseKind::run, run), "nothing");
    const auto with = [&](const std::string& name, OptionValue value) {
        OptionValues values = run;
        values[name] = std::move(value);
        return problem_of(PhaseKind::run, values);
    };
    EXPECT_NE(
        problem_of(PhaseKind::run, {{"operations", scalar("10")}}).find("at least one operation"),
        std::string::npos);
    EXPECT_NE(with("value", list({"9", "3"})).find("first is larger"), std::string::npos);
    EXPECT_NE(with("value", list({"1", "2", "3"})).find("value_sizes"), std::string::npos);
    EXPECT_NE(with("scan_length", list({"9", "3"})).find("first is larger"), std::string::npos);
    EXPECT_NE(with("value_weights", list({"1"})).find("one weight for each"), std::string::npos);
    EXPECT_NE(with("key", scalar("4 B")).find("key: "), std::string::npos);
    EXPECT_NE(with("distribution", scalar("gaussian")).find("zipfian"), std::string::npos);
}

TEST(Phase, LaterPhasesGoOnWithTheKeysAndValuesBefore) {
    std::vector<Phase> phases(3);
    phases[0].value = {100};
    phases[2].value_sizes = {1, 2};
    phases[2].compressibility = 0;
    inherit_options(phases);
    EXPECT_EQ(phases[0].key, 16U);
    EXPECT_EQ(phases[1].value, std::vector<uint64_t>{100});
    EXPECT_EQ(phases[1].order, "hashed");
    EXPECT_EQ(phases[1].compressibility, 0.5);
    EXPECT_TRUE(phases[2].value.empty());
    EXPECT_EQ(phases[2].compressibility, 0);
}

TEST(Phase, FirstPhaseHasYcsbsValues) {
    std::vector<Phase> phases(1);
    inherit_options(phases);
    EXPECT_EQ(phases[0].value, std::vector<uint64_t>{1000});
}

TEST(Phase, PrintsWhatReadsBack) {
    for (const std::string& name : testing::mix_names()) {
        std::vector<Phase> phases{testing::read_mix(name, 1000)};
        inherit_options(phases);
        OptionValues values;
        for (const auto& [option, text] : print_phase(phases[0])) {
            if (text.front() == '[') {
                OptionValue items = list({});
                std::string item;
                for (const char character : text.substr(1)) {
                    if (character == ',' || character == ']') {
                        items.items.push_back(item.substr(item.find_first_not_of(' ')));
                        item.clear();
                    } else {
                        item += character;
                    }
                }
                values[option] = items;
            } else {
                values[option] = scalar(text);
            }
        }
        std::vector<OptionProblem> problems;
        const Phase again = read_phase(PhaseKind::run, name, values, problems);
        for (const auto& problem : problems)
            ADD_FAILURE() << name << ": " << problem.option << " " << problem.message;
        EXPECT_EQ(print_phase(again), print_phase(phases[0])) << name;
    }
}

TEST(Workload, RefusesPhasesThatDisagreeAboutKeys) {
    std::vector<Phase> phases(2);
    phases[0].records = phases[1].records = 10;
    EXPECT_FALSE(workload_problem(phases));
    phases[1].key = 20;
    EXPECT_EQ(workload_problem(phases)->phase, 1U);
    phases[1].key = 0;
    phases[1].order = "sequential";
    EXPECT_NE(workload_problem(phases)->message.find("order"), std::string::npos);
    EXPECT_THROW(Workload(phases, 1, 1), Error);
    phases[1].order = "";
    phases[1].records = 3'000'000'000;
    EXPECT_TRUE(workload_problem(phases));
    EXPECT_TRUE(workload_problem({}));
}

TEST(Workload, SharesAddUp) {
    std::vector<Phase> phases(1);
    phases[0].records = 10;
    for (uint64_t clients = 1; clients < 6; ++clients) {
        const Workload workload(phases, 1, clients);
        for (uint64_t count = 0; count < 20; ++count) {
            uint64_t sum = 0;
            for (uint64_t i = 0; i < clients; ++i) sum += workload.share(count, i);
            EXPECT_EQ(sum, count);
        }
    }
}

}  // namespace
}  // namespace lsm::workloads
