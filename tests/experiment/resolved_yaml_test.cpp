// The resolved experiment reads back as the same trials, and resolves to itself.
#include <gtest/gtest.h>

#include "framework/experiment/experiment_reader.hpp"
#include "framework/experiment/schema.hpp"
#include "source_dir.hpp"
#include "tests/experiment/small_context.hpp"

namespace lsm::experiment {
namespace {

void expect_round_trip(const Experiment& first, const ReadContext& context) {
    const Experiment second = read_experiment("experiment.yaml", first.resolved, context);
    EXPECT_EQ(second.resolved, first.resolved);
    EXPECT_EQ(second.name, first.name);
    EXPECT_EQ(second.about, first.about);
    EXPECT_EQ(second.claims.size(), first.claims.size());
    EXPECT_EQ(second.plots.size(), first.plots.size());
    EXPECT_EQ(second.trial_of_point, first.trial_of_point);
    ASSERT_EQ(second.trials.size(), first.trials.size());
    for (size_t i = 0; i < first.trials.size(); ++i) {
        EXPECT_EQ(second.trials[i].columns, first.trials[i].columns) << "trial " << i + 1;
        EXPECT_EQ(second.trials[i].seed, first.trials[i].seed);
        EXPECT_EQ(second.trials[i].label, first.trials[i].label);
    }
}

TEST(ResolvedYaml, ReadsBackAsTheSameTrials) {
    const SmallContext small;
    const std::string text = small_experiment(
        "about: \"Quotes \\\", colons: and # signs\"\nrepeat: 2\n"
        "tree:\n  memtable: sorted\n  cache: {size: 3 MiB}\n"
        "device: nvme\nmeasure: {every: 100}\n"
        "sweep:\n"
        "  tree.compaction.policy: [leveling, fifo, tiering]\n"
        "  design:\n    - {tree.bloom.policy: none}\n    - {tree.bloom.policy: uniform, "
        "tree.bloom.bits_per_key: 2.5}\n"
        "  workload.run.use: [mixes/half, mixes/reads]\n"
        "expect:\n  - levels(leveling) < 2 * levels(tiering)\n"
        "plots:\n  - {y: levels, x: operations, colour: tree.compaction.policy, log_x: true}\n");
    expect_round_trip(small.read(text), small.context());
    ReadOptions options;
    options.sets = {"tree.compaction.size_ratio=[3, 4]"};
    options.scale = 0.37;
    options.seed = 5;
    expect_round_trip(small.read(text, options), small.context());
}

TEST(ResolvedYaml, KeepsWhatSomeEntriesOfTheSweepLeaveToTheTree) {
    const SmallContext small;
    const std::string text = small_experiment(
        "tree:\n  compaction: {policy: tiering, size_ratio: 3}\n"
        "sweep:\n"
        "  design:\n    - {tree.compaction.size_ratio: 5}\n"
        "    - {tree.compaction.policy: fifo}\n"
        "    - {tree.compaction.policy: leveling}\n"
        "  tree.bloom: [none, {bits_per_key: 2.5}, {bits_per_key: 5, policy: uniform}]\n");
    const Experiment experiment = small.read(text);
    ASSERT_EQ(experiment.trials.size(), 9u);
    expect_round_trip(experiment, small.context());
}

TEST(ResolvedYaml, TellsDefaultsThatDifferInAComment) {
    const SmallContext small;
    const std::string resolved =
        small.read(small_experiment("sweep:\n  tree.compaction.policy: [leveling, tiering]\n"))
            .resolved;
    EXPECT_NE(resolved.find("# size_ratio: 10 or 4, as the policy or workload of the trial has it"),
              std::string::npos)
        << resolved;
}

TEST(ShippedExperiments, AreValidAndRoundTrip) {
    FileSystem& files = posix_file_system();
    const std::string root = std::string(LSMLAB_SOURCE_DIR) + "/experiments";
    int found = 0;
    for (const std::string& folder : {root, root + "/papers"}) {
        for (const std::string& name : files.list(folder)) {
            if (!name.ends_with(".yaml")) continue;
            SCOPED_TRACE(name);
            const ReadContext context = make_read_context(files, folder + "/" + name);
            const Experiment experiment = read_experiment_file(folder + "/" + name, context);
            EXPECT_EQ(experiment.name + ".yaml", name);
            EXPECT_FALSE(experiment.about.empty());
            EXPECT_FALSE(experiment.claims.empty());
            EXPECT_FALSE(experiment.plots.empty());
            expect_round_trip(experiment, context);
            ++found;
        }
    }
    EXPECT_GE(found, 18);
}

}  // namespace
}  // namespace lsm::experiment
