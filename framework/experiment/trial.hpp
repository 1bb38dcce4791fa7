// A trial: one point of an experiment's grid, with every setting resolved, and what running it
// gave. The experiment reader makes trials from YAML, the trial runner turns each into a result,
// the run writes results to its folder. Trials do not depend on each other: any of them can be run
// alone, in any order, on any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/engines/engine.hpp"
#include "framework/experiment/device.hpp"
#include "workloads/phase.hpp"

namespace lsm::experiment {

enum class Mode { deterministic, realtime };

struct Trial {
    uint64_t number = 1;  // from 1, in grid order
    uint64_t repeat = 1;  // from 1
    uint64_t seed = 42;
    Mode mode = Mode::deterministic;
    std::string engine = "lsmlab";
    uint64_t client_threads = 1;
    EngineSettings settings;
    std::vector<workloads::Phase> phases;
    uint64_t measure_every = 10000;  // operations between samples
    std::optional<Device> device;    // whose time is modelled
    /// Every setting by dotted path ("tree.compaction.size_ratio") with its resolved value as text,
    /// in the order of the columns of trials.csv. Sizes are plain bytes.
    std::vector<std::pair<std::string, std::string>> columns;
    /// The swept paths with this trial's values as written: what tells it apart, for tables and
    /// progress.
    std::vector<std::pair<std::string, std::string>> label;
};

/// One row of levels.csv.
struct LevelRow {
    uint64_t operations = 0;
    int level = 0;
    uint64_t run = 0;
    uint64_t tables = 0;
    uint64_t entries = 0;
    uint64_t tombstones = 0;
    uint64_t logical_bytes = 0;
    uint64_t stored_bytes = 0;
    uint64_t filter_bits = 0;
};

/// All metrics at one moment, in a fixed order that is the same for all samples of all trials.
struct Sample {
    uint64_t operations = 0;
    uint64_t user_bytes = 0;
    std::vector<std::pair<std::string, double>> metrics;  // not-a-number: undefined so far
};

struct TrialResult {
    std::vector<Sample> samples;
    std::vector<LevelRow> levels;
    std::vector<std::string>
        events;  // lines of events.jsonl without the trial's number: JSON objects
    /// The row of trials.csv: final values, then peak_ and mean_ of sampled metrics.
    std::vector<std::pair<std::string, double>> metrics;
    uint64_t checked_reads = 0;
    double wall_seconds = 0;  // for the terminal only; not part of deterministic results
};

}  // namespace lsm::experiment
