// One phase of a workload with every option: a `load:` fills the store, a `run:` mixes operations.
// The options are declared once, by two tables (what a load knows and what a run knows); YAML
// parsing, range errors and the JSON Schema come from them.
//
//     workload:
//       - load: {records: 500k, key: 16 B, value: 100 B, order: hashed}
//       - run:  {use: ycsb/a, operations: 1M}
//       - run:  {operations: 100k, read: 0.5, update: 0.5, distribution: zipfian}
//
// `use:` names a file workloads/<name>.yaml: a map of run options, with an `about` line. Whoever
// reads the YAML takes it away before read_phase, and lays the phase's own options over the file's.
//
// Some options are properties of the keys that are there rather than of a phase: key, value, order,
// compressibility. A phase that does not name them goes on with those of the phase before it;
// inherit_options() fills them in. The first phase has 16 B keys, values of 1000 B (YCSB's ten
// fields of 100 B), hashed order and compressibility 0.5.
//
// How a value's size is written: `value: 100 B` (all alike), `value: [50 B, 150 B]` (uniform
// between the two, inclusive), or `value_sizes: [20 B, 100 B, 4 KiB]` (one of these), with
// `value_weights: [8, 1, 1]` where they are not equally likely. Plain data, copied freely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/policy/options.hpp"

namespace lsm::workloads {

enum class PhaseKind { load, run };
const char* phase_kind_name(PhaseKind kind);  // "load" or "run"

struct Phase {
    PhaseKind kind = PhaseKind::load;
    std::string name;  // "ycsb/a" as in `use:`, or empty

    // what keys and values look like; left out: as in the phase before
    uint64_t key = 0;                     // bytes; 0: left out
    std::vector<uint64_t> value;          // bytes: one size, or the two ends of a range
    std::vector<uint64_t> value_sizes;    // bytes: a list to choose from
    std::vector<uint64_t> value_weights;  // how often each of value_sizes; empty: equally often
    double compressibility = -1;          // negative: left out
    std::string order;                    // how keys follow from the order of insertion

    uint64_t records = 0;     // load: keys to insert
    uint64_t operations = 0;  // run

    // run: weights of the operations, in any unit
    double read = 0;
    double update = 0;
    double insert = 0;
    double read_modify_write = 0;
    double scan = 0;
    double remove = 0;  // `delete` in YAML
    double read_missing = 0;
    double put = 0;
    double read_any = 0;
    double delete_any = 0;

    // run: which key
    std::string distribution = "uniform";
    double zipf_constant = 0.99;
    double hot_keys = 0.2;
    double hot_operations = 0.8;
    uint64_t key_space = 0;
    double empty_reads = 0;

    // run: scans
    std::vector<uint64_t> scan_length{1, 100};
    std::string scan_direction = "forward";

    uint64_t check = 1;  // run: every how many-th answer is checked; 0: none

    /// Operations that the phase performs.
    uint64_t total() const { return kind == PhaseKind::load ? records : operations; }
};

/// What may stand in a `load:`.
struct LoadPhase : Phase {
    LoadPhase() { kind = PhaseKind::load; }
    static OptionTable<LoadPhase> table();
    std::optional<std::string> problem() const;
};

/// What may stand in a `run:`.
struct RunPhase : Phase {
    RunPhase() { kind = PhaseKind::run; }
    static OptionTable<RunPhase> table();
    std::optional<std::string> problem() const;
};

/// Options of that kind of phase, for the schema and listings (`use` is the reader's and not among
/// them).
std::vector<OptionInfo> describe_phase(PhaseKind kind);

/// Reads a phase from YAML's values, `use` taken away; problems are appended.
Phase read_phase(PhaseKind kind, const std::string& name, const OptionValues& values,
                 std::vector<OptionProblem>& problems);

/// Every option of the phase's kind with its value, as one would write it in YAML. Options that do
/// not apply print as nothing (value beside value_sizes, for one) and are left out.
std::vector<std::pair<std::string, std::string>> print_phase(const Phase& phase);

/// Fills what phases left out from the phase before them. Does nothing to phases that are filled.
void inherit_options(std::vector<Phase>& phases);

}  // namespace lsm::workloads
