// What must hold for every compaction strategy, whatever it chooses: each registered one drives a
// small model of the tree, with its default options and with others, under several kinds of writes.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <sstream>

#include "framework/base/random.hpp"
#include "framework/policy/registry.hpp"
#include "tests/compaction/model_tree.hpp"

namespace lsm {
namespace {

struct Subject {
    std::string policy;
    OptionValues options;
    std::string label;
};

void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.label; }

OptionValue words(const std::string& text) {
    OptionValue value;
    value.is_list = true;
    std::istringstream in(text);
    for (std::string word; in >> word;) value.items.push_back(word);
    return value;
}

void add_combination(std::vector<Subject>& all, const std::string& label, const std::string& policy,
                     OptionValues options) {
    options["size_ratio"] = {{"4"}, false};
    all.push_back({policy, std::move(options), policy + "_" + label});
}

/// Strategies that take tables, Sarkar's among them.
std::vector<Subject> combinations_by_table() {
    std::vector<Subject> all;
    const auto by_table = [&](const std::string& label, const std::string& trigger,
                              const std::string& movement, const std::string& granularity = "table",
                              const std::string& layout = "leveling") {
        OptionValues options = {{"trigger", words(trigger)},
                                {"granularity", words(granularity)},
                                {"movement", words(movement)},
                                {"layout", {{layout}, false}}};
        if (trigger.starts_with("tombstone_age")) options["tombstone_ttl"] = {{"1000"}, false};
        add_combination(all, label, "primitives", std::move(options));
    };
    by_table("lo1", "level_size", "least_overlap_parent");
    by_table("lo2", "level_size", "least_overlap_grandparent");
    by_table("rr", "level_size", "round_robin");
    by_table("cold", "level_size", "coldest least_overlap_parent");
    by_table("old", "level_size", "oldest random");
    by_table("tsd", "tombstone_density level_size", "tombstone_density least_overlap_parent");
    by_table("tsa", "tombstone_age level_size", "expired_tombstones least_overlap_parent");
    by_table("1lvl", "run_count level_size", "least_overlap_parent", "level table", "one_leveling");
    by_table("tables", "level_size", "random", "tables");
    by_table("old_runs", "run_count level_size", "round_robin", "run tables", "one_leveling");
    return all;
}

/// Combinations of options that depend on each other.
std::vector<Subject> combinations() {
    std::vector<Subject> all = combinations_by_table();
    const auto add = [&](const std::string& label, const std::string& policy,
                         OptionValues options) {
        add_combination(all, label, policy, std::move(options));
    };
    add("tier", "primitives",
        {{"layout", {{"tiering"}, false}},
         {"trigger", words("run_count space_amplification")},
         {"granularity", words("level tree")},
         {"space_amplification", {{"0.5"}, false}}});
    add("space", "primitives",
        {{"layout", {{"lazy_leveling"}, false}},
         {"trigger", words("space_amplification level_size")},
         {"space_amplification", {{"0"}, false}}});
    add("stale", "primitives",
        {{"layout", {{"tiering"}, false}},
         {"trigger", words("staleness")},
         {"spill", {{"bypass"}, false}},
         {"stale_after", {{"500"}, false}}});
    add("base", "primitives",
        {{"level1_runs", {{"4"}, false}}, {"level2_size", {{"1000"}, false}}});
    add("list", "primitives", {{"layout", {{"per_level"}, false}}, {"level_runs", words("3 2 1")}});
    add("fluid", "primitives",
        {{"layout", {{"fluid"}, false}},
         {"upper_runs", {{"2"}, false}},
         {"last_runs", {{"2"}, false}}});
    add("list", "k_lsm", {{"level_runs", words("3 1 2")}});
    add("last", "k_lsm", {{"level_runs", words("2")}, {"last_runs", {{"1"}, false}}});
    add("k2", "fluid", {{"upper_runs", {{"2"}, false}}, {"last_runs", {{"3"}, false}}});
    add("slow", "lsm_bush", {{"growth", {{"1"}, false}}, {"capacity_ratio", {{"3"}, false}}});
    add("between", "wacky",
        {{"growth", {{"1.5"}, false}},
         {"upper", {{"0.5"}, false}},
         {"last", {{"0.5"}, false}},
         {"capacity_ratio", {{"4"}, false}}});
    add("static", "rocksdb_leveled",
        {{"dynamic_level_bytes", {{"false"}, false}}, {"base_size", {{"1500"}, false}}});
    add("few_levels", "rocksdb_leveled", {{"levels", {{"3"}, false}}});
    add("base", "leveldb", {{"level2_size", {{"700"}, false}}, {"level1_runs", {{"1"}, false}}});
    return all;
}

/// Each registered strategy with its defaults, with small size ratios, and with every word of every
/// choice.
std::vector<Subject> subjects() {
    std::vector<Subject> all;
    for (const auto& policy : all_policies().compaction().policies()) {
        all.push_back({policy.name, {}, policy.name});
        const auto add = [&](const std::string& option, const std::string& value) {
            Subject subject{policy.name, {}, policy.name + "_" + option + "_" + value};
            for (const OptionInfo& info : policy.options) {
                if (info.name == "size_ratio") subject.options["size_ratio"] = {{"3"}, false};
                if (info.name == "limit") subject.options["limit"] = {{"10 KiB"}, false};
            }
            subject.options[option] = {{value}, false};
            std::replace_if(
                subject.label.begin(), subject.label.end(),
                [](char c) { return c == '-' || c == '.'; }, '_');
            all.push_back(subject);
        };
        for (const OptionInfo& option : policy.options) {
            if (option.name == "size_ratio") {
                for (const char* value : {"2", "3", "4"}) add(option.name, value);
            } else if (option.type == OptionType::choice) {
                for (const std::string& value : option.choices) add(option.name, value);
            } else if (option.name == "min_threshold" || option.name == "tables_per_guard") {
                for (const char* value : {"2", "3"}) add(option.name, value);
            } else if (option.name == "max_threshold") {
                add(option.name, "4");
            } else if (option.name == "space_amplification_goal") {
                add(option.name, "1.25");
            } else if (option.name == "w") {
                for (const char* value : {"-8", "0", "1"}) add(option.name, value);
            } else if (option.name == "run_trigger" || option.name == "max_flushes") {
                for (const char* value : {"2", "9"}) add(option.name, value);
            } else if (option.name == "max_merge_width" ||
                       option.name == "max_size_amplification" || option.name == "guards" ||
                       option.name == "fanout") {
                for (const char* value : {"2", "25"}) add(option.name, value);
            } else if (option.name == "window" || option.name == "ttl") {
                for (const char* value : {"100", "1000"}) add(option.name, value);
            } else if (option.name == "level1_runs") {
                for (const char* value : {"1", "2", "12"}) add(option.name, value);
            } else if (option.name == "limit") {
                add(option.name, "5000");
            }
        }
    }
    for (const Subject& subject : combinations()) all.push_back(subject);
    return all;
}

AnyCompaction make(const std::string& policy, const OptionValues& options) {
    std::vector<OptionProblem> problems;
    const auto made = all_policies().compaction().find(policy)->make(options, problems);
    EXPECT_TRUE(problems.empty()) << problems[0].option << " " << problems[0].message;
    return AnyCompaction(made);
}

constexpr uint64_t kWrites = 4000;

struct Writes {
    std::string name;
    std::function<uint64_t(uint64_t, Random&)> key;  // of write n
};

std::vector<Writes> kinds_of_writes() {
    return {{"random", [](uint64_t, Random& random) { return random.below(ModelTree::kKeys); }},
            {"ascending", [](uint64_t n, Random&) { return n; }},
            {"descending", [](uint64_t n, Random&) { return kWrites - n; }},
            {"updates", [](uint64_t, Random& random) { return random.below(700); }},
            {"hot set",
             [](uint64_t, Random& random) {
                 const bool hot = random.below(10) < 9;
                 return hot ? random.below(20) : random.below(5000);
             }},
            {"two streams",
             [](uint64_t n, Random& random) { return random.below(2) * 50000 + n / 2; }}};
}

class CompactionConformance : public testing::TestWithParam<Subject> {
  protected:
    ModelTree tree() const {
        return ModelTree(make(GetParam().policy, GetParam().options), 32, 10);
    }
};

TEST_P(CompactionConformance, ComesToRestAfterEachFlush) {
    for (const Writes& writes : kinds_of_writes()) {
        SCOPED_TRACE(writes.name);
        ModelTree model = tree();
        Random random(11);
        for (uint64_t n = 0; n < kWrites && !HasFailure(); ++n) {
            const uint64_t edits = model.shape().edit;
            model.put(writes.key(n, random));
            if (model.shape().edit == edits) continue;
            model.settle();
            model.check_runs_at_rest();
            model.check_bytes_at_rest();
        }
        model.check_nothing_lost();
        if (HasFailure()) return;
    }
}

TEST_P(CompactionConformance, BearsFlushesOfAnySize) {
    ModelTree model = tree();
    Random random(5);
    for (int round = 0; round < 400 && !HasFailure(); ++round) {
        const uint64_t entries = 1 + random.below(round % 7 == 0 ? 32 : 5);
        for (uint64_t i = 0; i < entries; ++i) model.put(random.below(3000));
        model.flush();
        model.settle();
        model.check_runs_at_rest();
    }
    model.check_nothing_lost();
}

TEST_P(CompactionConformance, BearsSeveralCompactionsAtOnce) {
    for (uint64_t seed = 1; seed <= 6 && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        ModelTree model = tree();
        Random random(seed);
        std::vector<ModelTree::Job> running;
        const auto finish_one = [&] {
            const size_t which = random.below(running.size());
            model.finish(running[which]);
            running.erase(running.begin() + static_cast<std::ptrdiff_t>(which));
        };
        for (uint64_t n = 0; n < kWrites / 2 && !HasFailure(); ++n) {
            model.put(random.below(seed % 2 == 0 ? 100000 : 900));
            ModelTree::Job job;
            if (random.below(20) == 0 && running.size() < 4 && model.begin(job)) {
                running.push_back(job);
            }
            if (random.below(30) == 0 && !running.empty()) finish_one();
        }
        while (!running.empty()) finish_one();
        model.settle();
        model.check_runs_at_rest();
        model.check_nothing_lost();
    }
}

TEST_P(CompactionConformance, AnEmptyTreeNeedsNothing) {
    EXPECT_EQ(tree().settle(), 0);
    const AnyCompaction strategy = make(GetParam().policy, GetParam().options);
    TreeShape empty;
    EXPECT_EQ(strategy.choose(empty).action, Choice::Action::nothing);
    EXPECT_GE(strategy.runs_allowed(empty, 1), 1u);
    EXPECT_GE(strategy.runs_allowed(empty, 40), 1u);
    strategy.capacity(empty, 40);
}

INSTANTIATE_TEST_SUITE_P(Registered, CompactionConformance, testing::ValuesIn(subjects()),
                         [](const auto& test) { return test.param.label; });

}  // namespace
}  // namespace lsm
