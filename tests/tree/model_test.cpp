// The whole tree against a std::map (framework/torture/model_run.hpp): seeded random operations
// over every pair of policies, with limits so small that a few hundred operations flush, compact,
// cut tables and recover many times. A failure prints one line that repeats it. Many more, of
// random combinations: ./lab torture model.
#include <gtest/gtest.h>

#include "framework/torture/model_machine.hpp"

namespace lsm::torture {
namespace {

const Combination kUsual{"skiplist", "uniform", "bloom",  "row_block",
                         "leveling", "none",    "process"};

void run_model(const Combination& combination, uint64_t seed, uint64_t operations) {
    Tally tally;
    perform_model_case(combination_case(combination, seed), Operations::first(operations), tally);
    for (const Failure& failure : tally.failures())
        FAIL() << failure.what << "\nrepeat: ./lab torture model --case '" << failure.only << "'";
}

TEST(ModelTest, EveryPairOfPolicies) {
    const std::vector<CombinationAxis> all = combination_axes();
    uint64_t seed = 1;
    for (size_t first = 0; first < all.size(); ++first) {
        for (size_t second = first + 1; second < all.size(); ++second) {
            for (const std::string& left : all[first].values) {
                for (const std::string& right : all[second].values) {
                    Combination combination = kUsual;
                    combination.*all[first].member = left;
                    combination.*all[second].member = right;
                    run_model(combination, seed++, 400);
                    if (HasFatalFailure()) return;
                }
            }
        }
    }
}

TEST(ModelTest, LongRunsOfEveryStrategy) {
    uint64_t seed = 1000;
    const std::vector<CombinationAxis> all = combination_axes();
    for (const std::string& compaction : all[4].values) {
        for (const char* memtable : {"skiplist", "vector"}) {
            Combination combination = kUsual;
            combination.compaction = compaction;
            combination.memtable = memtable;
            run_model(combination, seed++, 4000);
            if (HasFatalFailure()) return;
        }
    }
}

// A tombstone in a run below must not stay for the sake of tables of the run above that the merge
// leaves out: what those hold is newer.
TEST(ModelTest, APromisedLifetimeHoldsBesideRangeDeletes) {
    for (uint64_t seed = 17; seed <= 25; ++seed) {
        Combination combination = kUsual;
        combination.compaction = "lethe";
        ModelCase model = combination_case(combination, seed);
        model.settings.compaction.options["tombstone_ttl"] = {{"100"}, false};
        model.settings.table_size = 300;
        model.keys = 500;
        Tally tally;
        perform_model_case(model, Operations::first(3000), tally);
        for (const Failure& failure : tally.failures())
            ADD_FAILURE() << failure.what << failure.only;
    }
}

}  // namespace
}  // namespace lsm::torture
