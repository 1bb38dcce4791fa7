// How many trials a sweep makes, in which order, and what the command line lays over it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "framework/base/error.hpp"
#include "tests/experiment/small_context.hpp"

namespace lsm::experiment {
namespace {

std::vector<std::string> labels(const Experiment& experiment) {
    std::vector<std::string> texts;
    for (const Trial& trial : experiment.trials) {
        texts.push_back(trial_label(experiment, trial));
    }
    return texts;
}

std::string column(const Trial& trial, const std::string& path) {
    for (const auto& [name, value] : trial.columns) {
        if (name == path) {
            return value;
        }
    }
    return "(none)";
}

const char* const kGrid =
    "sweep:\n"
    "  tree.compaction.policy: [leveling, tiering]\n"
    "  tree.compaction.size_ratio: [2, 4, 8]\n";

TEST(Sweep, FirstAxisIsTheSlowest) {
    const SmallContext small;
    const Experiment experiment = small.read(small_experiment(kGrid));
    EXPECT_EQ(labels(experiment),
              (std::vector<std::string>{"leveling, size_ratio=2", "leveling, size_ratio=4",
                                        "leveling, size_ratio=8", "tiering, size_ratio=2",
                                        "tiering, size_ratio=4", "tiering, size_ratio=8"}));
    EXPECT_EQ(experiment.trials[4].number, 5u);
    EXPECT_EQ(column(experiment.trials[4], "tree.compaction.size_ratio"), "4");
    EXPECT_EQ(experiment.trials[4].settings.compaction.policy, "tiering");
    EXPECT_EQ(experiment.trials[4].settings.compaction.options.at("size_ratio").items.front(), "4");
}

TEST(Sweep, TrialsThatDifferOnlyInAnOptionTheirPolicyLacksAreOne) {
    const SmallContext small;
    const Experiment experiment =
        small.read(small_experiment("sweep:\n  tree.compaction.policy: [leveling, fifo]\n  "
                                    "tree.compaction.size_ratio: [2, 4, 8]\n"));
    EXPECT_EQ(labels(experiment),
              (std::vector<std::string>{"leveling, size_ratio=2", "leveling, size_ratio=4",
                                        "leveling, size_ratio=8", "fifo"}));
    EXPECT_EQ(experiment.trial_of_point, (std::vector<size_t>{0, 1, 2, 3, 3, 3}));
    EXPECT_EQ(column(experiment.trials[3], "tree.compaction.size_ratio"), "(none)");
}

TEST(Sweep, ValuesThatAreTheSameAreOneTrial) {
    const SmallContext small;
    const Experiment experiment =
        small.read(small_experiment("sweep:\n  tree.memtable.size: [1 MiB, 1024 KiB, 2 MiB]\n"));
    EXPECT_EQ(experiment.trials.size(), 2u);
}

TEST(Sweep, MapsSetSeveralKeysTogether) {
    const SmallContext small;
    const Experiment experiment = small.read(
        small_experiment("sweep:\n  design:\n"
                         "    - {tree.compaction.policy: leveling, tree.compaction.size_ratio: 4}\n"
                         "    - {tree.compaction.policy: tiering, tree.compaction.size_ratio: 8}\n"
                         "  tree.bloom:\n    - none\n    - {policy: uniform, bits_per_key: 3}\n"));
    EXPECT_EQ(
        labels(experiment),
        (std::vector<std::string>{
            "leveling, size_ratio=4, none", "leveling, size_ratio=4, bits_per_key=3, uniform",
            "tiering, size_ratio=8, none", "tiering, size_ratio=8, bits_per_key=3, uniform"}));
}

std::vector<std::string> swept(const std::string& path, const std::string& range,
                               const ReadOptions& options = {}) {
    const SmallContext small;
    std::vector<std::string> values;
    const std::string sweep = range.empty() ? "" : "sweep: {" + path + ": " + range + "}\n";
    for (const Trial& trial : small.read(small_experiment(sweep), options).trials) {
        values.push_back(column(trial, path));
    }
    return values;
}

using Texts = std::vector<std::string>;

TEST(Sweep, RangesStandForTheirValues) {
    const std::string ratio = "tree.compaction.size_ratio";
    EXPECT_EQ(swept(ratio, "{from: 2, to: 10, step: 4}"), (Texts{"2", "6", "10"}));
    EXPECT_EQ(swept(ratio, "{from: 2, to: 9, step: 4}"), (Texts{"2", "6"}));
    EXPECT_EQ(swept(ratio, "{from: 2, to: 4}"), (Texts{"2", "3", "4"}));
    EXPECT_EQ(swept(ratio, "[16, {from: 2, to: 8, factor: 2, scale: log}]"),
              (Texts{"16", "2", "4", "8"}));
    EXPECT_EQ(swept("tree.bloom.bits_per_key", "{from: 0.1, to: 0.3, step: 0.1}"),
              (Texts{"0.1", "0.2", "0.3"}));
    EXPECT_EQ(swept("tree.bloom.bits_per_key", "{from: 1, to: 2, points: 4}"),
              (Texts{"1", "1.33333333333", "1.66666666667", "2"}));
}

TEST(Sweep, LogarithmicRangesGrowByTheSameFactor) {
    EXPECT_EQ(swept("tree.memtable.size", "{from: 1 MiB, to: 1 GiB, points: 6, scale: log}"),
              (Texts{"1048576", "4194304", "16777216", "67108864", "268435456", "1073741824"}));
    EXPECT_EQ(swept("tree.bloom.bits_per_key", "{from: 1, to: 10, points: 3, scale: log}"),
              (Texts{"1", "3.162", "10"}));
    EXPECT_EQ(swept("workload.run.operations", "{from: 1k, to: 1M, factor: 10, scale: log}"),
              (Texts{"1000", "10000", "100000", "1000000"}));
}

TEST(Sweep, ListsBelowALabelGoTogether) {
    const SmallContext small;
    const Experiment experiment =
        small.read(small_experiment("sweep:\n  zip:\n"
                                    "    tree.compaction.policy: [leveling, tiering]\n"
                                    "    tree.compaction.size_ratio: {from: 4, to: 8, step: 4}\n"
                                    "    tree.bloom: [none, {policy: uniform, bits_per_key: 3}]\n"
                                    "  tree.memtable.size: [1 MiB, 2 MiB]\n"));
    EXPECT_EQ(labels(experiment),
              (Texts{"none, leveling, size_ratio=4, size=1 MiB",
                     "none, leveling, size_ratio=4, size=2 MiB",
                     "bits_per_key=3, uniform, tiering, size_ratio=8, size=1 MiB",
                     "bits_per_key=3, uniform, tiering, size_ratio=8, size=2 MiB"}));
    EXPECT_EQ(labels(small.read(experiment.resolved)), labels(experiment)) << experiment.resolved;
}

const char* const kNamed =
    "sweep:\n  strategy:\n"
    "    - {name: Full, tree.compaction.policy: leveling, tree.compaction.size_ratio: 4}\n"
    "    - {name: 1-Lvl, tree.compaction.policy: leveling}\n"
    "    - {tree.compaction.policy: tiering, name: LO+1}\n"
    "  tree.memtable.size: [1 MiB, 2 MiB]\n";

TEST(Sweep, EntriesMayHaveNames) {
    const SmallContext small;
    const Experiment experiment = small.read(small_experiment(kNamed));
    EXPECT_EQ(labels(experiment),
              (Texts{"Full, size=1 MiB", "Full, size=2 MiB", "1-Lvl, size=1 MiB",
                     "1-Lvl, size=2 MiB", "LO+1, size=1 MiB", "LO+1, size=2 MiB"}));
    EXPECT_EQ(column(experiment.trials[0], "sweep.strategy"), "Full");
    EXPECT_EQ(column(experiment.trials[0], "tree.compaction.size_ratio"), "4");
    EXPECT_EQ(column(experiment.trials[5], "sweep.strategy"), "LO+1");
    EXPECT_EQ(column(experiment.trials[5], "tree.compaction.policy"), "tiering");
    EXPECT_EQ(labels(small.read(experiment.resolved)), labels(experiment)) << experiment.resolved;
}

TEST(Sweep, ListsThatGoTogetherMayHaveNames) {
    const SmallContext small;
    const Experiment experiment =
        small.read(small_experiment("sweep:\n  zip:\n    name: [a, b]\n"
                                    "    tree.compaction.policy: [leveling, tiering]\n"));
    EXPECT_EQ(labels(experiment), (Texts{"a", "b"}));
    EXPECT_EQ(column(experiment.trials[1], "sweep.zip"), "b");
    EXPECT_EQ(column(experiment.trials[1], "tree.compaction.policy"), "tiering");
}

TEST(Set, ChoosesEntriesByName) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"strategy=[LO+1, Full]", "tree.memtable.size=1 MiB"};
    EXPECT_EQ(labels(small.read(small_experiment(kNamed), options)),
              (Texts{"LO+1, size=1 MiB", "Full, size=1 MiB"}));
    options.sets = {"sweep.strategy=1-Lvl", "tree.memtable.size=1 MiB"};
    EXPECT_EQ(labels(small.read(small_experiment(kNamed), options)), (Texts{"1-Lvl, size=1 MiB"}));
    options.sets = {"strategy=Fill"};
    EXPECT_NE(small.error(small_experiment(kNamed), options)
                  .find("`strategy` has no entry of this name; there are `Full`, `1-Lvl` and "
                        "`LO+1`; did you mean `Full`?"),
              std::string::npos);
}

