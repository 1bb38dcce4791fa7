// What trees of types check by themselves: options that a program set, and by whom the tables were
// written.
#include <gtest/gtest.h>

#include <cmath>

#include "framework/tree/tree.hpp"
#include "policies/bloom/monkey.hpp"
#include "policies/bloom/uniform.hpp"
#include "policies/compaction/leveling.hpp"
#include "policies/compaction/tiering.hpp"
#include "policies/filter/blocked_bloom.hpp"
#include "policies/filter/bloom.hpp"
#include "policies/format/plain.hpp"
#include "policies/format/row_block.hpp"
#include "policies/memtable/skiplist.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

template <class Format = format::RowBlock, class Filter = filter::Bloom,
          class Compaction = compaction::Leveling>
using Static = Tree<memtable::Skiplist, bloom::Uniform, Format, Compaction, Filter>;

template <class T>
typename T::Options options_in(FileSystem& files) {
    typename T::Options options;
    options.files = &files;
    options.folder = "t";
    options.memtable_size = 2000;
    return options;
}

/// Opens one and closes it with tables on disk.
template <class T>
void fill(FileSystem& files) {
    const auto tree = T::open(options_in<T>(files));
    for (uint64_t i = 0; i < 200; ++i) tree->put(key_of(i), std::string(20, 'v'));
    tree->flush();
    tree->close();
}

TEST(StaticTree, DoesNotReadTheTablesOfAnotherFormat) {
    const auto files = make_memory_file_system();
    fill<Static<format::RowBlock>>(*files);
    const Error error =
        error_of([&] { Static<format::Plain>::open(options_in<Static<format::Plain>>(*files)); });
    EXPECT_EQ(error.kind(), ErrorKind::config) << error.what();
    EXPECT_NE(error.message().find("written with format row_block, but format plain is set"),
              std::string::npos)
        << error.what();
}

TEST(StaticTree, GoesWithoutTheFiltersOfAnotherPolicyAndSaysSo) {
    const auto files = make_memory_file_system();
    fill<Static<format::RowBlock, filter::Bloom>>(*files);
    using Other = Static<format::RowBlock, filter::BlockedBloom>;
    const auto tree = Other::open(options_in<Other>(*files));
    EXPECT_FALSE(tree->warnings().empty());
    for (uint64_t i = 0; i < 200; ++i) EXPECT_TRUE(tree->get(key_of(i)).has_value()) << i;
}

TEST(StaticTree, AndATreeFromYamlReadEachOther) {
    const auto files = make_memory_file_system();
    fill<Static<>>(*files);
    const auto tree = AnyTree::open(small_options(*files));
    EXPECT_TRUE(tree->warnings().empty());
    EXPECT_EQ(contents(*tree).size(), 200u);
    tree->close();
    EXPECT_TRUE(Static<>::open(options_in<Static<>>(*files))->get(key_of(7)).has_value());
}

TEST(StaticTree, ANameThatIsSetStandsForThePolicys) {
    const auto files = make_memory_file_system();
    auto options = options_in<Static<>>(*files);
    options.format_name = "static";
    {
        const auto tree = Static<>::open(options);
        tree->put("k", "v");
        tree->flush();
    }
    EXPECT_EQ(error_of([&] { Static<>::open(options_in<Static<>>(*files)); }).kind(),
              ErrorKind::config);
    EXPECT_TRUE(Static<>::open(options)->get("k").has_value());
}

/// The words of the error with which a tree with these options is refused.
template <class T, class Set>
std::string refusal(Set set) {
    const auto files = make_memory_file_system();
    auto options = options_in<T>(*files);
    set(options);
    const Error error = error_of([&] { T::open(options); });
    EXPECT_EQ(error.kind(), ErrorKind::config) << error.what();
    EXPECT_FALSE(files->exists("t"));
    return error.message();
}

