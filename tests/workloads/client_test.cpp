#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "framework/base/error.hpp"
#include "tests/support/mixes.hpp"
#include "tests/workloads/mix_support.hpp"

namespace lsm::workloads {
namespace {

Phase run_of(uint64_t operations) {
    Phase phase;
    phase.kind = PhaseKind::run;
    phase.operations = operations;
    return phase;
}

/// Everything at once, over keys that come and go.
Phase phase_of_everything(uint64_t operations) {
    Phase phase = run_of(operations);
    phase.read = phase.update = phase.insert = phase.remove = 1;
    phase.read_modify_write = phase.scan = phase.read_missing = 0.5;
    phase.put = phase.read_any = phase.delete_any = 0.5;
    phase.empty_reads = 0.2;
    phase.scan_length = {1, 30};
    return phase;
}

TEST(Client, FindsNothingWrongWithAStoreThatIsRight) {
    for (const char* order : {"hashed", "sequential", "shuffled"}) {
        for (const char* distribution : {"uniform", "zipfian", "latest", "hotspot", "sequential"}) {
            for (const char* direction : {"forward", "backward"}) {
                std::vector<Phase> phases{load_of(500), phase_of_everything(5000),
                                          phase_of_everything(2000), load_of(100),
                                          phase_of_everything(1000)};
                phases[0].order = order;
                phases[2].value = {1, 60};
                phases[4].value_sizes = {3, 8, 200};
                for (Phase& phase : phases) {
                    phase.distribution = distribution;
                    phase.scan_direction = direction;
                }
                MapEngine engine;
                const Workload workload(phases, 11, 1);
                Client client(engine, workload, 0);
                run_all(client, workload);
                uint64_t live_bytes = 0;
                for (const auto& [key, value] : engine.content())
                    live_bytes += key.size() + value.size();
                EXPECT_EQ(client.keys().live_entries(), engine.content().size())
                    << order << distribution;
                EXPECT_EQ(client.keys().live_bytes(), live_bytes);
                EXPECT_GT(client.checked(), 3000U);
            }
        }
    }
}

TEST(Client, StartsFromNothing) {
    MapEngine engine;
    const Workload workload({phase_of_everything(3000)}, 3, 1);
    Client client(engine, workload, 0);
    run_all(client, workload);
    EXPECT_EQ(client.keys().live_entries(), engine.content().size());
}

TEST(Client, SurvivesDeletingEverything) {
    Phase deletes = run_of(1000);
    deletes.remove = 1;
    MapEngine engine;
    const Workload workload({load_of(500), deletes}, 3, 1);
    Client client(engine, workload, 0);
    run_all(client, workload);
    EXPECT_EQ(client.keys().live_entries(), 0U);
    EXPECT_EQ(client.keys().live_bytes(), 0U);
    EXPECT_TRUE(engine.content().empty());
}

struct LieCase {
    Lie lie;
    const char* words;  // in the message
};

class LyingEngine : public ::testing::TestWithParam<LieCase> {};

TEST_P(LyingEngine, IsCaught) {
    Phase run = phase_of_everything(20000);
    if (GetParam().lie == Lie::scan_unordered || GetParam().lie == Lie::scan_gap ||
        GetParam().lie == Lie::scan_short) {
        run.scan_length = {5, 30};
    }
    MapEngine engine(GetParam().lie);
    const Workload workload({load_of(500), run}, 11, 1);
    Client client(engine, workload, 0);
    try {
        run_all(client, workload);
        FAIL() << "not noticed";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::corruption);
        EXPECT_NE(std::string(error.what()).find(GetParam().words), std::string::npos)
            << error.what();
        EXPECT_NE(std::string(error.what()).find("the store answered wrong"), std::string::npos)
            << error.what();
    }
}

INSTANTIATE_TEST_SUITE_P(All, LyingEngine,
                         ::testing::Values(LieCase{Lie::wrong_byte, "got 20 bytes"},
                                           LieCase{Lie::stale, "that look like version"},
                                           LieCase{Lie::lost, "got no value"},
                                           LieCase{Lie::resurrected, "expected no value"},
                                           LieCase{Lie::invented, "expected no value"},
                                           LieCase{Lie::scan_unordered, "scan from"},
                                           LieCase{Lie::scan_gap, "is left out"},
                                           LieCase{Lie::scan_short, "is left out"},
                                           LieCase{Lie::scan_miscounted, "were announced"}));

TEST(Client, ResurrectedKeysAreCaughtInScansAlone) {
    Phase run = run_of(20000);
    run.remove = run.scan = run.insert = 1;
    run.scan_length = {5, 30};
    MapEngine engine(Lie::resurrected);
    const Workload workload({load_of(500), run}, 11, 1);
    Client client(engine, workload, 0);
    EXPECT_THROW(run_all(client, workload), Error);
}

TEST(Client, ChecksOnlyTheSampleThatWasAskedFor) {
    for (const uint64_t every : {0, 1, 7}) {
        Phase run = run_of(7000);
        run.read = 1;
        run.check = every;
        MapEngine engine;
        const Workload workload({load_of(10), run}, 1, 1);
        Client client(engine, workload, 0);
        run_all(client, workload);
        EXPECT_EQ(client.checked(), every == 0 ? 0 : 7000 / every);
    }
    Phase run = run_of(1000);
    run.read = 1;
    run.check = 0;
    MapEngine liar(Lie::lost);
    const Workload workload({load_of(10), run}, 1, 1);
    Client client(liar, workload, 0);
    EXPECT_NO_THROW(run_all(client, workload));
}

TEST(Client, LetsAStoreDropButNotGoBack) {
    Phase run = run_of(2000);
    run.read = run.scan = 1;
    {
        MapEngine engine(Lie::none, true);
        const Workload workload({load_of(500), run}, 1, 1);
        Client client(engine, workload, 0);
        client.begin_phase(0);
        while (client.remaining() > 0) client.step();
        engine.drop_all();
        client.begin_phase(1);
        while (client.remaining() > 0) EXPECT_NO_THROW(client.step());
    }
    for (const Lie lie : {Lie::stale, Lie::lost}) {  // the tables still hold what is "lost"
        run.update = 1;
        MapEngine engine(lie, true);
        engine.flush_every = 100;
        const Workload workload({load_of(500), run}, 1, 1);
        Client client(engine, workload, 0);
        EXPECT_THROW(run_all(client, workload), Error);
    }
}

TEST(LiveKeys, HeldSinceCountsTheYoungOnes) {
    MapEngine engine;
    Phase deletes = run_of(3);
    deletes.remove = 1;
    const Workload workload({load_of(10), deletes}, 1, 1);
    Client client(engine, workload, 0);
    run_all(client, workload);  // writes 1 to 10, deletes 11 to 13
    EXPECT_EQ(client.keys().writes(), 13U);
    EXPECT_EQ(client.keys().held_since(0).entries, 7U);
    EXPECT_EQ(client.keys().held_since(0).bytes, client.keys().live_bytes());
    EXPECT_EQ(client.keys().held_since(11).entries, 0U);
    uint64_t young = 0;
    for (uint64_t local = 5; local < 10; ++local) young += client.keys().alive(local);
    EXPECT_EQ(client.keys().held_since(6).entries, young);
    EXPECT_EQ(client.keys().held_since(6).bytes, young * 36);
}

TEST(Client, SharesOfSeveralClientsAreCheckedApart) {
    for (const char* order : {"hashed", "sequential", "shuffled"}) {
        std::vector<Phase> phases{load_of(301), phase_of_everything(6000)};
        phases[0].order = order;
        MapEngine engine;
        const Workload workload(phases, 5, 3);
        std::vector<std::unique_ptr<Client>> clients;
        for (uint64_t i = 0; i < 3; ++i)
            clients.push_back(std::make_unique<Client>(engine, workload, i));
        for (size_t phase = 0; phase < 2; ++phase) {
            for (auto& client : clients) client->begin_phase(phase);
            for (bool more = true; more;) {
                more = false;
                for (auto& client : clients) {
                    if (client->remaining() == 0) continue;
                    client->step();
                    more = true;
                }
            }
        }
        uint64_t entries = 0;
        for (auto& client : clients) entries += client->keys().live_entries();
        EXPECT_EQ(entries, engine.content().size());
    }
}

TEST(Client, SequentialLoadAscendsAndShuffledDoesNot) {
    for (const bool shuffled : {false, true}) {
        std::vector<Phase> phases{load_of(100)};
        phases[0].order = shuffled ? "shuffled" : "sequential";
        MapEngine engine;
        engine.record();
        const Workload workload(phases, 5, 1);
        Client client(engine, workload, 0);
        run_all(client, workload);
        EXPECT_NE(std::is_sorted(engine.calls().begin(), engine.calls().end()), shuffled);
        // The same keys either way: 2, 4, ... 198.
        EXPECT_EQ(engine.content().begin()->first, "0000000000000000");
        EXPECT_EQ(engine.content().rbegin()->first, "000000c600000000");
    }
}

TEST(Client, WeightsAreShares) {
    for (const std::string& name : lsm::testing::mix_names()) {
        const Phase mix = lsm::testing::read_mix(name, 20000);
        Phase load = lsm::testing::load_for(mix, 1000);
        load.value = {20};
        MapEngine engine;
        const Workload workload({load, mix}, 5, 1);
        Client client(engine, workload, 0);
        run_all(client, workload);
        const EngineCounters counters = engine.counters();
        const double sum = mix.weight_sum();
        const double expected_gets =
            (mix.read + mix.read_modify_write + mix.read_missing + mix.read_any) / sum;
        const double expected_puts =
            (mix.update + mix.insert + mix.read_modify_write + mix.put) / sum;
        EXPECT_NEAR(static_cast<double>(counters.gets), 20000 * expected_gets, 350) << name;
        EXPECT_NEAR(static_cast<double>(counters.puts - 1000), 20000 * expected_puts, 350) << name;
        EXPECT_NEAR(static_cast<double>(counters.scans), 20000 * mix.scan / sum, 350) << name;
        EXPECT_NEAR(static_cast<double>(counters.deletes),
                    20000 * (mix.remove + mix.delete_any) / sum, 350)
            << name;
    }
}

TEST(Client, SameSeedSameOperationsWhateverTheStoreAnswers) {
    const auto calls_of = [](uint64_t seed, uint64_t check, Lie lie) {
        Phase run = phase_of_everything(2000);
        run.check = check;
        MapEngine engine(lie);
        engine.record();
        const Workload workload({load_of(200), run}, seed, 1);
        Client client(engine, workload, 0);
        run_all(client, workload);
        return engine.calls();
    };
    EXPECT_EQ(calls_of(1, 1, Lie::none), calls_of(1, 1, Lie::none));
    EXPECT_EQ(calls_of(1, 1, Lie::none), calls_of(1, 0, Lie::lost));
    EXPECT_NE(calls_of(1, 1, Lie::none), calls_of(2, 1, Lie::none));
}

}  // namespace
}  // namespace lsm::workloads
