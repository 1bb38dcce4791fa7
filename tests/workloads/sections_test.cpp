// Sections: key sets of their own, in ranges of their own.
#include <gtest/gtest.h>

#include "tests/workloads/mix_support.hpp"

namespace lsm::workloads {
namespace {

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

}  // namespace
}  // namespace lsm::workloads