TEST(Set, TakesAwayWhatEntriesWereNamedFor) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"tree.compaction.policy=leveling", "tree.compaction.size_ratio=8",
                    "tree.memtable.size=1 MiB"};
    const Experiment experiment =
        small.read(small_experiment(
                       std::string(kNamed) +
                       "plots:\n  - {y: levels, x: strategy}\n"
                       "  - {y: levels, x: operations, colour: strategy, rows: sweep.strategy}\n"),
                   options);
    EXPECT_EQ(labels(experiment), (Texts{"size=1 MiB, leveling, size_ratio=8"}));
    ASSERT_EQ(experiment.plots.size(), 1u);
    EXPECT_EQ(experiment.plots[0].colour, "");
    EXPECT_EQ(experiment.plots[0].rows, "");
}

TEST(Sweep, PlotsNameTheLabelOfNames) {
    const SmallContext small;
    const Experiment experiment = small.read(small_experiment(
        std::string(kNamed) +
        "plots:\n  - {y: levels, x: strategy}\n"
        "  - {y: levels, x: operations, colour: strategy, rows: sweep.strategy}\n"));
    ASSERT_EQ(experiment.plots.size(), 2u);
    EXPECT_EQ(experiment.plots[0].x, "sweep.strategy");
    EXPECT_EQ(experiment.plots[1].colour, "sweep.strategy");
    EXPECT_EQ(experiment.plots[1].rows, "sweep.strategy");
}

