#include "framework/base/csv.hpp"

#include <gtest/gtest.h>

#include "framework/base/error.hpp"

namespace lsm {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, FieldIsQuotedOnlyWhenItMustBe) {
    EXPECT_EQ(csv_field("leveling"), "leveling");
    EXPECT_EQ(csv_field(""), "");
    EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_field("say \"no\""), "\"say \"\"no\"\"\"");
    EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

TEST(Csv, RoundTripKeepsEveryByte) {
    const Rows rows = {{"plain", "", "with, comma"},
                       {"\"quoted\"", "line\nbreak", "cr\r\nlf"},
                       {"", "", ""},
                       {std::string("\0\x01\xff", 3), " spaces ", "ü"}};
    std::string text;
    append_csv_row(text, {"a", "b,b", "c\"c"});
    for (const auto& row : rows) append_csv_row(text, row);
    const CsvTable table = read_csv(text);
    EXPECT_EQ(table.header, (std::vector<std::string>{"a", "b,b", "c\"c"}));
    EXPECT_EQ(table.rows, rows);
}

TEST(Csv, OneEmptyFieldRoundTrips) {
    std::string text = "only\n";
    append_csv_row(text, {""});
    append_csv_row(text, {"x"});
    EXPECT_EQ(read_csv(text).rows, (Rows{{""}, {"x"}}));
}

TEST(Csv, TakesCrLfAndAMissingLastLineEnd) {
    const CsvTable table = read_csv("a,b\r\n1,2\r\n3,\"4\"");
    EXPECT_EQ(table.rows, (Rows{{"1", "2"}, {"3", "4"}}));
    EXPECT_TRUE(read_csv("a,b\n").rows.empty());
    EXPECT_EQ(read_csv("a,b\n1,\n").rows, (Rows{{"1", ""}}));
}

TEST(Csv, FindsColumns) {
    const CsvTable table = read_csv("trial,value\n");
    EXPECT_EQ(table.column("value"), 1u);
    EXPECT_EQ(table.column("valu"), std::nullopt);
    EXPECT_EQ(table.required_column("trial"), 0u);
    EXPECT_THROW(table.required_column("metric"), Error);
}

struct Bad {
    const char* text;
    uint64_t line;
};

class CsvBad : public testing::TestWithParam<Bad> {};

TEST_P(CsvBad, IsRefusedWithItsLine) {
    try {
        read_csv(GetParam().text, "trials.csv");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::corruption);
        EXPECT_EQ(error.place().file, "trials.csv");
        EXPECT_EQ(error.place().line, GetParam().line);
    }
}

INSTANTIATE_TEST_SUITE_P(All, CsvBad,
                         testing::Values(Bad{"", 1}, Bad{"a,b\n1\n", 2},
                                         Bad{"a,b\n1,2\n1,2,3\n", 3}, Bad{"a,b\n\"1,2\n3,4\n", 2},
                                         Bad{"a,b\n\"1\"x,2\n", 2}, Bad{"a,b\n1\"x,2\n", 2},
                                         Bad{"a,b\n\"l\n\n\",1\nx\n", 5}, Bad{"a,b\n1\r2,3\n", 2}));

}  // namespace
}  // namespace lsm
