// The papers' formulas against numbers that were computed apart from this code: those of the
// literature notes to the printed digits, and others by a few lines of Python from the cited
// equations in doubles (math.exp, math.log), pasted with all their digits.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "framework/model/endure.hpp"
#include "framework/model/filter_bits.hpp"
#include "framework/model/fluid.hpp"
#include "framework/model/monkey.hpp"
#include "framework/model/wacky.hpp"

namespace lsm::model {
namespace {

void expect_near(double value, double expected) {
    EXPECT_NEAR(value, expected, 1e-11 * std::fabs(expected));
}

const Fluid kLeveling{10, 6, 1, 1, 10};
const Fluid kTiering{10, 6, 9, 9, 10};
const Fluid kLazy{10, 6, 9, 1, 10};

TEST(fluid, empty_lookups_are_the_printed_ones) {
    EXPECT_NEAR(fluid_empty_lookup(kLeveling), .01176, 5e-6);
    EXPECT_NEAR(fluid_empty_lookup(kTiering), .10581, 5e-6);
    EXPECT_NEAR(fluid_empty_lookup(kLazy), .01465, 5e-6);
    expect_near(fluid_empty_lookup(kLeveling), 0.011756760579160449);
    expect_near(fluid_empty_lookup(kTiering), 0.10581084521244405);
    expect_near(fluid_empty_lookup(kLazy), 0.014645760403112221);
}

TEST(fluid, rates_of_the_levels_add_up_to_the_lookup) {
    for (const Fluid& design : {kLeveling, kTiering, kLazy}) {
        double sum = design.last_runs * fluid_filter_rate(design, design.levels);
        for (int level = 1; level < 6; ++level) {
            sum += design.upper_runs * fluid_filter_rate(design, level);
        }
        // The closed form stands for infinitely many levels: those above the sixth are missing.
        EXPECT_NEAR(sum / fluid_empty_lookup(design), 1 - 1e-6, 1e-9);
    }
    expect_near(fluid_filter_rate(kTiering, 3), 1.0581084521244407e-05);
    EXPECT_TRUE(fluid_has_filters(kTiering));
    EXPECT_FALSE(fluid_has_filters({10, 6, 9, 9, 0.1}));
}

TEST(fluid, found_ranges_updates_and_space) {
    expect_near(fluid_found_lookup(kLeveling), 1.001175676057916);
    expect_near(fluid_found_lookup(kTiering), 1.0952297606911996);
    const PageCosts pages{32, 2, 4};
    expect_near(fluid_range_lookup(kLazy, 1000, pages), 54.59375);
    expect_near(fluid_update(kLazy, pages), 0.140625);
    expect_near(fluid_update(kTiering, pages), 0.084375);
    expect_near(fluid_space(kLeveling), 0.1);
    expect_near(fluid_space(kTiering), 8.1);
    EXPECT_EQ(fluid_levels(10, 1e9, 524288), 4);
    EXPECT_EQ(fluid_levels(4, 1e9, 524288), 6);
    EXPECT_EQ(fluid_levels(4, 1000, 524288), 1);
}

TEST(monkey, updates_ranges_and_uniform_filters) {
    expect_near(monkey_update(MergePolicy::leveling, 10, 6, 32, 1.5), 2.109375);
    expect_near(monkey_update(MergePolicy::tiering, 10, 6, 32, 1.5), 0.421875);
    expect_near(monkey_range_lookup(MergePolicy::leveling, 10, 6, 1e9, 32, 1e-6), 37.25);
    expect_near(monkey_range_lookup(MergePolicy::tiering, 10, 6, 1e9, 32, 1e-6), 85.25);
    EXPECT_NEAR(monkey_uniform_empty_lookup(6, 10), .04916, 5e-6);
    EXPECT_NEAR(monkey_uniform_empty_lookup(54, 10), .44240, 5e-6);
    EXPECT_NEAR(monkey_uniform_empty_lookup(46, 10), .37686, 5e-6);
}

TEST(best_filters, of_four_runs) {
    // By bisection of the multiplier c in sum n ln(1 / min(1, c n)) = M ln^2 2.
    const std::vector<RunOfEntries> runs{{1000, 1}, {100, 1}, {10, 1}, {10, 1}};
    const std::vector<std::pair<double, std::vector<double>>> expected{
        {10, {0.010924940299874864, 0.0010924940299874872, 0.00010924940299874859}},
        {2, {0.5101334651069406, 0.051013346510694085, 0.0051013346510694075}},
        {0.5, {1, 0.1559297205112265, 0.015592972051122646}},
        {0.1, {1, 0.9373874039304408, 0.09373874039304407}}};
    for (const auto& [bits, rates] : expected) {
        const auto filters = best_filters(runs, bits);
        for (size_t i = 0; i < rates.size(); ++i) expect_near(filters[i].rate, rates[i]);
        expect_near(filters[3].rate, filters[2].rate);
        double memory = 0;
        for (size_t i = 0; i < runs.size(); ++i) {
            memory += runs[i].entries * filters[i].bits_per_key;
            EXPECT_NEAR(bloom_rate(filters[i].bits_per_key), filters[i].rate, 1e-12);
        }
        expect_near(memory, bits * 1120);
    }
}

TEST(best_filters, no_exchange_of_memory_helps) {
    const std::vector<RunOfEntries> runs{{5000, 1}, {700, 2}, {700, 0.25}, {90, 1}, {30, 3}};
    const auto filters = best_filters(runs, 6);
    const auto probes = [&](const std::vector<double>& bits) {
        double sum = 0;
        for (size_t i = 0; i < runs.size(); ++i) sum += runs[i].probes * bloom_rate(bits[i]);
        return sum;
    };
    std::vector<double> best;
    for (const RunFilter& filter : filters) best.push_back(filter.bits_per_key);
    for (size_t from = 0; from < runs.size(); ++from) {
        for (size_t to = 0; to < runs.size(); ++to) {
            std::vector<double> other = best;
            const double moved = 0.01 * runs[from].entries;
            other[from] -= moved / runs[from].entries;
            other[to] += moved / runs[to].entries;
            if (from == to) continue;
            EXPECT_GT(probes(other), probes(best)) << from << " to " << to;
        }
    }
}

TEST(best_filters, are_monkeys_on_full_levels) {
    std::vector<RunOfEntries> runs;
    double size = 1e9;
    for (int level = 0; level < 12; ++level, size /= 10) runs.push_back({size, 1});
    double sum = 0;
    for (const RunFilter& filter : best_filters(runs, 10)) sum += filter.rate;
    EXPECT_NEAR(sum, fluid_empty_lookup(kLeveling), 1e-9);
}

TEST(best_filters, runs_without_entries_or_probes_get_none) {
    const auto filters = best_filters({{0, 1}, {100, 0}, {100, 1}}, 5);
    EXPECT_EQ(filters[0].bits_per_key, 0);
    EXPECT_EQ(filters[1].rate, 1);
    EXPECT_NEAR(filters[2].bits_per_key, 10, 1e-9);
    EXPECT_TRUE(best_filters({}, 5).empty());
    EXPECT_EQ(best_filters({{100, 1}}, 0).front().rate, 1);
}

TEST(endure, costs_of_three_designs) {
    struct Case {
        double size_ratio;
        std::vector<double> runs;
        double bits;
        double levels, empty, found, range, write, first_rate;
    };
    const std::vector<Case> cases{{10,
                                   {1},
                                   10,
                                   3.2806577181015606,
                                   0.011755584903102531,
                                   1.001067727619871,
                                   34.53065771810156,
                                   1.281506921133422,
                                   1.0581084521244403e-05},
                                  {5,
                                   {4},
                                   5,
                                   4.693560092350453,
                                   0.6765237463190182,
                                   1.2818488014834195,
                                   50.02424036940181,
                                   0.36668438221487915,
                                   0.00021655689702913515},
                                  {6,
                                   {5, 3, 1},
                                   8,
                                   4.215964077014762,
                                   0.03714810731744967,
                                   1.0056270242321126,
                                   41.46596407701476,
                                   0.7016582472170014,
                                   2.364615360754276e-05}};
    for (const Case& one : cases) {
        const KLsm design{one.size_ratio, one.runs, one.bits, 1e9, 32, 524288, 1.5};
        expect_near(endure_levels(design), one.levels);
        expect_near(endure_empty_lookup(design), one.empty);
        expect_near(endure_found_lookup(design), one.found);
        expect_near(endure_range_lookup(design, 1e-6), one.range);
        expect_near(endure_write(design), one.write);
        expect_near(endure_filter_rate(design, 1), one.first_rate);
    }
}

TEST(wacky, growths_and_runs) {
    const auto bush = wacky_levels({2, 2, 3, 1, 0}, 5);
    const std::vector<double> growths{256, 16, 4, 2, 6};
    const std::vector<double> runs{255, 15, 3, 1, 1};
    for (size_t i = 0; i < 5; ++i) {
        expect_near(bush[i].growth, growths[i]);
        expect_near(bush[i].runs, runs[i]);
    }
    expect_near(merges_per_entry(bush), 4.68359375);
    expect_near(total_runs(bush), 275);
    const auto between = wacky_levels({3, 1.5, 4, .5, .5}, 4);
    expect_near(between[0].growth, 11.844666116572432);
    expect_near(between[1].runs, 2.0484512253667724);
    expect_near(merges_per_entry(between), 6.064301785255312);
    expect_near(empty_lookup(bush, 8), 0.049133193182441706);
    expect_near(empty_lookup(bush, 1), 1.4535120398205519);
}

TEST(wacky, is_the_fluid_tree_where_levels_grow_alike) {
    const PageCosts pages{1, 1, 1};
    expect_near(merges_per_entry(wacky_levels({10, 1, 9, 0, 0}, 6)),
                fluid_update(kLeveling, pages));
    expect_near(merges_per_entry(wacky_levels({10, 1, 9, 1, 1}, 6)), fluid_update(kTiering, pages));
    expect_near(merges_per_entry(wacky_levels({10, 1, 9, 1, 0}, 6)), fluid_update(kLazy, pages));
    EXPECT_NEAR(empty_lookup(wacky_levels({10, 1, 9, 1, 0}, 12), 10), fluid_empty_lookup(kLazy),
                1e-9);
}

double divergence(const std::vector<double>& of, const std::vector<double>& from) {
    double sum = 0;
    for (size_t i = 0; i < of.size(); ++i) {
        if (of[i] > 0) sum += of[i] * std::log(of[i] / from[i]);
    }
    return sum;
}

/// The largest mean cost over a fine grid of all workloads of three kinds within rho.
double largest_on_grid(const std::vector<double>& shares, const std::vector<double>& costs,
                       double rho, int steps) {
    double largest = 0;
    for (int i = 0; i <= steps; ++i) {
        for (int j = 0; i + j <= steps; ++j) {
            const std::vector<double> w{double(i) / steps, double(j) / steps,
                                        double(steps - i - j) / steps};
            if (divergence(w, shares) > rho) continue;
            largest = std::max(largest, w[0] * costs[0] + w[1] * costs[1] + w[2] * costs[2]);
        }
    }
    return largest;
}

TEST(robust, is_the_largest_cost_within_the_divergence) {
    const std::vector<double> shares{.5, .3, .2};
    const std::vector<std::vector<double>> all_costs{{1, 5, 20}, {3, .1, .2}, {1e-3, 900, 40}};
    for (const auto& costs : all_costs) {
        for (const double rho : {.01, .1, .5, 1.}) {
            const double robust = robust_cost(shares, costs, rho);
            const double direct = largest_on_grid(shares, costs, rho, 1000);
            EXPECT_GE(robust, direct * (1 - 1e-9)) << rho;
            EXPECT_LE(robust, direct * 1.01) << rho;
            const auto worst = worst_workload(shares, costs, rho);
            EXPECT_NEAR(std::accumulate(worst.begin(), worst.end(), 0.), 1, 1e-9);
            // On the sphere, unless all of the dearest operation is nearer.
            const double corner = -std::log(shares[static_cast<size_t>(
                std::max_element(costs.begin(), costs.end()) - costs.begin())]);
            EXPECT_NEAR(divergence(worst, shares), std::min(rho, corner), 1e-5);
        }
    }
}

TEST(robust, has_limits) {
    const std::vector<double> shares{.5, .3, 0, .2};
    const std::vector<double> costs{1, 5, 1e9, 20};
    expect_near(robust_cost(shares, costs, 0), .5 + 1.5 + 4);
    // Far enough away, a workload of the dearest operation that is in the mix at all.
    EXPECT_NEAR(robust_cost(shares, costs, 50), 20, 1e-6);
    // Where all cost the same there is nothing to be afraid of.
    EXPECT_NEAR(robust_cost(shares, {7, 7, 7, 7}, 2), 7, 1e-9);
    // No overflow with costs that no exponential takes.
    EXPECT_LE(robust_cost(shares, {1e6, 2e6, 0, 3e6}, .2), 3e6);
}

}  // namespace
}  // namespace lsm::model
