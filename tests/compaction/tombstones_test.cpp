// Deletes: strategies with a time for them keep it, whatever else they are made of, and those
// without come to rest when tombstones make a level due.
#include <gtest/gtest.h>

#include "framework/base/random.hpp"
#include "framework/policy/registry.hpp"
#include "tests/compaction/model_tree.hpp"

namespace lsm {
namespace {

struct TimedSubject {
    std::string label;
    std::string policy;
    OptionValues options;
    bool keeps_time = true;
};

void PrintTo(const TimedSubject& subject, std::ostream* out) { *out << subject.label; }

constexpr uint64_t kTtl = 1500;  // ticks

OptionValue one(const std::string& word) { return {{word}, false}; }
OptionValue list(std::vector<std::string> words) { return {std::move(words), true}; }

std::vector<TimedSubject> timed_subjects() {
    const OptionValue ttl = one(std::to_string(kTtl));
    std::vector<TimedSubject> all;
    for (const char* ratio : {"2", "4", "10"}) {
        all.push_back({std::string("lethe_") + ratio,
                       "lethe",
                       {{"size_ratio", one(ratio)}, {"tombstone_ttl", ttl}}});
    }
    for (const char* layout : {"leveling", "tiering", "lazy_leveling", "one_leveling", "fluid"}) {
        all.push_back({std::string("level_") + layout,
                       "primitives",
                       {{"size_ratio", one("4")},
                        {"layout", one(layout)},
                        {"trigger", list({"tombstone_age", "level_size"})},
                        {"tombstone_ttl", ttl}}});
    }
    for (const char* movement :
         {"expired_tombstones", "least_overlap_parent", "round_robin", "random"}) {
        all.push_back({std::string("table_") + movement,
                       "primitives",
                       {{"size_ratio", one("4")},
                        {"trigger", list({"tombstone_age", "level_size"})},
                        {"granularity", one("table")},
                        {"movement", one(movement)},
                        {"tombstone_ttl", ttl}}});
    }
    all.push_back({"tree",
                   "primitives",
                   {{"size_ratio", one("4")},
                    {"trigger", list({"tombstone_age", "level_size"})},
                    {"granularity", list({"tree", "level"})},
                    {"tombstone_ttl", ttl}}});
    all.push_back({"density",
                   "primitives",
                   {{"size_ratio", one("4")},
                    {"trigger", list({"tombstone_density", "level_size"})},
                    {"granularity", one("table")},
                    {"movement", list({"tombstone_density", "least_overlap_parent"})},
                    {"tombstone_density", one("0.1")}},
                   false});
    return all;
}

class Tombstones : public testing::TestWithParam<TimedSubject> {};

TEST_P(Tombstones, LeaveInTime) {
    std::vector<OptionProblem> problems;
    const auto options =
        all_policies().compaction().find(GetParam().policy)->make(GetParam().options, problems);
    ASSERT_TRUE(problems.empty()) << problems[0].message;
    for (const uint64_t keys : {300u, 20000u}) {
        SCOPED_TRACE(keys);
        ModelTree model(AnyCompaction(options), 32, 10);
        Random random(7);
        uint64_t oldest = 0;
        for (uint64_t n = 0; n < 6000 && !HasFailure(); ++n) {
            const uint64_t edits = model.shape().edit;
            const uint64_t key = random.below(keys);
            if (random.below(10) == 0) {
                model.remove(key);
            } else {
                model.put(key);
            }
            if (model.shape().edit != edits) model.settle();
            oldest = std::max(oldest, model.oldest_tombstone_age());
            if (GetParam().keeps_time) {
                ASSERT_LE(model.oldest_tombstone_age(), kTtl) << n;
            }
        }
        model.check_runs_at_rest();
        model.check_nothing_lost();
        if (GetParam().policy == "lethe" && keys > 1000) {
            EXPECT_GT(oldest, kTtl / 2) << "and not by rewriting all the time";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Strategies, Tombstones, testing::ValuesIn(timed_subjects()),
                         [](const auto& test) { return test.param.label; });

}  // namespace
}  // namespace lsm
