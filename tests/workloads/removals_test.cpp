// What takes keys away: deletes of nothing, range deletes, time to live.
#include <gtest/gtest.h>

#include "tests/workloads/mix_support.hpp"

namespace lsm::workloads {
namespace {

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

}  // namespace
}  // namespace lsm::workloads
