// A promised lifetime of tombstones (framework/policy/tombstone_lifetime.hpp): the tree flushes in
// time, and a strategy that does not do its part is named.
#include <gtest/gtest.h>

#include <optional>

#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

constexpr uint64_t kPromised = 50;

/// Promises; when it keeps its word it merges everything that holds a tombstone as old as that.
template <bool kKeeps>
struct Promiser {
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about = "promises";
    explicit Promiser(const Options&) {}
    Choice choose(const TreeShape& shape) const {
        Choice choice;
        bool due = false;
        for (const LevelShape& level : shape.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables) {
                    choice.inputs.push_back(table.id);
                    due = due || (table.has_tombstones() &&
                                  shape.tick - table.oldest_tombstone_tick >= kPromised);
                }
            }
        }
        if (!kKeeps || !due) return {};
        choice.action = Choice::Action::merge;
        choice.output_level = 2;
        return choice;
    }
    uint64_t runs_allowed(const TreeShape&, int) const { return 100; }
    uint64_t tombstone_lifetime() const { return kPromised; }
};

class TombstoneLifetimeTest : public ::testing::Test {
  protected:
    template <class Strategy>
    std::unique_ptr<AnyTree> open_with() {
        auto options = small_options(*files_);
        options.compaction = AnyCompaction::of<Strategy>({});
        options.compaction_name = "mine";
        return AnyTree::open(options);
    }
    std::unique_ptr<AnyTree> open_lethe(const std::string& lifetime) {
        auto settings = small_settings("skiplist", "lethe");
        settings.compaction.options["tombstone_ttl"] = {{lifetime}, false};
        return AnyTree::open(small_options(*files_, SyncMode::process, settings));
    }
    static void write(AnyTree& tree, int times) {
        for (int i = 0; i < times; ++i) tree.put("z", "1");
    }

    std::unique_ptr<FileSystem> files_ = make_memory_file_system();
};

TEST_F(TombstoneLifetimeTest, TheTreeFlushesWhenTheOldestIsAsOldAsPromised) {
    const auto tree = open_with<Promiser<true>>();
    tree->put("a", "1");
    tree->remove("a");  // at tick 2
    write(*tree, kPromised - 1);
    EXPECT_EQ(tree->counters().flushes, 0u);
    write(*tree, 1);
    EXPECT_EQ(tree->counters().flushes, 1u) << "the memtable is not full, but its tombstone is due";
    EXPECT_EQ(tree->counters().final_tombstones, 1u);
    write(*tree, 10 * kPromised);
    EXPECT_EQ(tree->counters().flushes, 1u) << "nothing is due";

    tree->remove("b");
    tree->flush();
    const uint64_t flushed_with_it = tree->counters().flushes;
    while (tree->counters().final_tombstones == 1) {
        ASSERT_LE(tree->counters().oldest_tombstone_age, kPromised);
        write(*tree, 1);
    }
    EXPECT_EQ(tree->counters().flushes, flushed_with_it + 1) << "for the one in a table";
}

TEST_F(TombstoneLifetimeTest, ABrokenPromiseIsNamed) {
    const auto tree = open_with<Promiser<false>>();
    write(*tree, 1);
    tree->flush();  // from the first rest after a flush on it is held to its word
    tree->remove("a");
    tree->flush();
    write(*tree, 200);  // asked once, it did nothing
    const Error error = error_of([&] { tree->flush(); });
    EXPECT_EQ(error.kind(), ErrorKind::config);
    for (const char* words : {"mine promises", "50 ticks", "table", "level 1", "ticks old"})
        EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
}

TEST_F(TombstoneLifetimeTest, LetheKeepsItToTheTickHoweverShort) {
    for (const uint64_t lifetime : {1u, 2u, 7u, 40u, 300u}) {
        files_ = make_memory_file_system();
        const auto tree = open_lethe(std::to_string(lifetime));
        for (uint64_t i = 0; i < 1500; ++i) {
            tree->put(key_of(i % 50), std::string(20, 'v'));
            if (i % 3 == 0) tree->remove(key_of((i + 7) % 50));
            if (i % 5 == 0) tree->remove_range(key_of(i % 40), key_of(i % 40 + 3));
            ASSERT_LE(tree->counters().oldest_tombstone_age, lifetime) << i;
        }
        EXPECT_GT(tree->counters().final_tombstones, 0u);
        EXPECT_LE(tree->counters().final_tombstone_age_max, lifetime);
    }
}

TEST_F(TombstoneLifetimeTest, NobodyAsksAmidABatch) {
    const auto tree = open_lethe("100");
    for (int round = 0; round < 30; ++round) {
        WriteBatch batch;
        batch.remove(key_of(static_cast<uint64_t>(round) % 7));
        for (uint64_t i = 0; i < 150; ++i) batch.put(key_of(i + 10), "v");
        tree->write(batch);
    }
    tree->flush();
    EXPECT_EQ(tree->counters().oldest_tombstone_age, 0u);
}

TEST_F(TombstoneLifetimeTest, ValuesThatExpireWhereNoMergeComesByBreakNoPromise) {
    const auto tree = open_lethe("200");
    for (uint64_t i = 0; i < 300; ++i) tree->put(key_of(i), std::string(20, 'v'), 10);
    for (uint64_t i = 0; i < 5000; ++i) {
        tree->put(key_of(300 + i % 300), std::string(20, 'v'), 1 + i % 90);
        if (i % 10 == 0) tree->remove(key_of(i % 600));
        ASSERT_LE(tree->counters().oldest_tombstone_age, 200u) << i;
    }
}

TEST_F(TombstoneLifetimeTest, OneThatASnapshotKeepsBreaksNoPromise) {
    const auto tree = open_lethe("300");
    const auto write_some = [&] {
        for (int i = 0; i < 3000; ++i) tree->put(key_of(i % 500 + 1), std::string(20, 'v'));
    };
    tree->put(key_of(0), "v");
    write_some();
    std::optional<Snapshot> snapshot = tree->snapshot();
    tree->remove(key_of(0));
    const uint64_t flushes = tree->counters().flushes;
    write_some();
    EXPECT_GT(tree->counters().oldest_tombstone_age, 300u) << "the snapshot keeps it";
    EXPECT_LT(tree->counters().flushes, flushes + 120) << "no flush for each write";
    snapshot.reset();
    write_some();
    EXPECT_EQ(tree->counters().final_tombstones, 1u);
    EXPECT_EQ(tree->counters().oldest_tombstone_age, 0u);
}

TEST_F(TombstoneLifetimeTest, WhatWasThereWhenItWasOpenedIsNotItsFault) {
    {
        const auto tree = open_lethe("100000");
        for (uint64_t i = 0; i < 2000; ++i) {
            tree->put(key_of(i), std::string(20, 'v'));
            if (i % 9 == 0) tree->remove(key_of(i / 2));
        }
        EXPECT_GT(tree->counters().oldest_tombstone_age, 500u);
    }
    const auto tree = open_lethe("100");
    for (uint64_t i = 0; i < 500; ++i) tree->put(key_of(i), std::string(20, 'v'));
    EXPECT_LE(tree->counters().oldest_tombstone_age, 100u);
}

}  // namespace
}  // namespace lsm
