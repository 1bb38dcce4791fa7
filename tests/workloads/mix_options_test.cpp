// Options of runs: sections, exact counts, empty deletes, selectivities, distributions of their
// own, series.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "framework/base/error.hpp"
#include "tests/support/map_engine.hpp"
#include "workloads/client.hpp"

namespace lsm::workloads {
namespace {

using lsm::testing::Lie;
using lsm::testing::MapEngine;

Phase load_of(uint64_t records, uint64_t section = 0) {
    LoadPhase phase;
    phase.records = records;
    phase.value = {20};
    phase.section = section;
    return phase;
}

Phase busy_phase(uint64_t operations, uint64_t section = 0) {
    RunPhase phase;
    phase.operations = operations;
    phase.section = section;
    phase.read = phase.update = phase.insert = phase.remove = phase.scan = 1;
    phase.read_modify_write = phase.read_missing = phase.read_any = 0.5;
    phase.empty_deletes = 0.3;
    phase.scan_length = {1, 40};
    return phase;
}

void run_all(Client& client, const Workload& workload) {
    for (size_t i = 0; i < workload.phases().size(); ++i) {
        client.begin_phase(i);
        while (client.remaining() > 0) client.step();
    }
}

std::map<std::string, uint64_t> kinds_of_calls(const MapEngine& engine) {
    std::map<std::string, uint64_t> kinds;
    for (const std::string& call : engine.calls()) ++kinds[call.substr(0, call.find(' '))];
    return kinds;
}

TEST(Sections, HaveKeysOfTheirOwnInRangesOfTheirOwn) {
    for (const char* order : {"hashed", "sequential", "shuffled", "time_series"}) {
        for (const char* direction : {"forward", "backward"}) {
            std::vector<Phase> phases{load_of(50, 7),      load_of(30, 2), busy_phase(2000, 7),
                                      busy_phase(2000, 2), load_of(20, 9), busy_phase(1000, 2)};
            for (Phase& phase : phases) {
                phase.order = order;
                phase.scan_direction = direction;
            }
            MapEngine engine;
            const Workload workload(phases, 3, 1);
            Client client(engine, workload, 0);
            run_all(client, workload);
            EXPECT_EQ(client.live_entries(), engine.content().size()) << order;
            uint64_t bytes = 0;
            std::map<std::string, uint64_t> starts;
            for (const auto& [key, value] : engine.content()) {
                bytes += key.size() + value.size();
                ++starts[key.substr(0, 2)];
            }
            EXPECT_EQ(client.live_bytes(), bytes);
            EXPECT_EQ(starts["09"], 20U);
            EXPECT_EQ(starts.size(), 3U);
            EXPECT_EQ(client.held_since(0).entries, client.live_entries());
        }
    }
}

TEST(Sections, LiesInScansThatGoOnIntoTheNextAreCaught) {
    for (const Lie lie : {Lie::scan_gap, Lie::scan_short, Lie::resurrected, Lie::scan_unordered}) {
        MapEngine engine(lie);
        const Workload workload({load_of(5, 1), load_of(5, 2), load_of(5, 3), busy_phase(3000, 2)},
                                3, 1);
        Client client(engine, workload, 0);
        EXPECT_THROW(run_all(client, workload), Error);
    }
}

TEST(Sections, KeysOfOneAreThoseOfAWorkloadWithoutSections) {
    const auto calls_of = [](uint64_t section) {
        MapEngine engine;
        engine.record();
        const Workload workload({load_of(100, section)}, 3, 1);
        Client client(engine, workload, 0);
        run_all(client, workload);
        return engine.calls();
    };
    EXPECT_EQ(calls_of(0), calls_of(5));
}

TEST(Sections, NeedRoomInTheKey) {
    std::vector<Phase> phases{load_of(10, 0), load_of(10, 1)};
    phases[0].key = 9;
    ASSERT_TRUE(workload_problem(phases));
    EXPECT_NE(workload_problem(phases)->message.find("at least 10 B"), std::string::npos);
    phases[0].key = 10;
    EXPECT_FALSE(workload_problem(phases));
}

TEST(ExactMix, PerformsEachOperationSoOften) {
    RunPhase run;
    run.exact = true;
    run.insert = 1000;
    run.update = 300;
    run.remove = 200;
    run.read = 77;
    run.scan = 5;
    run.operations = 1582;
    for (const uint64_t clients : {1, 3}) {
        MapEngine engine;
        engine.record();
        const Workload workload({load_of(500), run}, 3, clients);
        std::vector<std::unique_ptr<Client>> all;
        for (uint64_t i = 0; i < clients; ++i)
            all.push_back(std::make_unique<Client>(engine, workload, i));
        for (auto& client : all) run_all(*client, workload);
        auto kinds = kinds_of_calls(engine);
        EXPECT_EQ(kinds["put"], 500U + 1300U);
        EXPECT_EQ(kinds["delete"], 200U);
        EXPECT_EQ(kinds["get"], 77U);
        EXPECT_EQ(kinds["scan"], 5U);
        EXPECT_EQ(engine.content().size(), 1300U);
    }
}

TEST(ExactMix, IsInterleaved) {
    RunPhase run;
    run.exact = true;
    run.insert = run.read = 1000;
    run.operations = 2000;
    MapEngine engine;
    engine.record();
    const Workload workload({load_of(10), run}, 3, 1);
    Client client(engine, workload, 0);
    run_all(client, workload);
    int changes = 0;
    for (size_t i = 11; i < engine.calls().size(); ++i)
        changes += engine.calls()[i][0] != engine.calls()[i - 1][0];
    EXPECT_NEAR(changes, 1000, 110);
}

TEST(ExactMix, IsReadScaledAndRefused) {
    std::vector<OptionProblem> problems;
    OptionValues values{{"exact", {{"true"}, false}}, {"insert", {{"10k"}, false}}};
    Phase phase = read_phase(PhaseKind::run, "", values, problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(phase.total(), 10000U);
    scale_exact(phase, 0.01);
    EXPECT_EQ(phase.total(), 100U);
    scale_exact(phase, 0.0001);
    EXPECT_EQ(phase.total(), 1U);
    values["operations"] = {{"7"}, false};
    read_phase(PhaseKind::run, "", values, problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("exclude each other"), std::string::npos);
    values.erase("operations");
    values["insert"] = {{"0.5"}, false};
    problems.clear();
    read_phase(PhaseKind::run, "", values, problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("whole numbers"), std::string::npos);
}

TEST(EmptyDeletes, TakeNothingAway) {
    RunPhase run;
    run.operations = 4000;
    run.remove = 1;
    run.empty_deletes = 0.75;
    for (const char* order : {"hashed", "sequential", "time_series"}) {
        std::vector<Phase> phases{load_of(3000), run};
        phases[0].order = order;
        MapEngine engine;
        const Workload workload(phases, 3, 1);
        Client client(engine, workload, 0);
        run_all(client, workload);
        EXPECT_EQ(client.live_entries(), engine.content().size());
        EXPECT_NEAR(static_cast<double>(engine.content().size()), 2000, 150);
        EXPECT_EQ(client.keys().writes(), 7000U);
    }
}

TEST(RangeDeletes, TakeAShareOfTheKeys) {
    for (const char* order : {"hashed", "sequential", "shuffled", "time_series"}) {
        Phase run = busy_phase(2000);
        run.delete_range = 0.2;
        run.delete_selectivity = 0.05;
        std::vector<Phase> phases{load_of(3000), run};
        phases[0].order = order;
        MapEngine engine;
        engine.record();
        const Workload workload(phases, 3, 1);
        Client client(engine, workload, 0);
        run_all(client, workload);
        EXPECT_EQ(client.live_entries(), engine.content().size()) << order;
        EXPECT_LT(engine.content().size(), 600U);
        EXPECT_GT(kinds_of_calls(engine)["delete_range"], 20U);
        EXPECT_EQ(client.keys().writes(), engine.counters().puts + engine.counters().deletes);
    }
}

TEST(RangeDeletes, OfTheOldestGoAroundTheSeries) {
    RunPhase run;
    run.operations = 8;
    run.delete_range = 1;
    run.delete_start = "oldest";
    run.delete_selectivity = 0.4;
    std::vector<Phase> phases{load_of(400), run};
    phases[0].order = "time_series";
    phases[0].series = 4;
    MapEngine engine;
    engine.record();
    const Workload workload(phases, 3, 1);
    Client client(engine, workload, 0);
    run_all(client, workload);
    for (int i = 0; i < 8; ++i) {
        const std::string series = "000" + std::to_string(i % 4);
        EXPECT_EQ(engine.calls()[400 + i].substr(0, 34),
                  "delete_range " + series + "000000000000 " + series);
    }
    // Each takes 40% of the keys, a fourth of them in its series; what is left is the youngest.
    EXPECT_EQ(engine.content().size(), client.live_entries());
    EXPECT_LT(client.live_entries(), 250U);
    EXPECT_EQ(engine.content().count("0000000000000000"), 0U);
    EXPECT_EQ(engine.content().count("0000000000c60000"), 1U);
    phases[0].order = "hashed";
    phases[0].series = 0;
    EXPECT_NE(workload_problem(phases)->message.find("oldest needs"), std::string::npos);
}

TEST(RangeDeletes, ResurrectedKeysAreCaught) {
    RunPhase run;
    run.operations = 3000;
    run.delete_range = run.scan = run.insert = 1;
    run.scan_length = {5, 30};
    MapEngine engine(Lie::resurrected);
    const Workload workload({load_of(500), run}, 11, 1);
    Client client(engine, workload, 0);
    EXPECT_THROW(run_all(client, workload), Error);
}

TEST(RangeDeletes, NeedOneClient) {
    RunPhase run;
    run.operations = 10;
    run.delete_range = 1;
    EXPECT_FALSE(workload_problem({load_of(10), run}, 1));
    EXPECT_NE(workload_problem({load_of(10), run}, 2)->message.find("threads: 1"),
              std::string::npos);
}

TEST(TimeToLive, WhatExpiredIsNotThere) {
    for (const char* order : {"hashed", "time_series"}) {
        std::vector<Phase> phases{load_of(500), busy_phase(3000), busy_phase(1000)};
        phases[0].order = order;
        phases[0].ttl = 300;
        phases[1].ttl = 150;
        MapEngine engine;
        const Workload workload(phases, 3, 1);
        Client client(engine, workload, 0);
        for (size_t i = 0; i < 3; ++i) {
            client.begin_phase(i);
            while (client.remaining() > 0) client.step();
            EXPECT_EQ(client.live_entries(), engine.content().size()) << order;
            if (i == 0) {
                EXPECT_EQ(client.live_entries(), 300U);
            }
        }
    }
}

TEST(TimeToLive, ImmortalsAreCaught) {
    for (const bool scans : {false, true}) {
        RunPhase run;
        run.operations = 2000;
        run.insert = 1;
        (scans ? run.scan : run.read_any) = 1;
        run.ttl = 100;
        run.key_space = 1000;
        MapEngine engine(Lie::immortal);
        const Workload workload({load_of(100), run}, 3, 1);
        Client client(engine, workload, 0);
        EXPECT_THROW(run_all(client, workload), Error) << scans;
    }
}

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