TEST(Set, SweepsARange) {
    ReadOptions options;
    options.sets = {"tree.compaction.size_ratio={from: 2, to: 4}"};
    EXPECT_EQ(swept("tree.compaction.size_ratio", "[7, 8]", options), (Texts{"2", "3", "4"}));
    EXPECT_EQ(swept("tree.compaction.size_ratio", "", options), (Texts{"2", "3", "4"}));
    options.sets = {"tree.compaction.size_ratio=[9, {from: 2, to: 4}]"};
    EXPECT_EQ(swept("tree.compaction.size_ratio", "", options), (Texts{"9", "2", "3", "4"}));
}

TEST(Sweep, PhasesAreSweptByName) {
    const SmallContext small;
    const Experiment experiment = small.read(
        "experiment: phases\nworkload:\n  - load: {records: 10}\n"
        "  - run: {use: mixes/half, operations: 10}\n  - run: {use: mixes/half, operations: 10}\n"
        "sweep:\n  workload.run_2.use: [mixes/half, mixes/reads]\n  workload.load.records: [10, "
        "20]\n");
    ASSERT_EQ(experiment.trials.size(), 4u);
    EXPECT_EQ(experiment.trials[3].phases[0].records, 20u);
    EXPECT_EQ(experiment.trials[3].phases[1].update, 0.5);
    EXPECT_EQ(experiment.trials[3].phases[2].update, 0);
    EXPECT_EQ(column(experiment.trials[3], "workload.run_2.use"), "mixes/reads");
}

