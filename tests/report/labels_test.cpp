#include "framework/report/labels.hpp"

#include <gtest/gtest.h>

#include "framework/metrics/metrics.hpp"

namespace lsm::report {
namespace {

std::string axis_of(const std::string& metric, double largest) {
    const Label label = metric_label(metric);
    return axis_label(label, scale_for(label, largest));
}

TEST(Labels, MetricsReadAsPeopleSayThem) {
    EXPECT_EQ(axis_of("write_amplification", 10), "Write amplification (bytes per user byte)");
    EXPECT_EQ(axis_of("peak_space_amplification", 2),
              "Space amplification, peak (bytes per live byte)");
    EXPECT_EQ(axis_of("write_amplification_window", 2),
              "Write amplification since the sample before (bytes per user byte)");
    EXPECT_EQ(axis_of("level_2_write_amplification", 2),
              "Write amplification, level 2 (bytes per user byte)");
    EXPECT_EQ(axis_of("user_bytes", 5e6), "User data written (MiB)");
    EXPECT_EQ(axis_of("user_bytes", 5), "User data written (bytes)");
    EXPECT_EQ(axis_of("operations", 5e5), "Operations (thousands)");
    EXPECT_EQ(axis_of("operations", 50), "Operations");
    EXPECT_EQ(axis_of("latency_get_p99_9", 5e-5), "Latency of get, p99.9 (µs)");
    EXPECT_EQ(axis_of("latency_put_max", 0.5), "Latency of put, max (ms)");
    EXPECT_EQ(axis_of("throughput", 250000), "Throughput (thousands of operations per second)");
    EXPECT_EQ(axis_of("something_new", 3), "Something new");
}

TEST(Labels, EveryMetricHasAUnitOrIsACount) {
    for (const Metric& metric : all_metrics()) {
        const Label label = metric_label(metric.name);
        EXPECT_NE(label.unit, Unit::none) << metric.name;
        EXPECT_FALSE(label.text.empty()) << metric.name;
    }
}

TEST(Labels, SettingsKeepTheirOption) {
    EXPECT_EQ(setting_label("tree.compaction.policy").text, "Compaction");
    EXPECT_EQ(setting_label("tree.compaction.size_ratio").text, "Size ratio");
    EXPECT_EQ(setting_label("tree.memtable.size").text, "Memtable size");
    EXPECT_EQ(setting_label("engine").text, "Engine");
    EXPECT_EQ(setting_value("tree.format.block_size", "4096"), "4 KiB");
    EXPECT_EQ(setting_value("tree.compaction.size_ratio", "4096"), "4096");
}

TEST(Labels, SettingsOfAWorkloadAreCalledByPlainWords) {
    EXPECT_EQ(setting_label("workload.load.records").text, "Records loaded");
    const Label missing = setting_label("workload.run.read_missing");
    EXPECT_EQ(axis_label(missing, scale_for(missing, 98)), "Lookups of absent keys (weight)");
    const Label hot = setting_label("workload.run.hot_keys");
    EXPECT_EQ(axis_label(hot, scale_for(hot, 1)), "Hot keys (share of the keys)");
    EXPECT_EQ(setting_label("workload.second_run.update").text, "Updates, phase second_run");
    EXPECT_EQ(setting_label("workload.run.zipf_constant").text, "Zipf constant");
    EXPECT_EQ(setting_value("workload.load.value", "4096"), "4 KiB");
    EXPECT_EQ(setting_value("workload.load.value", "[8, 16]"), "[8, 16]");
}

}  // namespace
}  // namespace lsm::report
