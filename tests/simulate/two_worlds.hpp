// The same trial on the engine and on the simulator, and what must be equal of the two results.
#pragma once

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "framework/experiment/trial_runner.hpp"
#include "framework/policy/registry.hpp"

namespace lsm::testing {

/// Policies that make the least difference, and a small tree of several levels.
inline experiment::Trial base_trial(const std::string& compaction, const OptionValues& options) {
    experiment::Trial trial;
    EngineSettings& settings = trial.settings;
    settings.memtable.policy = "vector";
    settings.bloom.policy = "uniform";
    settings.filter.policy = "bloom";
    settings.format.policy = "plain";
    settings.compaction = {compaction, options};
    settings.log_sync = "none";
    trial.device = experiment::find_device("nvme");
    settings.memtable_size = 32 << 10;
    settings.table_size = 16 << 10;
    return trial;
}

/// Loads a third, then updates, inserts, deletes and reads.
inline std::vector<workloads::Phase> mixed_phases(uint64_t operations) {
    workloads::Phase load;
    load.records = operations / 3;
    load.value = {84};
    workloads::Phase run;
    run.kind = workloads::PhaseKind::run;
    run.operations = operations - load.records;
    run.update = 0.5;
    run.insert = 0.2;
    run.remove = 0.1;
    run.delete_any = 0.02;
    run.read = 0.1;
    run.read_missing = 0.06;
    run.scan = 0.02;
    run.scan_length = {1, 20};
    return {load, run};
}

/// Loads a third that stays, then updates, inserts, deletes keys and ranges, and reads; then writes
/// that expire, soon and late, among the same.
inline std::vector<workloads::Phase> deleting_phases(uint64_t operations) {
    std::vector<workloads::Phase> phases = mixed_phases(operations / 2);
    phases[1].delete_range = 0.004;
    phases[1].delete_selectivity = 0.01;
    workloads::Phase expiring = phases[1];
    expiring.operations = operations / 4;
    expiring.ttl = operations / 40;
    phases.push_back(expiring);
    expiring.ttl = operations / 10;
    expiring.scan_direction = "backward";
    phases.push_back(expiring);
    return phases;
}

inline experiment::TrialResult run_on(const std::string& engine, experiment::Trial trial) {
    trial.engine = engine;
    return experiment::run_trial(trial);
}

inline double metric_of(const experiment::TrialResult& result, const std::string& name) {
    for (const auto& [found, value] : result.metrics) {
        if (found == name) return value;
    }
    ADD_FAILURE() << "no metric " << name;
    return 0;
}

/// |a - b| as a share of a; 0 when both are undefined.
inline double gap(double a, double b) {
    if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
    return std::abs(a - b) / std::abs(a);
}

inline std::string row_text(const experiment::LevelRow& row) {
    std::string text = "at " + std::to_string(row.operations);
    for (const uint64_t figure : {static_cast<uint64_t>(row.level), row.run, row.tables,
                                  row.entries, row.tombstones, row.logical_bytes})
        text += " " + std::to_string(figure);
    return text;
}

/// Levels, runs, tables, entries, tombstones and logical bytes are equal at every sample.
inline void expect_equal_levels(const experiment::TrialResult& engine,
                                const experiment::TrialResult& simulator) {
    ASSERT_EQ(engine.levels.size(), simulator.levels.size());
    for (size_t i = 0; i < engine.levels.size(); ++i)
        ASSERT_EQ(row_text(engine.levels[i]), row_text(simulator.levels[i]));
}

}  // namespace lsm::testing
