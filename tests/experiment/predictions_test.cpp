// The cost model beside the engine: what is predicted from samples and from phases, held against
// what small trials really measure.
#include <gtest/gtest.h>

#include <cmath>

#include "framework/experiment/experiment_reader.hpp"
#include "framework/experiment/predictions.hpp"
#include "framework/experiment/trial_runner.hpp"
#include "framework/os/file_system.hpp"
#include "source_dir.hpp"

namespace lsm::experiment {
namespace {

Experiment read(const std::string& compaction, const std::string& run) {
    const auto context =
        make_read_context(posix_file_system(), std::string(LSMLAB_SOURCE_DIR) + "/experiments");
    return read_experiment("test",
                           "experiment: test\ntree:\n  memtable: {size: 16 KiB}\n"
                           "  bloom: {policy: uniform, bits_per_key: 5}\n"
                           "  filter: {policy: bloom}\n"
                           "  format: {table_size: 64 KiB}\n  compaction: {" +
                               compaction +
                               "}\nworkload:\n  - load: {records: 20k, key: 16 B, value: 100 B}\n" +
                               run + "measure: {every: 1000 operations}\n",
                           context);
}

double value_of(const std::vector<std::pair<std::string, double>>& values,
                const std::string& name) {
    for (const auto& [key, value] : values) {
        if (key == name) return value;
    }
    return std::nan("");
}

class Whole : public testing::TestWithParam<const char*> {};

TEST_P(Whole, levels_are_as_predicted_up_to_headers) {
    const Experiment experiment =
        read(GetParam(), "  - run: {operations: 20k, update: 0.5, read: 0.2, read_missing: 0.3}\n");
    const TrialResult result = run_trial(experiment.trials.front());
    const auto metric = [&](const std::string& name) { return value_of(result.metrics, name); };
    // The model counts logical bytes; tables have headers, an index and filters beside them.
    const double stored = metric("stored_bytes") / metric("logical_bytes");
    EXPECT_GT(stored, 1);
    EXPECT_NEAR(metric("write_amplification") / stored / metric("model_write_amplification"), 1,
                0.03);
    EXPECT_NEAR(
        metric("mean_space_amplification") / stored / metric("model_mean_space_amplification"), 1,
        0.03);
    EXPECT_NEAR(metric("read_amplification_empty") / metric("model_read_amplification_empty"), 1,
                0.1);
    EXPECT_NEAR(metric("read_amplification_found") / metric("model_read_amplification_found"), 1,
                0.05);
    // From the phases alone, without running, nearly the same.
    const auto before = predict(experiment.trials.front(), all_policies());
    for (const char* name : {"model_write_amplification", "model_mean_space_amplification",
                             "model_read_amplification_empty"}) {
        EXPECT_NEAR(value_of(before, name) / metric(name), 1, 0.05) << name;
    }
    EXPECT_LT(metric("model_write_amplification_low"), metric("model_write_amplification_high"));
}

INSTANTIATE_TEST_SUITE_P(predictions, Whole,
                         testing::Values("policy: leveling, size_ratio: 3",
                                         "policy: leveling, size_ratio: 6",
                                         "policy: tiering, size_ratio: 4",
                                         "policy: lazy_leveling, size_ratio: 4",
                                         "policy: one_leveling, size_ratio: 5, level1_runs: 3"),
                         [](const testing::TestParamInfo<const char*>& test) {
                             return "design_" + std::to_string(test.index);
                         });

TEST(predictions, are_left_out_where_the_model_does_not_cover_the_strategy) {
    const Experiment experiment = read("policy: never", "");
    const TrialResult result = run_trial(experiment.trials.front());
    EXPECT_TRUE(std::isnan(value_of(result.metrics, "model_write_amplification")));
    EXPECT_FALSE(std::isnan(value_of(result.metrics, "write_amplification")));
    EXPECT_TRUE(predict(experiment.trials.front(), all_policies()).empty());
}

TEST(predictions, stand_beside_every_sample) {
    const Experiment experiment = read("policy: tiering, size_ratio: 4", "");
    const TrialResult result = run_trial(experiment.trials.front());
    double before = 0;
    for (const Sample& sample : result.samples) {
        const double now = value_of(sample.metrics, "model_space_amplification");
        EXPECT_FALSE(std::isnan(now));
        before = now;
    }
    EXPECT_GT(before, 0);
}

TEST(predictions, may_stand_in_claims) {
    EXPECT_NO_THROW(read("policy: tiering, size_ratio: 4",
                         "expect: [write_amplification ~ model_write_amplification within 15%]\n"));
}

}  // namespace
}  // namespace lsm::experiment