TEST(StaticTree, OptionsOutOfTheirRangeAreRefused) {
    using Tiered = Static<format::RowBlock, filter::Bloom, compaction::Tiering>;
    EXPECT_EQ(refusal<Tiered>([](auto& options) { options.compaction.size_ratio = 1; }),
              "options of `tiering`: `size_ratio`: expected a whole number from 2 to 100, got 1");
    EXPECT_EQ(refusal<Static<>>([](auto& options) { options.compaction.size_ratio = 0; }),
              "options of `leveling`: `size_ratio`: expected a whole number from 2 to 100, got 0");
    EXPECT_EQ(refusal<Static<>>([](auto& options) { options.compaction.spill = "sideways"; }),
              "options of `leveling`: `spill`: expected bypass or write_then_spill, got sideways");
    for (const double bits : {-1.0, 1e9, 1e300, std::nan(""), HUGE_VAL, -HUGE_VAL}) {
        const std::string words =
            refusal<Static<>>([bits](auto& options) { options.bloom.bits_per_key = bits; });
        EXPECT_TRUE(words.starts_with("options of `uniform`: `bits_per_key`: expected a number"))
            << words;
    }
}

TEST(StaticTree, SettingsOutOfTheirRangeAreRefused) {
    const auto files = make_memory_file_system();
    const auto refused = [&](auto change) {
        auto options = small_options(*files);
        change(options);
        const Error error = error_of([&] { AnyTree::open(options); });
        EXPECT_EQ(error.kind(), ErrorKind::config) << error.what();
        return std::string(error.what());
    };
    EXPECT_EQ(refused([](auto& options) { options.memtable_size = 0; }),
              "memtable_size is 0, but must be from 1 to 1099511627776");
    for (const auto setting : {&TreeSettings::table_size, &TreeSettings::max_waiting_memtables,
                               &TreeSettings::stop_runs, &TreeSettings::max_compactions}) {
        EXPECT_NE(refused([&](auto& options) { options.*setting = 0; }).find("from 1 to"),
                  std::string::npos);
    }
    refused([](auto& options) { options.table.block_size = 0; });
    refused([](auto& options) { options.table.block_size = uint64_t{1} << 40; });
    refused([](auto& options) { options.cache_size = UINT64_MAX; });
    refused([](auto& options) { options.log_reserve = uint64_t{1} << 60; });
    EXPECT_NE(refused([](auto& options) { options.folder.clear(); }).find("folder"),
              std::string::npos);
    EXPECT_FALSE(files->exists("t")) << "nothing was made";
}

TEST(StaticTree, ErasedOptionsThatAProgramSetAreRefusedToo) {
    EXPECT_EQ(refusal<AnyTree>([](auto& options) {
                  options = small_options(*options.files);
                  options.compaction = AnyCompaction::of<compaction::Tiering>({.size_ratio = 1});
              }),
              "options of `tiering`: `size_ratio`: expected a whole number from 2 to 100, got 1");
    const std::string words = refusal<AnyTree>([](auto& options) {
        options = small_options(*options.files);
        bloom::Monkey::Options monkey;
        monkey.bits_per_key = 1e9;
        options.bloom = AnyBloomSizing::of<bloom::Monkey>(monkey);
    });
    EXPECT_TRUE(words.starts_with("options of `monkey`: `bits_per_key`: expected a number"))
        << words;
}

TEST(Snapshots, ServeTheTreeThatTheyAreOfAlone) {
    const auto files = make_memory_file_system();
    auto tree = open_tree(*files);
    auto elsewhere = small_options(*files);
    elsewhere.folder = "u";
    const auto other = AnyTree::open(elsewhere);
    tree->put("k", "old");
    Snapshot snapshot = tree->snapshot();
    tree->put("k", "new");
    other->put("k", "other");
    std::string value;
    const auto refused = [&](const AnyTree& read, const Snapshot& with) {
        EXPECT_EQ(error_of([&] { read.get("k", value, with); }).kind(), ErrorKind::usage);
        EXPECT_EQ(error_of([&] { read.cursor(with); }).kind(), ErrorKind::usage);
    };
    refused(*other, snapshot);
    const Snapshot kept = std::move(snapshot);
    refused(*tree, snapshot);
    EXPECT_TRUE(tree->get("k", value, kept));
    EXPECT_EQ(value, "old");
    tree->close();
    tree.reset();
    tree = open_tree(*files);
    refused(*tree, kept);
}

}  // namespace
}  // namespace lsm
