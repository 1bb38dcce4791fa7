// What must hold for every compaction strategy, whatever it chooses: each registered one drives a
// small model of the tree, with its default options and with others, under several kinds of writes.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

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
