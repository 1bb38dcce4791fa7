// Mixes by counts instead of weights.
#include <gtest/gtest.h>

#include "tests/workloads/mix_support.hpp"

namespace lsm::workloads {
namespace {

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

TEST(ExactMix, HoldsWhereDeletesUseUpAllKeys) {
    RunPhase run;
    run.exact = true;
    run.insert = run.remove = 300;
    run.read = 200;
    run.operations = 800;
    uint64_t emptied = 0;
    for (uint64_t seed = 1; seed <= 20; ++seed) {
        MapEngine engine;
        engine.record();
        const Workload workload({load_of(1), run}, seed, 1);
        Client client(engine, workload, 0);
        for (size_t phase = 0; phase < 2; ++phase) {
            client.begin_phase(phase);
            while (client.remaining() > 0) {
                client.step();
                emptied += client.live_entries() == 0;
            }
        }
        auto kinds = kinds_of_calls(engine);
        EXPECT_EQ(kinds["put"], 301U);
        EXPECT_EQ(kinds["delete"], 300U);
        EXPECT_EQ(kinds["get"], 200U);
    }
    EXPECT_GT(emptied, 20U);
}

TEST(ExactMix, SaysWhenNoKeyWillCome) {
    RunPhase run;
    run.exact = true;
    run.remove = 20;
    run.read = 20;
    run.operations = 40;
    MapEngine engine;
    const Workload workload({load_of(10), run}, 3, 1);
    Client client(engine, workload, 0);
    try {
        run_all(client, workload);
        FAIL() << "deleted 20 of 10 keys";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::config);
        EXPECT_NE(std::string(error.what()).find("no key is alive"), std::string::npos);
    }
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

}  // namespace
}  // namespace lsm::workloads
