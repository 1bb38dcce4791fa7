// One phase of a workload with every option: a `load:` fills the store, a `run:` mixes operations,
// a `replay:` performs those of a trace. The options are declared once, by a table for each kind
// (phase_options.cpp); YAML parsing, range errors and the JSON Schema come from them.
//
//     workload:
//       - load: {records: 500k, key: 16 B, value: 100 B, order: hashed}
//       - run:  {use: ycsb/a, operations: 1M}
//       - run:  {operations: 100k, read: 0.5, update: 0.5, distribution: zipfian}
//       - run:  {exact: true, insert: 10k, delete: 2k}     # weights are counts then
//       - replay: {file: traces/twitter.csv, format: twitter}
//
// Phases with another `section:` have keys of their own, in a range of their own.
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
// `value_weights: [8, 1, 1]` where they are not equally likely, or `value_pareto: [shape, scale]`
// (generalised Pareto, cut off at value_limit). `entry: 128 B` with `key_share: 0.125` sets key and
// value from their sum and ratio.
//
// An option that says nothing where it does not apply (a shape of a distribution that is not used)
// is left out when a phase is printed, unless it was written. Plain data, copied freely.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/policy/options.hpp"

namespace lsm::workloads {

enum class PhaseKind { load, run, replay };
const char* phase_kind_name(PhaseKind kind);  // "load", "run" or "replay"
std::optional<PhaseKind> find_phase_kind(std::string_view name);
/// All of them, by name.
const std::vector<std::string>& phase_kind_names();

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

    std::vector<double> value_pareto;  // shape and scale of a generalised Pareto distribution
    uint64_t value_limit = 1024;       // bytes: where it is cut off
    uint64_t entry = 0;                // bytes of key and value together; 0: left out
    double key_share = -1;             // of the entry; negative: left out
    uint64_t section = 0;              // whose keys the phase uses

    // how far from ascending keys arrive, where order is sequential; left out: as before
    double out_of_order = -1;               // share of the keys that are not at their place
    double displacement = -1;               // how far from it at most, as a share of the keys
    std::vector<double> displacement_beta;  // shape of the distances

    uint64_t series = 0;  // that time_series keys belong to; 0: left out

    uint64_t records = 0;     // load: keys to insert
    uint64_t operations = 0;  // run; replay: lines of the trace that are performed
    bool exact = false;       // run: weights are counts

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
    double delete_range = 0;

    // run: which key
    std::string distribution = "uniform";
    std::string read_distribution;  // empty: as `distribution`; so for the other three
    std::string update_distribution;
    std::string delete_distribution;
    std::string scan_distribution;
    double zipf_constant = 0.99;
    double hot_keys = 0.2;
    double hot_operations = 0.8;
    double normal_mean = 0.5;
    double normal_deviation = 0.1;
    std::vector<double> beta{2, 5};
    uint64_t ranges = 30;
    std::vector<double> range_weights{14.18, -2.917, 0.0164, -0.08082};
    std::vector<double> range_power{0.002312, 0.3467};
    uint64_t key_space = 0;
    double empty_reads = 0;
    double empty_deletes = 0;

    // run: scans
    std::vector<uint64_t> scan_length{1, 100};
    std::string scan_direction = "forward";
    std::string scan_start = "chosen";
    double scan_selectivity = 0;  // share of the live keys; 0: by scan_length
    std::vector<double> scan_pareto;
    uint64_t scan_limit = 10000;

    // run: range deletes
    double delete_selectivity = 0.001;  // share of the live keys
    std::string delete_start = "chosen";

    uint64_t ttl = 0;  // ticks that written entries live; 0: for ever

    uint64_t check = 1;  // every how many-th answer is checked; 0: none

    // replay
    std::string file;
    std::string format = "csv";
    uint64_t limit = 0;                  // operations; 0: the whole trace
    uint64_t operations_per_second = 0;  // turns the trace's seconds into ticks; 0: no TTL
    std::string path;                    // where the file was found
    uint64_t fingerprint = 0;            // of its content; 0: not known yet
    uint64_t first_ttl = 0;              // the line of its first TTL; 0: none, or not known yet

    std::vector<std::string> written;  // options that were written though their default is silent

    /// Operations that the phase performs.
    uint64_t total() const { return kind == PhaseKind::load ? records : operations; }
    /// Keys that it adds at most.
    uint64_t new_keys() const;
    bool needs_live_keys() const;
    /// The weights of a run in the order in which they are declared above.
    std::array<double, 11> weights() const;
    double weight_sum() const;
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

/// What may stand in a `replay:`.
struct ReplayPhase : Phase {
    ReplayPhase() { kind = PhaseKind::replay; }
    static OptionTable<ReplayPhase> table();
    std::optional<std::string> problem() const;
};

/// Multiplies the counts of a phase whose weights are counts, to 1 at least where there were any.
void scale_exact(Phase& phase, double scale);

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
