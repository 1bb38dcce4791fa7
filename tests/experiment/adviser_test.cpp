// The adviser against every design of its grid, its files, and what it hands out to be run.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/experiment/adviser.hpp"
#include "framework/experiment/experiment_reader.hpp"
#include "framework/os/file_system.hpp"
#include "source_dir.hpp"

namespace lsm::experiment {
namespace {

AdviceRequest request_of(std::array<double, kAdviceOperations> weights) {
    AdviceRequest request;
    request.mix.weights = weights;
    request.mix.entries = 20e6;
    request.mix.entry_bytes = 128;
    request.memory_bytes = 48 << 20;
    request.device = *find_device("nvme");
    return request;
}

template <class Any>
typename Any::Options make(const AxisRegistry<Any>& axis, const std::string& name,
                           const OptionValues& values = {}) {
    std::vector<OptionProblem> problems;
    auto options = axis.find(name)->make(values, problems);
    EXPECT_TRUE(problems.empty());
    return options;
}

/// Mean seconds of leveling with that size ratio and as many bits, and infinity without memory.
double cost_of(const AdviceRequest& request, const char* strategy, const char* size_ratio,
               double bits) {
    const Registry& registry = all_policies();
    const double memtable = request.memory_bytes - bits * request.mix.entries / 8;
    if (memtable < 4096) return std::numeric_limits<double>::infinity();
    const auto layout = model::DeclaredLayout::of(
        AnyCompaction(make(registry.compaction(), strategy, {{"size_ratio", {{size_ratio}}}})),
        memtable);
    const auto costs =
        costs_of(std::get<model::DeclaredLayout>(layout),
                 {request.mix.entries, request.mix.entry_bytes, memtable, request.block_bytes},
                 AnyBloomSizing(
                     make(registry.bloom(), "monkey", {{"bits_per_key", {{format_number(bits)}}}})),
                 AnyFilter(make(registry.filter(), "bloom")));
    const auto seconds = operation_seconds(costs, request);
    const auto shares = request.mix.shares();
    double mean = 0;
    for (size_t i = 0; i < kAdviceOperations; ++i) mean += shares[i] * seconds[i];
    return mean;
}

/// In the precision that the adviser compares them in.
std::array<float, 4> goals(const Advice& one) {
    const auto cost = [](double value) { return static_cast<float>(value); };
    return {cost(one.costs.write), cost(one.costs.empty_lookup + one.costs.found_lookup),
            cost(one.costs.short_range), cost(one.costs.space)};
}

/// As good in every goal and better in one.
bool beats(const Advice& left, const Advice& right) {
    const auto a = goals(left), b = goals(right);
    for (size_t i = 0; i < a.size(); ++i) {
        if (a[i] > b[i]) return false;
    }
    return a != b;
}

TEST(advise, no_design_of_the_grid_is_better) {
    for (const auto& weights :
         {std::array<double, 4>{.5, .3, 0, .2}, {0, 0, 0, 1}, {.1, .1, .7, .1}, {1, 0, 0, 3}}) {
        const AdviceRequest request = request_of(weights);
        const std::vector<Advice> all = advise(request, all_policies());
        for (const char* strategy : {"leveling", "tiering", "lazy_leveling"}) {
            const auto found = std::find_if(all.begin(), all.end(), [&](const Advice& one) {
                return one.strategy == strategy;
            });
            ASSERT_NE(found, all.end());
            double least = std::numeric_limits<double>::infinity();
            for (const char* ratio :
                 {"2", "3", "4", "5", "6", "7", "8", "10", "12", "14", "16", "20"}) {
                for (const double bits : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20}) {
                    least = std::min(least, cost_of(request, strategy, ratio, bits));
                }
            }
            EXPECT_LE(found->mean_seconds, least * (1 + 1e-9)) << strategy;
        }
    }
}

TEST(advise, knows_what_a_mix_wants) {
    const auto writes = advise(request_of({0, 0, 0, 1}), all_policies());
    const auto ranges = advise(request_of({0, 0, 1, 0.001}), all_policies());
    EXPECT_LT(writes.front().costs.write, ranges.front().costs.write);
    EXPECT_GT(writes.front().costs.short_range, ranges.front().costs.short_range);
    // Filters help nobody who only writes.
    EXPECT_EQ(writes.front().filter_bits, 0);
}

TEST(advise, nothing_beats_a_design_of_the_frontier) {
    const AdviceRequest request = request_of({.3, .3, .1, .3});
    std::vector<Advice> best = advise(request, all_policies());
    const std::vector<Advice> frontier = advice_frontier(request, all_policies(), best);
    size_t several = 0;  // strategies with more designs than their best
    for (const Advice& one : frontier) {
        for (const Advice& other : frontier) EXPECT_FALSE(beats(other, one));
        for (const Advice& other : best) EXPECT_FALSE(beats(other, one));
        several += std::count_if(frontier.begin(), frontier.end(), [&](const Advice& other) {
                       return other.strategy == one.strategy;
                   }) > 1;
    }
    EXPECT_GT(several, 0U);
    EXPECT_GT(frontier.size(), best.size());
    for (const Advice& one : best) {
        const bool beaten = std::any_of(frontier.begin(), frontier.end(),
                                        [&](const Advice& other) { return beats(other, one); });
        EXPECT_EQ(one.on_frontier, !beaten) << one.strategy;
    }
    const std::vector<Advice> shown = spread_out(frontier, 7);
    EXPECT_LE(shown.size(), 7U);
    EXPECT_GE(shown.size(), 3U);
    EXPECT_TRUE(std::any_of(shown.begin(), shown.end(), [&](const Advice& one) {
        return goals(one) == goals(frontier.front());
    })) << "the best for the mix is shown";
}

TEST(advise, rounding_decides_nothing) {
    AdviceRequest request = request_of({0, 0, 0, 1});
    request.mix.entries = 100;
    request.mix.entry_bytes = 116;
    request.memory_bytes = 1 << 20;
    std::vector<Advice> best = advise(request, all_policies());
    // All but some write each entry once, up to the last bits; one run is better elsewhere.
    EXPECT_NEAR(best.front().costs.write, 1, 1e-9);
    EXPECT_EQ(best.front().costs.short_range, 1) << best.front().strategy;
    const std::vector<Advice> frontier = advice_frontier(request, all_policies(), best);
    for (const Advice& one : frontier) EXPECT_EQ(one.costs.short_range, 1) << one.strategy;
}

TEST(advise, counts_of_a_run_become_the_devices_time) {
    AdviceRequest request = request_of({.25, .25, .25, .25});
    request.device.read_seconds = 1e-4;
    request.device.read_bandwidth = 4096e4;  // a block is 1e-4 s
    request.device.write_bandwidth = 128e4;  // an entry is 1e-4 s
    request.mix.range_length = 64;           // two blocks
    Advice advice;
    advice.seconds = {1, 2, 3, 4};
    const RunMetrics counted{{"read_amplification_empty", 0.5}, {"mean_runs", 3},
                             {"range_read_amplification", 2},   {"write_amplification", 4},
                             {"compaction_bytes_read", 3200},   {"user_bytes", 10}};
    const auto seconds = run_seconds(counted, advice, request);
    EXPECT_DOUBLE_EQ(seconds[0], 0.5 * 2e-4);
    EXPECT_EQ(seconds[1], 2) << "the run found nothing: the model's";
    EXPECT_DOUBLE_EQ(seconds[2], 3 * 1e-4 + 2 * 2 * 1e-4);
    EXPECT_DOUBLE_EQ(seconds[3], 4 * 1e-4 + 320 * 128 / 4096e4);
    EXPECT_DOUBLE_EQ(worst_mean({4, 4, 4, 4}, request), 4);
}

TEST(advise, robust_is_never_better_on_the_mix_itself) {
    AdviceRequest request = request_of({.33, .33, .33, .01});
    const auto nominal = advise(request, all_policies());
    request.rho = 2;
    const auto robust = advise(request, all_policies());
    EXPECT_GE(robust.front().mean_seconds, nominal.front().mean_seconds * (1 - 1e-12));
    EXPECT_GE(robust.front().worst_seconds, robust.front().mean_seconds);
}

TEST(advise, of_equals_takes_the_one_that_costs_less_elsewhere) {
    for (const auto& weights : {std::array<double, 4>{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}) {
        const auto all = advise(request_of(weights), all_policies());
        for (size_t i = 1; i < all.size(); ++i) {
            if (all[i].worst_seconds != all[i - 1].worst_seconds) break;
            EXPECT_LE(goals(all[i - 1])[0], goals(all[i])[0]) << all[i].strategy;
        }
        for (const Advice& other : all) EXPECT_FALSE(beats(other, all.front())) << other.strategy;
    }
}

TEST(advise, any_memory_gives_an_experiment_that_reads_back) {
    AdviceRequest request = request_of({.4, .3, .1, .2});
    request.memory_bytes = 0x1p40;
    const Advice best = advise(request, all_policies()).front();
    const auto context =
        make_read_context(posix_file_system(), std::string(LSMLAB_SOURCE_DIR) + "/experiments");
    EXPECT_EQ(read_experiment("advice", advice_yaml(best, request, 1, "simulator"), context)
                  .trials.size(),
              1u);
}

TEST(mix_of, refuses_what_it_can_not_know) {
    Trial trial;
    workloads::Phase load;
    load.records = 1000;
    trial.phases = {load};
    EXPECT_NO_THROW(mix_of(trial));
    workloads::Phase replay;
    replay.kind = workloads::PhaseKind::replay;
    trial.phases = {load, replay};
    EXPECT_THROW(mix_of(trial), Error);
    const auto source = std::make_shared<SourceText>("w.yaml", "a\nb: {file: t}\n");
    const std::vector<Place> places{{source, 1, 1, 1}, {source, 2, 1, 1}};
    try {
        mix_of(trial, places);
        FAIL();
    } catch (const Error& error) {
        const std::string said = error.what();
        EXPECT_NE(said.find("w.yaml:2:1: what a trace asks is not known"), std::string::npos)
            << said;
    }
    trial.phases = {};
    EXPECT_THROW(mix_of(trial), Error);
}

TEST(advise, hands_out_an_experiment_that_reads_back) {
    const AdviceRequest request = request_of({.4, .3, .1, .2});
    const auto all = advise(request, all_policies());
    const auto context =
        make_read_context(posix_file_system(), std::string(LSMLAB_SOURCE_DIR) + "/experiments");
    for (const Advice& one : all) {
        const Experiment read =
            read_experiment("advice", advice_yaml(one, request, 100, "lsmlab"), context);
        ASSERT_EQ(read.trials.size(), 1u);
        const Trial& trial = read.trials.front();
        EXPECT_EQ(trial.settings.compaction.policy, one.strategy);
        EXPECT_EQ(trial.phases.front().records, 200000u);
        const WorkloadMix mix = mix_of(trial);
        EXPECT_NEAR(mix.shares()[0], .4, 1e-6);
        EXPECT_NEAR(mix.shares()[3], .2, 1e-6);
        EXPECT_EQ(mix.entry_bytes, 128);
    }
}

TEST(read_mix, reads_a_workload_file) {
    const WorkloadMix mix = read_mix("w.yaml",
                                     "about: a shop\nentries: 10M\nkey: 16 B\nvalue: 84 B\n"
                                     "empty_reads: 20\nfound_reads: 30\nwrites: 50\n");
    EXPECT_EQ(mix.entries, 10e6);
    EXPECT_EQ(mix.entry_bytes, 100);
    EXPECT_EQ(mix.shares(), (std::vector<double>{.2, .3, 0, .5}));
}

TEST(read_mix, says_all_that_is_wrong) {
    try {
        read_mix("w.yaml", "entries: many\nwrite: 1\nvalue: -4 B\n");
        FAIL();
    } catch (const Error& error) {
        const std::string said = error.what();
        EXPECT_NE(said.find("w.yaml:1:10"), std::string::npos) << said;
        EXPECT_NE(said.find("did you mean `writes`"), std::string::npos) << said;
        EXPECT_NE(said.find("`value`"), std::string::npos) << said;
    }
    EXPECT_THROW(read_mix("w.yaml", "entries: 10\n"), Error);
    EXPECT_THROW(read_mix("w.yaml", "- 3\n"), Error);
}

}  // namespace
}  // namespace lsm::experiment
