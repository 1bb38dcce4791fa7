// The names of policies that a program names as types.
#include "framework/policy/policy_name.hpp"

#include <gtest/gtest.h>

#include "framework/policy/registry.hpp"
#include "policies/bloom/none.hpp"
#include "policies/compaction/partial_leveling.hpp"
#include "policies/filter/blocked_bloom.hpp"
#include "policies/format/row_block.hpp"
#include "policies/memtable/hash_linked.hpp"

namespace lsm {

namespace format {
template <class Block>
struct Made {};
struct Lz4Blocks {};
}  // namespace format

namespace stranger {
struct RowBlock {};
struct Named {
    static constexpr std::string_view name = "wide_rows";
};
}  // namespace stranger

namespace {

TEST(PolicyName, IsTheNameInYaml) {
    EXPECT_EQ(policy_name<format::RowBlock>(), "row_block");
    EXPECT_EQ(policy_name<filter::BlockedBloom>(), "blocked_bloom");
    EXPECT_EQ(policy_name<compaction::PartialLeveling>(), "partial_leveling");
    EXPECT_EQ(policy_name<memtable::HashLinked>(), "hash_linked");
    EXPECT_EQ(policy_name<bloom::None>(), "none");
    EXPECT_EQ(policy_name<format::Lz4Blocks>(), "lz4_blocks");
}

TEST(PolicyName, OfAStrangersTypeIsNotThatOfAPolicyHere) {
    EXPECT_EQ(policy_name<stranger::RowBlock>(), "lsm::stranger::RowBlock");
    EXPECT_EQ(policy_name<format::Made<int>>(), "lsm::format::Made<int>");
    EXPECT_EQ(policy_name<stranger::Named>(), "wide_rows");
}

TEST(PolicyName, OfEveryRegisteredFilterIsTheRegistrys) {
    for (const auto& entry : all_policies().filter().policies()) {
        std::vector<OptionProblem> problems;
        EXPECT_EQ(entry.make({}, problems).name, entry.name);
    }
    for (const auto& entry : all_policies().compaction().policies()) {
        std::vector<OptionProblem> problems;
        EXPECT_EQ(entry.make({}, problems).name, entry.name);
    }
}

}  // namespace
}  // namespace lsm
