// One strategy, two worlds: every registered compaction policy gives the same tree in the engine
// and in the simulator. Small by default; the whole test, which prints its figures and takes many
// minutes (docs/guide/simulator.md has what was seen), is
//
//     LSMLAB_AGREEMENT=2000000 build/dev/tests/test_simulate --gtest_filter='Agreement*'
#include "tests/simulate/two_worlds.hpp"

namespace lsm {
namespace {

using experiment::Trial;
using experiment::TrialResult;

uint64_t operations() {
    const char* asked = std::getenv("LSMLAB_AGREEMENT");
    return asked != nullptr ? std::strtoull(asked, nullptr, 10) : 40'000;
}

struct Subject {
    std::string policy;
    OptionValues options;
    std::string label;
};

void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.label; }

/// Each registered strategy with its defaults, with a size ratio of 4, and with every word of every
/// choice.
std::vector<Subject> subjects() {
    std::vector<Subject> all;
    for (const auto& policy : all_policies().compaction().policies()) {
        OptionValues small;
        for (const OptionInfo& option : policy.options) {
            if (option.name == "size_ratio") small["size_ratio"] = {{"4"}, false};
            if (option.name == "limit") small["limit"] = {{"1 MiB"}, false};
        }
        all.push_back({policy.name, {}, policy.name});
        if (!small.empty()) all.push_back({policy.name, small, policy.name + "_small"});
        for (const OptionInfo& option : policy.options) {
            if (option.type != OptionType::choice) continue;
            for (const std::string& word : option.choices) {
                OptionValues options = small;
                options[option.name] = {{word}, false};
                all.push_back({policy.name, options, policy.name + "_" + option.name + "_" + word});
            }
        }
    }
    return all;
}

class Agreement : public ::testing::TestWithParam<Subject> {};

/// Memtables and tables of a size at which the tree has some levels.
void size_tree(Trial& trial) {
    trial.measure_every = operations() / 200;
    if (operations() <= 200'000) return;
    trial.settings.memtable.policy =
        "skiplist";  // of large ones `vector` sorts a copy for each scan
    trial.settings.memtable_size = 256 << 10;
    trial.settings.table_size = 128 << 10;
    const EngineSettings::Part& compaction = trial.settings.compaction;
    const bool never_merges =
        compaction.policy == "never" || (compaction.policy == "fifo" && compaction.options.empty());
    // Every read asks every run, of which there would be hundreds.
    if (never_merges) trial.settings.memtable_size = 4 << 20;
}

void print_gap(const std::string& label, const char* name, double real, double simulated) {
    if (std::getenv("LSMLAB_AGREEMENT") == nullptr) return;
    std::printf("%-40s %-26s %14.6g %14.6g %8.4f %%\n", label.c_str(), name, real, simulated,
                100 * testing::gap(real, simulated));
}

/// Filters are drawn and blocks are reckoned, so reads cost about the same only.
void expect_reads_alike(const TrialResult& engine, const TrialResult& simulator,
                        const std::string& label) {
    for (const auto& [name, most] : {std::pair{"filter_probes", 0.0},
                                     {"read_amplification_found", 0.05},
                                     {"read_amplification_empty", 1.0},
                                     {"range_read_amplification", 0.05},
                                     {"modelled_seconds", 0.03},
                                     {"filter_false_positive_rate", 1.0},
                                     {"tables_probed", 0.05}}) {
        const double real = testing::metric_of(engine, name);
        const double simulated = testing::metric_of(simulator, name);
        EXPECT_LE(testing::gap(real, simulated), most) << name << " " << real << " " << simulated;
        print_gap(label, name, real, simulated);
    }
}

void expect_agreement(const Trial& trial, const std::string& label) {
    const TrialResult engine = testing::run_on("lsmlab", trial);
    const TrialResult simulator = testing::run_on("simulator", trial);
    testing::expect_equal_levels(engine, simulator);
    for (const char* name : {"operations",
                             "user_bytes",
                             "puts",
                             "deletes",
                             "gets",
                             "empty_gets",
                             "scans",
                             "flushes",
                             "compactions",
                             "moves",
                             "drops",
                             "dropped_entries",
                             "live_bytes",
                             "live_entries",
                             "logical_bytes",
                             "levels",
                             "runs",
                             "tables",
                             "tombstones",
                             "range_tombstones",
                             "tombstone_age_max",
                             "tombstone_age_final_mean",
                             "tombstone_age_final_max",
                             "compaction_debt_bytes"}) {
        EXPECT_EQ(
            testing::gap(testing::metric_of(engine, name), testing::metric_of(simulator, name)), 0)
            << name;
    }
    for (const char* name : {"write_amplification", "space_amplification", "flush_bytes",
                             "compaction_bytes_written", "compaction_bytes_read", "stored_bytes",
                             "largest_compaction_bytes", "filter_memory_bytes"}) {
        const double real = testing::metric_of(engine, name);
        const double simulated = testing::metric_of(simulator, name);
        EXPECT_LT(testing::gap(real, simulated), 0.01) << name << " " << real << " " << simulated;
        print_gap(label, name, real, simulated);
    }
    expect_reads_alike(engine, simulator, label);
}

TEST_P(Agreement, OfEngineAndSimulator) {
    Trial trial = testing::base_trial(GetParam().policy, GetParam().options);
    trial.phases = testing::mixed_phases(operations());
    size_tree(trial);
    expect_agreement(trial, GetParam().label);
}

INSTANTIATE_TEST_SUITE_P(, Agreement, ::testing::ValuesIn(subjects()),
                         [](const auto& param) { return param.param.label; });

/// Each strategy with its defaults or, where it has one, a small size ratio.
std::vector<Subject> small_subjects() {
    std::vector<Subject> all;
    for (const Subject& subject : subjects()) {
        if (subject.label == subject.policy) {
            all.push_back(subject);
        } else if (subject.label == subject.policy + "_small") {
            all.back() = subject;
        }
    }
    return all;
}

class AgreementOnDeletes : public ::testing::TestWithParam<Subject> {};

/// Range deletes among all other operations, and values that expire beside values that stay.
TEST_P(AgreementOnDeletes, OfRangesAndByTime) {
    Trial trial = testing::base_trial(GetParam().policy, GetParam().options);
    trial.phases = testing::deleting_phases(operations() / 2);
    size_tree(trial);
    expect_agreement(trial, GetParam().label + "_deletes");
}

INSTANTIATE_TEST_SUITE_P(, AgreementOnDeletes, ::testing::ValuesIn(small_subjects()),
                         [](const auto& param) { return param.param.label; });

/// Ranges over most of a table and more, that are deleted from the oldest end of each series.
TEST(AgreementOnSeries, OfEngineAndSimulator) {
    for (const char* policy : {"leveling", "tiering", "pebblesdb"}) {
        SCOPED_TRACE(policy);
        Trial trial = testing::base_trial(policy, {});
        workloads::Phase load;
        load.records = operations() / 4;
        load.value = {40};
        load.order = "time_series";
        load.series = 10;
        load.key = 24;
        workloads::Phase run;
        run.kind = workloads::PhaseKind::run;
        run.operations = operations() / 4;
        run.insert = 0.8;
        run.delete_range = 0.02;
        run.delete_start = "oldest";
        run.delete_selectivity = 0.05;
        run.read = 0.1;
        run.scan = 0.02;
        run.ttl = operations() / 8;
        trial.phases = {load, run};
        size_tree(trial);
        expect_agreement(trial, std::string(policy) + "_series");
    }
}

/// Values with a time and values without one, side by side in tables that are no sample of
/// themselves: which of both the sample meets says nothing about the table.
TEST(AgreementOnTimes, InPartsOfLargeTables) {
    for (const char* policy : {"leveling", "cassandra_twcs", "lethe"}) {
        SCOPED_TRACE(policy);
        Trial trial = testing::base_trial(policy, {});
        trial.settings.memtable_size = 128 << 10;
        trial.settings.table_size = 512 << 10;
        workloads::Phase load;
        load.records = 20'000;
        load.value = {20};
        load.order = "time_series";
        load.series = 16;
        workloads::Phase timed = load;
        timed.kind = workloads::PhaseKind::run;
        timed.records = 0;
        timed.operations = 40'000;
        timed.insert = 0.8;
        timed.update = 0.2;
        timed.ttl = 25'000;
        workloads::Phase plain = timed;
        plain.operations = 20'000;
        plain.update = 0;
        plain.ttl = 0;
        trial.phases = {load, timed, plain};
        trial.measure_every = 1000;
        expect_agreement(trial, std::string(policy) + "_times");
    }
}

}  // namespace
}  // namespace lsm
