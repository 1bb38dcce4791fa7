// Options of runs: scans, distributions of their own for each operation, series; and how options
// are read and printed.
#include <gtest/gtest.h>

#include "tests/workloads/mix_support.hpp"

namespace lsm::workloads {
namespace {

TEST(Scans, TakeAShareOfTheKeysOrAParetoOfThem) {
    const auto limits_of = [](const Phase& run) {
        MapEngine engine;
        engine.record();
        const Workload workload({load_of(2000), run}, 3, 1);
        Client client(engine, workload, 0);
        run_all(client, workload);
        std::vector<uint64_t> limits;
        for (size_t i = 2000; i < engine.calls().size(); ++i)
            limits.push_back(std::stoull(engine.calls()[i].substr(engine.calls()[i].rfind(' '))));
        return limits;
    };
    RunPhase run;
    run.operations = 300;
    run.scan = 1;
    run.scan_selectivity = 0.01;
    for (const uint64_t limit : limits_of(run)) EXPECT_EQ(limit, 20U);
    run.scan_selectivity = 0;
    run.scan_pareto = {0, 50};
    run.scan_limit = 90;
    double sum = 0;
    for (const uint64_t limit : limits_of(run)) {
        EXPECT_LE(limit, 90U);
        sum += static_cast<double>(limit);
    }
    EXPECT_NEAR(sum / 300, 42, 8);  // 50 (1 - e^-1.8), and half for rounding up
}

TEST(Scans, GoOnWhereTheOneBeforeEnded) {
    for (const bool backward : {false, true}) {
        for (const uint64_t check : {0, 1}) {
            RunPhase run;
            run.operations = 25;
            run.scan = 1;
            run.scan_length = {10};
            run.scan_start = "next";
            run.scan_direction = backward ? "backward" : "forward";
            run.check = check;
            MapEngine engine;
            engine.record();
            const Workload workload({load_of(95), run}, 3, 1);
            Client client(engine, workload, 0);
            run_all(client, workload);
            std::vector<std::string> starts;
            for (size_t i = 95; i < engine.calls().size(); ++i)
                starts.push_back(engine.calls()[i].substr(5, 16));
            std::vector<std::string> keys;
            for (const auto& [key, value] : engine.content()) keys.push_back(key);
            if (backward) std::reverse(keys.begin(), keys.end());
            for (size_t i = 0; i < starts.size(); ++i) {
                const size_t round = i % 10;
                if (round > 0) {
                    EXPECT_EQ(starts[i], keys[round * 10]) << i;
                } else {
                    EXPECT_EQ(starts[i], std::string(16, backward ? 'f' : '0'));
                }
            }
        }
    }
}

TEST(Distributions, OfTheirOwnForEachOperation) {
    RunPhase run;
    run.operations = 6000;
    run.read = run.update = run.scan = 1;
    run.read_distribution = "beta";
    run.beta = {20, 1};
    run.update_distribution = "normal";
    run.normal_mean = 0.5;
    run.normal_deviation = 0.02;
    run.scan_distribution = "zipf";
    std::vector<Phase> phases{load_of(1000), run};
    phases[0].order = "sequential";
    MapEngine engine;
    engine.record();
    const Workload workload(phases, 3, 1);
    Client client(engine, workload, 0);
    run_all(client, workload);
    std::map<std::string, std::vector<uint64_t>> ranks;
    for (size_t i = 1000; i < engine.calls().size(); ++i) {
        const std::string& call = engine.calls()[i];
        const size_t space = call.find(' ');
        ranks[call.substr(0, space)].push_back(std::stoull(call.substr(space + 1, 8), nullptr, 16) /
                                               2);
    }
    const auto mean = [](const std::vector<uint64_t>& all) {
        double sum = 0;
        for (const uint64_t one : all) sum += static_cast<double>(one);
        return sum / static_cast<double>(all.size());
    };
    EXPECT_NEAR(mean(ranks["get"]), 1000 * 20 / 21.0, 8);
    EXPECT_NEAR(mean(ranks["put"]), 500, 4);
    const auto& scans = ranks["scan"];
    EXPECT_GT(std::count(scans.begin(), scans.end(), 0U), 200);  // 2000 / zeta(1000)
}

TEST(TimeSeries, KeysAscendWithinEachSeries) {
    std::vector<Phase> phases{load_of(1000)};
    phases[0].order = "time_series";
    phases[0].series = 7;
    MapEngine engine;
    engine.record();
    const Workload workload(phases, 3, 1);
    Client client(engine, workload, 0);
    run_all(client, workload);
    std::map<std::string, std::string> last;
    for (size_t i = 0; i < 1000; ++i) {
        const std::string key = engine.calls()[i].substr(4, 16);
        const std::string series = key.substr(0, 4);
        EXPECT_LT(last[series], key);
        last[series] = key;
        EXPECT_EQ(std::stoull(series, nullptr, 16), i % 7);
    }
    EXPECT_EQ(engine.content().size(), 1000U);
}

TEST(TimeSeries, TheCodecIsOneToOne) {
    KeyCodec codec(20, false, 1);
    codec.use_section(3);
    codec.use_series(5, 1000);
    std::string key;
    for (uint64_t identifier = 0; identifier < 5000; identifier += 13) {
        for (const bool missing : {false, true}) {
            codec.encode(missing ? codec.missing_number(identifier) : codec.number(identifier),
                         key);
            const auto decoded = codec.decode(key);
            ASSERT_TRUE(decoded);
            EXPECT_EQ(decoded->identifier, identifier);
            EXPECT_EQ(decoded->missing, missing);
        }
    }
    EXPECT_FALSE(codec.decode("03000500000000000000"));  // there are series 0 to 4
    EXPECT_FALSE(codec.decode("04000000000000000000"));  // another section
}

TEST(Options, EntryAndItsShareSetKeyAndValue) {
    std::vector<OptionProblem> problems;
    OptionValues values{{"records", {{"1"}, false}},
                        {"entry", {{"128 B"}, false}},
                        {"key_share", {{"0.125"}, false}}};
    const Phase phase = read_phase(PhaseKind::load, "", values, problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(phase.key, 16U);
    EXPECT_EQ(phase.value, std::vector<uint64_t>{112});
    const auto problem_with = [&](const char* name, const char* text) {
        OptionValues more = values;
        more[name] = {{text}, false};
        problems.clear();
        read_phase(PhaseKind::load, "", more, problems);
        return problems.empty() ? std::string() : problems[0].message;
    };
    EXPECT_EQ(problem_with("key", "16"), "");
    EXPECT_NE(problem_with("key", "20").find("exclude"), std::string::npos);
    EXPECT_NE(problem_with("value", "20").find("exclude"), std::string::npos);
    EXPECT_NE(problem_with("key_share", "0.01").find("8 B at least"), std::string::npos);
    values.erase("key_share");
    EXPECT_NE(problem_with("records", "2").find("need each other"), std::string::npos);
}

TEST(Options, BadOnesAreToldWithARemedy) {
    const auto problem_with = [](const char* name, OptionValue value) {
        std::vector<OptionProblem> problems;
        read_phase(PhaseKind::run, "",
                   {{"operations", {{"1"}, false}}, {"read", {{"1"}, false}}, {name, value}},
                   problems);
        return problems.empty() ? std::string() : problems[0].message;
    };
    EXPECT_NE(problem_with("beta", {{"1"}, true}).find("two shapes"), std::string::npos);
    EXPECT_NE(problem_with("beta", {{"1", "0.1"}, true}).find("from 0.5"), std::string::npos);
    EXPECT_NE(problem_with("range_weights", {{"1"}, true}).find("[a, b, c, d]"), std::string::npos);
    EXPECT_NE(problem_with("range_power", {{"1", "0"}, true}).find("above 0"), std::string::npos);
    EXPECT_NE(problem_with("scan_pareto", {{"1", "0"}, true}).find("scale"), std::string::npos);
    EXPECT_NE(problem_with("value_pareto", {{"1"}, true}).find("[shape, scale]"),
              std::string::npos);
    EXPECT_NE(problem_with("series", {{"0"}, false}).find("from 1"), std::string::npos);
    RunPhase run;
    run.operations = 10;
    run.read = 1;
    run.distribution = "ranges";
    const auto problem = workload_problem({load_of(10), run});
    ASSERT_TRUE(problem);
    EXPECT_NE(problem->message.find("shuffled or sequential"), std::string::npos);
}

TEST(Options, ThoseWithoutEffectAreRefused) {
    Phase load = load_of(10);
    load.series = 4;
    auto problem = workload_problem({load});
    ASSERT_TRUE(problem);
    EXPECT_NE(problem->message.find("order: time_series"), std::string::npos);
    load.series = 1;
    load.order = "sequential";
    EXPECT_FALSE(workload_problem({load}));
    load.displacement = 0.2;
    problem = workload_problem({load});
    ASSERT_TRUE(problem);
    EXPECT_NE(problem->message.find("set out_of_order"), std::string::npos);
    load.out_of_order = 0;  // as one value of a sweep
    EXPECT_FALSE(workload_problem({load}));
}

TEST(Options, SilentOnesArePrintedOnceWritten) {
    const auto has = [](const Phase& phase, const std::string& name) {
        for (const auto& [option, text] : print_phase(phase)) {
            if (option == name) return true;
        }
        return false;
    };
    RunPhase plain;
    plain.operations = 1;
    plain.read = 1;
    for (const char* name : {"beta", "empty_deletes", "exact", "section", "series", "ranges"})
        EXPECT_FALSE(has(plain, name)) << name;
    std::vector<OptionProblem> problems;
    const Phase written = read_phase(PhaseKind::run, "",
                                     {{"operations", {{"1"}, false}},
                                      {"read", {{"1"}, false}},
                                      {"empty_deletes", {{"0"}, false}}},
                                     problems);
    EXPECT_TRUE(has(written, "empty_deletes"));
}

}  // namespace
}  // namespace lsm::workloads
