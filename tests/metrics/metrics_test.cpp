// Every metric on traces that are worked out by hand in the comments.
#include "framework/metrics/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>

namespace lsm {
namespace {

std::map<std::string, double> metrics_of(const Moment& now, const Moment& before = {},
                                         bool realtime = false) {
    std::map<std::string, double> values;
    for (const auto& [name, value] : compute_metrics(now, before, realtime)) values[name] = value;
    return values;
}

/// Ten puts of a 16 B key and an 84 B value, and two deletes, flushed twice and merged once:
///   user bytes   10 * (16 + 84) + 2 * 16 = 1032
///   flush        two tables of 550 B and 530 B: 1080
///   merge        reads 1080, writes 860 to level 2
/// so write amplification is (1080 + 860) / 1032, level 1 has 1080 / 1032 of it and level 2 860 /
/// 1032. Eight keys are alive: 8 * 100 B; the files have 860 B, but 1940 B while both ends of the
/// merge were there.
Moment merged_once() {
    Moment now;
    now.operations = 12;
    now.counters.user_bytes = 1032;
    now.counters.puts = 10;
    now.counters.deletes = 2;
    now.counters.flush_bytes = 1080;
    now.counters.compaction_bytes_written = 860;
    now.counters.compaction_bytes_read = 1080;
    now.counters.log_bytes = 1290;
    now.counters.level_bytes_written = {1080, 860};
    now.counters.stored_bytes = 860;
    now.counters.stored_bytes_peak = 1940;
    now.live_bytes = 800;
    now.live_entries = 8;
    return now;
}

TEST(Metrics, WritesByHand) {
    const auto values = metrics_of(merged_once());
    EXPECT_DOUBLE_EQ(values.at("write_amplification"), 1940.0 / 1032);
    EXPECT_DOUBLE_EQ(values.at("write_amplification_window"), 1940.0 / 1032);
    EXPECT_DOUBLE_EQ(values.at("level_1_write_amplification"), 1080.0 / 1032);
    EXPECT_DOUBLE_EQ(values.at("level_2_write_amplification"), 860.0 / 1032);
    EXPECT_DOUBLE_EQ(values.at("log_amplification"), 1.25);
    EXPECT_DOUBLE_EQ(values.at("space_amplification"), 860.0 / 800);
}

TEST(Metrics, WindowsBeginAtTheSampleBefore) {
    const Moment before = merged_once();
    Moment now = before;
    // Four more puts of 100 B, one flush of 420 B: 420 / 400 in the window.
    now.operations += 4;
    now.counters.user_bytes += 400;
    now.counters.flush_bytes += 420;
    // Two lookups that fetch 5 blocks together.
    now.counters.gets += 2;
    now.counters.get_data_blocks_found += 4;
    now.counters.get_data_blocks_empty += 1;
    const auto values = metrics_of(now, before);
    EXPECT_DOUBLE_EQ(values.at("write_amplification_window"), 1.05);
    EXPECT_DOUBLE_EQ(values.at("write_amplification"), 2360.0 / 1432);
    EXPECT_DOUBLE_EQ(values.at("read_amplification_window"), 2.5);
}

/// Eight lookups: five find a key and fetch 6 data blocks, three find nothing and fetch 1 (for a
/// false positive). Filters were asked 20 times: 5 had the key; of the 15 others 1 said maybe and
/// 14 said no, where theory has 0.9 in 15. Tables looked into: 5 + 1. Scans fetched 3 blocks of
/// 4096 B and returned 6144 B of entries: two blocks' worth would be 1.5.
Moment reads() {
    Moment now;
    now.counters.gets = 8;
    now.counters.empty_gets = 3;
    now.counters.get_data_blocks_found = 6;
    now.counters.get_data_blocks_empty = 1;
    now.counters.filter_probes = 20;
    now.counters.filter_false_positives = 1;
    now.counters.filter_true_negatives = 14;
    now.counters.filter_expected_false_positives = 0.9;
    now.counters.tables_probed = 6;
    now.counters.scan_data_blocks = 3;
    now.counters.scan_live_bytes = 6144;
    now.block_bytes = 4096;
    return now;
}

TEST(Metrics, ReadsByHand) {
    const auto values = metrics_of(reads());
    EXPECT_DOUBLE_EQ(values.at("read_amplification"), 7.0 / 8);
    EXPECT_DOUBLE_EQ(values.at("read_amplification_found"), 6.0 / 5);
    EXPECT_DOUBLE_EQ(values.at("read_amplification_empty"), 1.0 / 3);
    EXPECT_DOUBLE_EQ(values.at("tables_probed"), 0.75);
    EXPECT_DOUBLE_EQ(values.at("filter_probes"), 2.5);
    EXPECT_DOUBLE_EQ(values.at("filter_false_positive_rate"), 1.0 / 15);
    EXPECT_DOUBLE_EQ(values.at("filter_false_positive_rate_expected"), 0.06);
    EXPECT_DOUBLE_EQ(values.at("range_read_amplification"), 3 / 1.5);
}

/// Level 1 has two runs, of one table and of two; level 2 is empty; level 3 has a run of one table.
TEST(Metrics, ShapeByHand) {
    TreeShape shape;
    shape.levels.resize(4);
    const auto table = [](uint64_t entries, uint64_t tombstones, uint64_t bits) {
        TableShape made;
        made.entries = entries;
        made.tombstones = tombstones;
        made.filter_bits = bits;
        return made;
    };
    shape.levels[0].runs = {{1, {table(10, 1, 100)}, false},
                            {2, {table(20, 0, 200), table(30, 3, 60)}, false}};
    shape.levels[2].runs = {{3, {table(40, 0, 40)}, false}};
    shape.levels[0].runs[1].tables[0].range_tombstones = 2;
    shape.levels[2].runs[0].tables[0].range_tombstones = 3;
    Moment now;
    now.shape = shape_totals(shape);
    const auto values = metrics_of(now);
    EXPECT_EQ(values.at("range_tombstones"), 5);
    EXPECT_EQ(values.at("levels"), 3);
    EXPECT_EQ(values.at("runs"), 3);
    EXPECT_EQ(values.at("tables"), 4);
    EXPECT_EQ(values.at("tombstones"), 4);
    EXPECT_DOUBLE_EQ(values.at("filter_bits_per_key"), 4.0);
}

TEST(Metrics, WhatNothingHappenedToIsUndefined) {
    for (const auto& [name, value] : metrics_of({})) {
        const bool ratio = name.find("amplification") != std::string::npos ||
                           name.find("rate") != std::string::npos || name == "tables_probed" ||
                           name == "filter_probes" || name == "filter_bits_per_key" ||
                           name == "modelled_seconds" || name == "tombstone_age_final_mean";
        EXPECT_EQ(std::isnan(value), ratio) << name;
    }
}

/// Samples after 10, 20 and 40 operations; space amplification 1.5, 2.5 and 2.0; the engine saw 600
/// B between the first two, when 200 B were alive: a peak of 3. The mean weighs by operations: (10
/// * 1.5 + 10 * 2.5 + 20 * 2) / 40 = 2. A fourth sample after settling, with no operation in
/// between, moves no mean.
TEST(MetricSummary, PeaksAndMeansByHand) {
    MetricSummary summary(false);
    Moment before;
    const auto sample = [&](uint64_t operations, uint64_t stored, uint64_t peak, uint64_t live) {
        Moment now;
        now.operations = operations;
        now.counters.stored_bytes = stored;
        now.counters.stored_bytes_peak = peak;
        now.live_bytes = live;
        summary.add(now, before, operations - before.operations);
        before = now;
    };
    sample(10, 300, 300, 200);
    sample(20, 500, 600, 200);
    sample(40, 400, 600, 200);
    sample(40, 200, 600, 200);
    std::map<std::string, double> values;
    for (const auto& [name, value] : summary.peaks_and_means()) values[name] = value;
    EXPECT_DOUBLE_EQ(values.at("peak_space_amplification"), 3.0);
    EXPECT_DOUBLE_EQ(values.at("mean_space_amplification"), 2.0);
    EXPECT_DOUBLE_EQ(values.at("peak_stored_bytes"), 600);
    EXPECT_DOUBLE_EQ(values.at("mean_stored_bytes"), 400);
    EXPECT_TRUE(std::isnan(values.at("peak_write_amplification")));
    EXPECT_TRUE(std::isnan(values.at("mean_write_amplification")));
    EXPECT_EQ(values.count("peak_operations"), 0U);
}

TEST(Metrics, NamesAreUniqueAndTheContractsAreThere) {
    std::set<std::string> names;
    for (const Metric& metric : all_metrics()) {
        EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
        EXPECT_FALSE(metric.about.empty());
        EXPECT_FALSE(metric.unit.empty());
    }
    for (const char* name : {"write_amplification",
                             "space_amplification",
                             "read_amplification",
                             "read_amplification_empty",
                             "read_amplification_found",
                             "range_read_amplification",
                             "tables_probed",
                             "filter_probes",
                             "filter_false_positive_rate",
                             "filter_false_positive_rate_expected",
                             "log_amplification",
                             "flush_bytes",
                             "compaction_bytes_written",
                             "compaction_bytes_read",
                             "log_bytes",
                             "user_bytes",
                             "operations",
                             "puts",
                             "deletes",
                             "gets",
                             "empty_gets",
                             "scans",
                             "live_bytes",
                             "live_entries",
                             "logical_bytes",
                             "stored_bytes",
                             "filter_bits_per_key",
                             "filter_memory_bytes",
                             "levels",
                             "runs",
                             "tables",
                             "flushes",
                             "compactions",
                             "moves",
                             "drops",
                             "largest_compaction_bytes",
                             "compaction_debt_bytes",
                             "tombstones",
                             "range_tombstones",
                             "tombstone_age_max",
                             "cache_hits",
                             "cache_misses",
                             "modelled_seconds",
                             "throughput",
                             "latency_put_p50",
                             "latency_put_p99_99",
                             "stall_seconds",
                             "elapsed_seconds"}) {
        EXPECT_EQ(names.count(name), 1U) << name;
    }
}

TEST(Metrics, WallClockOnlyInRealtime) {
    EXPECT_EQ(metrics_of({}).count("throughput"), 0U);
    Moment before;
    before.operations = 100;
    before.running_seconds = 2;
    Moment now;
    now.operations = 400;
    now.running_seconds = 4;
    now.elapsed_seconds = 5;
    const auto values = metrics_of(now, before, true);
    EXPECT_DOUBLE_EQ(values.at("throughput"), 100);
    EXPECT_DOUBLE_EQ(values.at("throughput_window"), 150);
    EXPECT_DOUBLE_EQ(values.at("elapsed_seconds"), 5);
}

}  // namespace
}  // namespace lsm
