// Designs that follow from strategies: layouts as declared, writes by the level rule against ADR
// 6's hand-worked figures and the papers' conventions, and the count of a growing tree against
// both.
#include <gtest/gtest.h>

#include <cmath>

#include "framework/model/costs.hpp"
#include "framework/model/filter_bits.hpp"
#include "framework/model/fluid.hpp"
#include "framework/model/growth.hpp"
#include "policies/bloom/monkey.hpp"
#include "policies/bloom/uniform.hpp"
#include "policies/compaction/fifo.hpp"
#include "policies/compaction/lazy_leveling.hpp"
#include "policies/compaction/leveling.hpp"
#include "policies/compaction/never.hpp"
#include "policies/compaction/one_leveling.hpp"
#include "policies/compaction/partial_leveling.hpp"
#include "policies/compaction/primitives.hpp"
#include "policies/compaction/tiering.hpp"
#include "policies/filter/bloom.hpp"

namespace lsm::model {
namespace {

constexpr double kMemtable = 1 << 20;
constexpr double kEntry = 128;

template <class Strategy>
DeclaredLayout layout_of(const typename Strategy::Options& options) {
    auto made = DeclaredLayout::of(AnyCompaction(AnyCompaction::of<Strategy>(options)), kMemtable);
    EXPECT_TRUE(std::holds_alternative<DeclaredLayout>(made));
    return std::get<DeclaredLayout>(made);
}

template <class Strategy>
DeclaredLayout layout_of(uint64_t size_ratio, const std::string& spill = "bypass") {
    return layout_of<Strategy>({size_ratio, spill});
}

template <class Strategy>
std::string refusal(const typename Strategy::Options& options) {
    const auto made =
        DeclaredLayout::of(AnyCompaction(AnyCompaction::of<Strategy>(options)), kMemtable);
    return std::holds_alternative<std::string>(made) ? std::get<std::string>(made) : "";
}

const AnyFilter& bloom_filter() {
    static const AnyFilter filter(AnyFilter::of<filter::Bloom>({}));
    return filter;
}

AnyBloomSizing uniform(double bits) {
    return AnyBloomSizing(AnyBloomSizing::of<bloom::Uniform>({bits}));
}

TEST(declared_layout, follows_the_strategy) {
    const DeclaredLayout lazy = layout_of<compaction::LazyLeveling>(10);
    EXPECT_EQ(lazy.arrivals(4), (std::vector<double>{9, 9, 9, 9}));
    EXPECT_EQ(lazy.levels(3)[1].runs, 9);
    EXPECT_EQ(lazy.levels(3)[2].runs, 1);
    EXPECT_EQ(lazy.arrival_bytes(3), 100 * kMemtable);
    EXPECT_EQ(lazy.levels_for(999 * kMemtable), 3);
    EXPECT_EQ(lazy.levels_for(1000 * kMemtable), 4);
    const DeclaredLayout one = layout_of<compaction::OneLeveling>({4, 7, "bypass"});
    EXPECT_EQ(one.levels(2)[0].runs, 7);
    EXPECT_EQ(one.arrivals(2)[0], 7);
}

TEST(declared_layout, finds_out_what_a_full_level_does) {
    using compaction::Leveling;
    EXPECT_EQ(layout_of<Leveling>(4).rule(), SpillRule::bypass);
    EXPECT_EQ(layout_of<Leveling>(4, "write_then_spill").rule(), SpillRule::write_then_spill);
    EXPECT_EQ(layout_of<compaction::OneLeveling>({4, 0, "write_then_spill"}).rule(),
              SpillRule::write_then_spill);
    EXPECT_EQ(layout_of<compaction::PartialLeveling>({4, "round_robin"}).rule(),
              SpillRule::by_tables);
}

TEST(declared_layout, says_why_a_strategy_is_outside_the_model) {
    EXPECT_EQ(refusal<compaction::Fifo>({}), "it drops data that is alive");
    EXPECT_EQ(refusal<compaction::Never>({}), "it sets no number of runs");
}

TEST(writes, level_1_is_adr_6s_table) {
    const auto first = [](const DeclaredLayout& layout) { return writes_by_level(layout, 4)[0]; };
    EXPECT_DOUBLE_EQ(first(layout_of<compaction::Leveling>(2)), 1);
    EXPECT_DOUBLE_EQ(first(layout_of<compaction::Leveling>(4)), 2.25);
    EXPECT_DOUBLE_EQ(first(layout_of<compaction::Leveling>(8)), 4.375);
    for (const uint64_t ratio : {2, 4, 8}) {
        EXPECT_DOUBLE_EQ(first(layout_of<compaction::Tiering>(ratio)), 1);
    }
}

TEST(writes, deeper_levels_are_the_papers_conventions) {
    for (const uint64_t ratio : {2, 3, 5, 10}) {
        const auto t = static_cast<double>(ratio);
        const auto second = [](const DeclaredLayout& one) { return writes_by_level(one, 4)[1]; };
        EXPECT_DOUBLE_EQ(second(layout_of<compaction::Leveling>(ratio)), (t - 1) / 2);
        EXPECT_DOUBLE_EQ(second(layout_of<compaction::Tiering>(ratio)), (t - 1) / t);
        EXPECT_NEAR(second(layout_of<compaction::Leveling>(ratio, "write_then_spill")),
                    (t + 1) / 2 - 1 / t, 1e-12);
        const WriteBand band = write_band(layout_of<compaction::Leveling>(ratio), 5);
        EXPECT_DOUBLE_EQ(band.bypass, 5 * (t - 1) / 2);
        EXPECT_DOUBLE_EQ(band.endure, 5 * t / 2);
        EXPECT_DOUBLE_EQ(band.write_then_spill, 5 * (t + 1) / 2);
    }
}

TEST(costs, are_dostoevskys_on_full_levels) {
    // As many entries as fill six levels to the last byte.
    const double entries = (1e6 - 1) * kMemtable / kEntry;
    const DataSize data{entries, kEntry, kMemtable, 4096};
    const AnyBloomSizing monkey(AnyBloomSizing::of<bloom::Monkey>({10}));
    const DesignCosts lazy =
        costs_of(layout_of<compaction::LazyLeveling>(10), data, monkey, bloom_filter());
    ASSERT_EQ(lazy.levels.size(), 6u);
    EXPECT_EQ(lazy.size_ratio, 10);
    EXPECT_EQ(lazy.short_range, 46);
    EXPECT_NEAR(lazy.bits_per_key, 10, 0.2);
    EXPECT_NEAR(lazy.band.bypass, 5 * .9 + 4.5, 1e-12);
    EXPECT_NEAR(lazy.write, 1 + 4 * .9 + 4.5, 1e-12);
    // With the best number of hashes the closed form; a filter of whole hashes is a little above.
    EXPECT_NEAR(lazy.empty_lookup_optimal, fluid_empty_lookup({10, 6, 9, 1, lazy.bits_per_key}),
                1e-6);
    EXPECT_NEAR(lazy.empty_lookup / lazy.empty_lookup_optimal, 1, 0.1);
    EXPECT_NEAR(lazy.empty_lookup_uniform, 46 * bloom_rate(lazy.bits_per_key), 1e-12);
    EXPECT_NEAR(lazy.space, 1 / .9, 1e-5);
    const DesignCosts tiering =
        costs_of(layout_of<compaction::Tiering>(10), data, uniform(10), bloom_filter());
    EXPECT_NEAR(tiering.space, 10, 1e-4);
    EXPECT_NEAR(tiering.write, 1 + 5 * .9, 1e-12);
}

/// Loads distinct keys and says what each flush costs in the end.
double loaded(const DeclaredLayout& layout, double memtables) {
    Growth growth(layout, kEntry);
    double bytes = 0;
    for (double i = 0; i < memtables; ++i) {
        bytes += kMemtable;
        growth.write(kMemtable, 0, bytes);
    }
    return growth.write_amplification();
}

TEST(growth, comes_down_to_the_closed_form) {
    // After T^3 flushes three levels have lived as long as they do; level 4 has one arrival.
    for (const uint64_t ratio : {2, 4, 6}) {
        const auto t = static_cast<double>(ratio);
        for (const auto& layout :
             {layout_of<compaction::Leveling>(ratio), layout_of<compaction::Tiering>(ratio)}) {
            const auto writes = writes_by_level(layout, 3);
            const double three = writes[0] + writes[1] + writes[2];
            EXPECT_NEAR(loaded(layout, t * t * t), three + 1, 1e-9) << ratio;
        }
    }
}

TEST(growth, lazy_leveling_tiers_a_level_once_it_is_not_the_last) {
    // T = 4. Flushes 1 to 4 with level 1 the last: 1, 1+2, 1+3, 1+(4 down). Worked on paper.
    const DeclaredLayout layout = layout_of<compaction::LazyLeveling>(4);
    EXPECT_NEAR(loaded(layout, 3), (1 + 3 + 4) / 3., 1e-12);
    EXPECT_NEAR(loaded(layout, 4), (1 + 3 + 4 + 5) / 4., 1e-12);
    // Then level 1 is tiered: three flushes of 1, and the fourth merges 8 on level 2.
    EXPECT_NEAR(loaded(layout, 8), (13 + 3 + 9) / 8., 1e-12);
}

TEST(growth, a_bounded_set_of_keys_bounds_the_tree) {
    const DeclaredLayout layout = layout_of<compaction::Leveling>(4);
    Growth growth(layout, kEntry);
    const double live = 30 * kMemtable;
    growth.write(live, 0, live);
    growth.write(40 * live, 1, live);
    EXPECT_EQ(growth.deepest(), 3);
    EXPECT_LT(growth.space_amplification(), 1.5);
    EXPECT_GT(growth.space_amplification(), 1);
    const auto lookups = growth.lookups(growth.filters(uniform(10), bloom_filter()));
    EXPECT_LT(lookups.empty, .04);
    EXPECT_GT(lookups.found, .9);
    EXPECT_LT(lookups.found, 1.04);
}

TEST(growth, lookups_of_a_tree_that_was_only_loaded) {
    const DeclaredLayout layout = layout_of<compaction::Tiering>(4);
    Growth growth(layout, kEntry);
    growth.write(15 * kMemtable, 0, 15 * kMemtable);  // 3 runs of 4 on level 2, 3 of 1 on level 1
    ASSERT_EQ(growth.levels()[0].size(), 3u);
    ASSERT_EQ(growth.levels()[1].size(), 3u);
    const auto none = growth.lookups({{0, 1}, {0, 1}});
    EXPECT_DOUBLE_EQ(none.empty, 6);
    EXPECT_NEAR(none.found, (1 * (1 + 2 + 3) + 4 * (4 + 5 + 6)) / 15., 1e-9);
    const auto some = growth.lookups({{0, .5}, {0, .25}});
    EXPECT_DOUBLE_EQ(some.empty, 3 * .5 + 3 * .25);
}

TEST(growth, single_tables_cost_more_in_all) {
    const double whole = loaded(layout_of<compaction::Leveling>(6), 500);
    const double tables = loaded(layout_of<compaction::PartialLeveling>({6, "round_robin"}), 500);
    EXPECT_GT(tables, whole);
    EXPECT_LT(tables, 3 * whole);
}

TEST(growth, runs_above_single_tables_join_the_level_below_also_when_it_is_full) {
    compaction::Primitives::Options options;
    options.size_ratio = 6;
    options.layout = "one_leveling";
    options.trigger = {"run_count", "level_size"};
    options.granularity = {"level", "table"};
    options.movement = {"round_robin"};
    options.level1_runs = 4;
    const DeclaredLayout layout = layout_of<compaction::Primitives>(options);
    ASSERT_EQ(layout.rule(), SpillRule::by_tables);
    Growth growth(layout, kEntry);
    double live = 0;
    for (int flush = 0; flush < 500; ++flush) growth.write(kMemtable, 0, live += kMemtable);
    ASSERT_GE(growth.deepest(), 3);
    // What went down were tables: the level that they left is as full as it may be.
    ASSERT_EQ(growth.levels()[1].size(), 1u);
    EXPECT_DOUBLE_EQ(growth.levels()[1][0].bytes, layout.levels(growth.deepest())[1].capacity);
}

}  // namespace
}  // namespace lsm::model
