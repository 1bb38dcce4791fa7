// A strategy that was written for the engine, from the guide, runs in the simulator unchanged.
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/engines/simulator_engine.hpp"
#include "guide/compaction/two_level.hpp"  // out of docs/guide/writing-a-policy.md
#include "tests/simulate/two_worlds.hpp"

namespace lsm {
namespace {

TEST(OutsidePolicy, RunsInTheSimulatorUnchanged) {
    Registry registry = all_policies();
    registry.compaction().add<compaction::TwoLevel>("two_level", "docs/guide/writing-a-policy.md");
    experiment::Trial trial = testing::base_trial("two_level", {});
    trial.phases = testing::mixed_phases(20'000);
    trial.measure_every = 500;
    experiment::TrialHooks hooks;
    hooks.open = [&](const std::string&, const EngineSettings& settings) {
        return open_lsmlab_engine(registry, settings);
    };
    const experiment::TrialResult engine = experiment::run_trial(trial, hooks);
    hooks.open = [&](const std::string&, const EngineSettings& settings) {
        return open_simulator_engine(registry, settings);
    };
    const experiment::TrialResult simulator = experiment::run_trial(trial, hooks);
    testing::expect_equal_levels(engine, simulator);
    EXPECT_GT(testing::metric_of(simulator, "compactions"), 5);
    EXPECT_LT(testing::gap(testing::metric_of(engine, "write_amplification"),
                           testing::metric_of(simulator, "write_amplification")),
              0.01);
}

}  // namespace
}  // namespace lsm