TEST(Sweep, RepeatsFollowEachOtherWithPairedSeeds) {
    const SmallContext small;
    const Experiment experiment =
        small.read(small_experiment(std::string("repeat: 3\nseed: 100\n") + kGrid));
    ASSERT_EQ(experiment.trials.size(), 18u);
    for (const Trial& trial : experiment.trials) {
        EXPECT_EQ(trial.number, static_cast<uint64_t>(&trial - experiment.trials.data()) + 1);
        EXPECT_EQ(trial.seed, 99 + trial.repeat);
        EXPECT_EQ(trial.settings.seed, trial.seed);
    }
    EXPECT_EQ(experiment.trials[0].columns, experiment.trials[6].columns);
    EXPECT_EQ(labels(experiment)[6], "leveling, size_ratio=2, repeat 2");
}

TEST(Set, ReplacesTheFileAndTheSweep) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"tree.compaction.size_ratio=16", "tree.memtable.size=2 MiB", "tree.bloom=none"};
    const Experiment experiment = small.read(small_experiment(kGrid), options);
    ASSERT_EQ(experiment.trials.size(), 2u);
    EXPECT_EQ(column(experiment.trials[1], "tree.compaction.size_ratio"), "16");
    EXPECT_EQ(column(experiment.trials[1], "tree.memtable.size"), "2097152");
    EXPECT_EQ(experiment.trials[1].settings.memtable_size, 2u << 20);
    EXPECT_EQ(experiment.trials[1].settings.bloom.policy, "none");
}

TEST(Set, TakesAMapOfSettings) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"tree.compaction={policy: tiering, size_ratio: 16}",
                    "tree={memtable: {size: 2 MiB}, bloom: none}"};
    const Experiment experiment = small.read(small_experiment(kGrid), options);
    ASSERT_EQ(experiment.trials.size(), 1u);
    EXPECT_EQ(column(experiment.trials[0], "tree.compaction.policy"), "tiering");
    EXPECT_EQ(column(experiment.trials[0], "tree.compaction.size_ratio"), "16");
    EXPECT_EQ(column(experiment.trials[0], "tree.memtable.size"), "2097152");
    EXPECT_EQ(experiment.trials[0].settings.bloom.policy, "none");
    options.sets = {"tree.compaction={size_ratio: [3, 5]}"};
    EXPECT_EQ(small.read(small_experiment(kGrid), options).trials.size(), 4u);
}

TEST(Set, SweepsAList) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"tree.compaction.size_ratio=[3, 5]", "tree.bloom.bits_per_key=[1, 2]"};
    EXPECT_EQ(small.read(small_experiment(kGrid), options).trials.size(), 8u);
}

TEST(Set, TakesAListWhereTheSettingIsOne) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"workload.load.value=[50 B, 150 B]"};
    const Experiment experiment = small.read(small_experiment(""), options);
    ASSERT_EQ(experiment.trials.size(), 1u);
    EXPECT_EQ(experiment.trials[0].phases[0].value, (std::vector<uint64_t>{50, 150}));
}

TEST(Set, ReachesIntoMapsOfTheSweep) {
    const SmallContext small;
    ReadOptions options;
    options.sets = {"tree.compaction.size_ratio=4"};
    const Experiment experiment =
        small.read(small_experiment(
                       "sweep:\n  design:\n"
                       "    - {tree.compaction.policy: leveling, tree.compaction.size_ratio: 2}\n"
                       "    - {tree.compaction.policy: leveling, tree.compaction.size_ratio: 3}\n"
                       "    - {tree.compaction.policy: tiering, tree.compaction.size_ratio: 3}\n"),
                   options);
    EXPECT_EQ(experiment.trials.size(), 2u);
}

