#include "framework/base/text.hpp"

#include <gtest/gtest.h>

namespace lsm {
namespace {

const std::vector<std::string> kPolicies = {
    "avl",   "fifo",         "lazy_leveling",    "leveling", "monkey",
    "never", "one_leveling", "partial_leveling", "skiplist", "tiering"};

TEST(Text, EditDistance) {
    EXPECT_EQ(edit_distance("", ""), 0);
    EXPECT_EQ(edit_distance("abc", "abc"), 0);
    EXPECT_EQ(edit_distance("", "abc"), 3);
    EXPECT_EQ(edit_distance("abc", ""), 3);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
    EXPECT_EQ(edit_distance("teiring", "tiering"), 1) << "neighbours swapped";
    EXPECT_EQ(edit_distance("ca", "abc"), 3) << "optimal string alignment edits no part twice";
}

TEST(Text, ClosestMatchIsWhatWasMeant) {
    EXPECT_EQ(closest_match("levelling", kPolicies), "leveling");
    EXPECT_EQ(closest_match("Leveling", kPolicies), "leveling");
    EXPECT_EQ(closest_match("teiring", kPolicies), "tiering");
    EXPECT_EQ(closest_match("monky", kPolicies), "monkey");
    EXPECT_EQ(closest_match("av", kPolicies), "avl");
    EXPECT_EQ(closest_match("lazy-leveling", kPolicies), "lazy_leveling");
    EXPECT_EQ(closest_match("skip", kPolicies), "skiplist")
        << "the only one that goes on like this";
}

TEST(Text, NothingIsCloseToOtherWords) {
    EXPECT_EQ(closest_match("banana", kPolicies), std::nullopt);
    EXPECT_EQ(closest_match("", kPolicies), std::nullopt);
    EXPECT_EQ(closest_match("x", {"y", "z"}), std::nullopt);
    EXPECT_EQ(closest_match("size", {"size_ratio", "size_limit"}), std::nullopt)
        << "two go on like this";
    EXPECT_EQ(closest_match("leveling", {}), std::nullopt);
}

TEST(Text, JoinSplitTrim) {
    EXPECT_EQ(join({}), "");
    EXPECT_EQ(join({"a"}), "a");
    EXPECT_EQ(join({"a", "b", ""}, "/"), "a/b/");
    EXPECT_EQ(split("a,b,,c", ','), (std::vector<std::string>{"a", "b", "", "c"}));
    EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
    EXPECT_EQ(split(",", ','), (std::vector<std::string>{"", ""}));
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace lsm
