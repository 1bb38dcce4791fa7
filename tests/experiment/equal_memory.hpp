// What lookups cost with a bloom sizing at the filter memory that it really takes, in the engine,
// on a tree that goes on being written.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "framework/experiment/trial_runner.hpp"

namespace lsm::experiment {

struct Cost {
    double memory = 0;  // filter bytes, mean over the samples
    double probes =
        0;  // blocks that a lookup reads: of an absent key, or of a young one that is there
};

struct Design {
    std::string compaction;
    std::map<std::string, std::string> options;
    bool shrinking = false;    // small values are written over large ones
    bool reads_young = false;  // lookups of keys that were inserted last, instead of absent ones
};

struct Sizing {
    std::string policy;
    std::string bits;         // per key
    std::string memory = "";  // instead, where the policy takes that
};

inline Cost cost_of(const Design& design, const Sizing& sizing) {
    Trial trial;
    trial.settings.memtable.policy = "skiplist";
    trial.settings.bloom.policy = sizing.policy;
    if (sizing.memory.empty()) {
        trial.settings.bloom.options["bits_per_key"] = {{sizing.bits}, false};
    } else {
        trial.settings.bloom.options["memory"] = {{sizing.memory}, false};
    }
    trial.settings.filter.policy = "bloom";
    trial.settings.format.policy = "row_block";
    trial.settings.compaction.policy = design.compaction;
    for (const auto& [name, value] : design.options) {
        trial.settings.compaction.options[name] = {{value}, false};
    }
    trial.settings.memtable_size = 4096;
    trial.settings.table_size = 4096;
    workloads::Phase load;
    load.kind = workloads::PhaseKind::load;
    load.key = 16;
    load.value = {design.shrinking ? uint64_t{200} : uint64_t{16}};
    load.records = design.shrinking ? 6000 : 20000;
    workloads::Phase run = load;
    run.kind = workloads::PhaseKind::run;
    run.records = 0;
    run.operations = 40000;
    (design.reads_young ? run.read : run.read_missing) = 0.8;
    run.update = 0.2;
    run.value = {design.shrinking ? uint64_t{8} : uint64_t{16}};
    run.distribution = "uniform";
    if (design.reads_young) run.read_distribution = "latest";
    trial.phases = {load, run};
    trial.measure_every = 500;
    const TrialResult result = run_trial(trial);
    std::map<std::string, double> metrics(result.metrics.begin(), result.metrics.end());
    return {
        metrics.at("mean_filter_memory_bytes"),
        metrics.at(design.reads_young ? "read_amplification_found" : "read_amplification_empty")};
}

/// Of a curve that falls exponentially.
inline double read_off(const std::vector<Cost>& curve, double memory) {
    for (size_t i = 1; i < curve.size(); ++i) {
        if (memory > curve[i].memory && i + 1 < curve.size()) continue;
        const double share =
            (memory - curve[i - 1].memory) / (curve[i].memory - curve[i - 1].memory);
        return curve[i - 1].probes * std::pow(curve[i].probes / curve[i - 1].probes, share);
    }
    return curve.front().probes;
}

}  // namespace lsm::experiment