TEST(DeviceSettings, AreAModelWithFiguresOfOnesOwn) {
    const SmallContext small;
    const auto device = [&](const std::string& yaml) {
        const Experiment experiment = small.read(small_experiment("device: " + yaml + "\n"));
        EXPECT_EQ(small.read(experiment.resolved).trials[0].columns, experiment.trials[0].columns)
            << experiment.resolved;
        return experiment.trials[0];
    };
    EXPECT_EQ(device("hdd").device->read_seconds, 8e-3);
    EXPECT_EQ(column(device("hdd"), "device.read_seek"), "(none)");
    const Trial faster = device("{model: hdd, read_seek: 100 us}");
    EXPECT_EQ(faster.device->read_seconds, 1e-4);
    EXPECT_EQ(faster.device->write_seconds, 8e-3);
    EXPECT_EQ(column(faster, "device.model"), "hdd");
    EXPECT_EQ(column(faster, "device.read_seek"), "0.0001");
    EXPECT_EQ(column(faster, "device.write_bandwidth"), "200000000");
    const Trial own = device("{seek: 50 us, write_seek: 1 ms, bandwidth: 2 GiB/s}");
    EXPECT_EQ(own.device->read_seconds, 5e-5);
    EXPECT_EQ(own.device->write_seconds, 1e-3);
    EXPECT_EQ(own.device->read_bandwidth, 2147483648.0);
    EXPECT_EQ(column(own, "device.model"), "(none)");
    EXPECT_FALSE(small.read(small_experiment("")).trials[0].device);
    EXPECT_EQ(swept("device.read_seek", "[10 us, 20 us]", {{"device.model=nvme"}, std::nullopt, 1}),
              (Texts{"0.00001", "0.00002"}));
}

TEST(Scale, AppliesToCountsAndNothingElse) {
    const SmallContext small;
    ReadOptions options;
    options.scale = 0.1;
    const Experiment experiment =
        small.read(small_experiment("measure: {every: 5k operations}\n"
                                    "tree: {memtable: {size: 1 MiB}}\n"
                                    "sweep:\n  workload.run.operations: [100, 4]\n"),
                   options);
    ASSERT_EQ(experiment.trials.size(), 2u);
    EXPECT_EQ(experiment.trials[0].phases[0].records, 100u);
    EXPECT_EQ(experiment.trials[0].phases[1].operations, 10u);
    EXPECT_EQ(experiment.trials[1].phases[1].operations, 1u) << "at least one is left";
    EXPECT_EQ(experiment.trials[0].measure_every, 500u);
    EXPECT_EQ(experiment.trials[0].settings.memtable_size, 1u << 20);
}

TEST(Seed, OfTheCommandLineWins) {
    const SmallContext small;
    ReadOptions options;
    options.seed = 7;
    EXPECT_EQ(small.read(small_experiment("seed: 1\n"), options).trials[0].seed, 7u);
}

TEST(Columns, AreTheUnionInEveryTrialsOrder) {
    const SmallContext small;
    const Experiment experiment =
        small.read(small_experiment("sweep:\n  tree.compaction.policy: [leveling, fifo]\n"));
    const auto columns = column_union(experiment.trials);
    EXPECT_EQ(std::set<std::string>(columns.begin(), columns.end()).size(), columns.size());
    EXPECT_EQ(columns[0], "engine");
    EXPECT_EQ(columns[1], "mode");
    EXPECT_EQ(columns[2], "tree.memtable.policy");
    const auto place = [&](const std::string& name) {
        return std::find(columns.begin(), columns.end(), name) - columns.begin();
    };
    EXPECT_LT(place("tree.compaction.policy"), place("tree.compaction.limit"));
    EXPECT_LT(place("tree.compaction.spill"), place("tree.log.sync"));
    EXPECT_LT(place("tree.compaction.limit"), place("tree.log.sync"));
}

}  // namespace
}  // namespace lsm::experiment
