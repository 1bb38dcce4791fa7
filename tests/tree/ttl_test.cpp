// Values with a time to live, drops of what has expired, and the ages of deletes.
#include <gtest/gtest.h>

#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

class HandClock final : public Clock {
  public:
    uint64_t nanoseconds() override { return now; }
    void sleep(uint64_t time) override { now += time; }
    std::string utc_time() override { return "2026-01-01T00:00:00Z"; }
    uint64_t now = 5'000'000'000;
};

struct NoOptions {
    static OptionTable<NoOptions> table() { return {}; }
};

/// Drops all tables of the last level that have expired, asking first or not.
template <bool kAsks>
struct Dropper {
    using Options = NoOptions;
    static constexpr std::string_view about = "drops what has expired";
    explicit Dropper(const Options&) {}
    Choice choose(const TreeShape& shape) const {
        Choice choice;
        choice.reason = "expired";
        for (const LevelShape& level : shape.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables) {
                    if (table.expires_tick == 0 || table.expires_tick > shape.tick) continue;
                    if (kAsks && !may_drop_expired(shape, {table.id})) continue;
                    choice.action = Choice::Action::drop;
                    choice.inputs = {table.id};
                    return choice;
                }
            }
        }
        return Choice::nothing();
    }
    uint64_t runs_allowed(const TreeShape&, int) const { return 1000; }
};

class TtlTest : public ::testing::Test {
  protected:
    std::unique_ptr<AnyTree> open(const std::string& compaction = "never") {
        return AnyTree::open(
            small_options(*files_, SyncMode::process, small_settings("skiplist", compaction)));
    }
    template <class Strategy>
    std::unique_ptr<AnyTree> open_with() {
        auto options = small_options(*files_);
        options.compaction = AnyCompaction::of<Strategy>({});
        options.compaction_name = "mine";
        return AnyTree::open(options);
    }

    std::unique_ptr<FileSystem> files_ = make_memory_file_system();
};

TEST_F(TtlTest, AValueIsThereForSoManyWrites) {
    for (const bool flushed : {false, true}) {
        const auto tree = open();
        tree->put("a", "short", 1);
        tree->put("b", "longer", 3);
        tree->put("c", "for ever", UINT64_MAX);
        EXPECT_EQ(tree->get("a"), std::nullopt);
        EXPECT_EQ(tree->get("b"), "longer");
        const auto cursor = tree->cursor();
        if (flushed) tree->flush();
        tree->put("d", "1");
        EXPECT_EQ(tree->get("b"), "longer") << "written at 2, there below 5";
        tree->put("d", "2");
        EXPECT_EQ(tree->get("b"), std::nullopt);
        EXPECT_EQ(tree->get("c"), "for ever");
        EXPECT_EQ(contents(*tree), (Map{{"c", "for ever"}, {"d", "2"}}));
        cursor->seek("b");
        ASSERT_TRUE(cursor->valid()) << "a cursor sees the moment it was made at";
        EXPECT_EQ(cursor->key(), "b");
        EXPECT_EQ(cursor->value(), "longer");
        tree->close();
        files_ = make_memory_file_system();
    }
}

TEST_F(TtlTest, NoTimeIsRefusedAndTimesDoNotCountAsBytes) {
    const auto tree = open();
    EXPECT_EQ(error_of([&] { tree->put("a", "1", 0); }).kind(), ErrorKind::config);
    tree->put("a", "1234", 9);
    EXPECT_EQ(tree->counters().user_bytes, 5u);
    EXPECT_EQ(tree->counters().memtable_bytes, 5u);
    EXPECT_EQ(tree->counters().puts, 1u);
    tree->flush();
    EXPECT_EQ(tree->shape().logical_bytes(), 5u);
}

TEST_F(TtlTest, WithAClockTicksAreMilliseconds) {
    HandClock clock;
    auto options = small_options(*files_);
    options.clock = &clock;
    auto tree = AnyTree::open(options);
    tree->put("a", "1", 10);
    for (int i = 0; i < 30; ++i) tree->put("b", "2");
    clock.now += 9'999'999;
    EXPECT_EQ(tree->get("a"), "1");
    const Snapshot snapshot = tree->snapshot();
    clock.now += 1;
    EXPECT_EQ(tree->get("a"), std::nullopt);
    std::string value;
    EXPECT_FALSE(tree->get("a", value, snapshot)) << "a snapshot holds the writes, not the time";
}

TEST_F(TtlTest, WhatIsOlderDoesNotComeBack) {
    auto tree = open();
    for (int i = 0; i < 3; ++i) tree->put("k", "old");
    tree->flush();
    tree->compact();
    tree->put("k", "new", 4);
    tree->put("x", "1");
    tree->flush();  // a run in front of the old one
    EXPECT_EQ(tree->get("k"), "new");
    for (int i = 0; i < 4; ++i) tree->put("x", "1");
    EXPECT_EQ(tree->get("k"), std::nullopt);
    tree.reset();
    tree = open();
    EXPECT_EQ(tree->get("k"), std::nullopt);
    EXPECT_EQ(contents(*tree), (Map{{"x", "1"}}));
    tree->put("k", "again", 1);
    tree->put("x", "1");
    tree->flush();  // expired on its way out: a tombstone, since there may be older data
    const TreeShape shape = tree->shape();
    const TableShape& table = shape.level(1).runs.front().tables.front();
    EXPECT_EQ(table.tombstones, 1u);
    EXPECT_EQ(table.oldest_tombstone_tick, shape.tick) << "its age counts from here";
    EXPECT_EQ(tree->get("k"), std::nullopt);
    tree->compact();
    EXPECT_EQ(tree->shape().entries(), 1u);
    EXPECT_EQ(contents(*tree), (Map{{"x", "1"}}));
}

TEST_F(TtlTest, TheShapeSaysWhenTheLastEntryExpires) {
    const auto tree = open();
    const auto newest = [&] { return tree->shape().level(1).runs.front().tables.front(); };
    tree->put("a", "1", 100);
    tree->put("b", "1", 50);
    tree->remove("c");
    tree->flush();
    EXPECT_EQ(newest().expires_tick, 101u);
    EXPECT_EQ(newest().tombstones, 1u);
    tree->put("a", "1", 100);
    tree->put("b", "1");
    tree->flush();
    EXPECT_EQ(newest().expires_tick, 0u);
}

TEST_F(TtlTest, ExpiredTablesAreDroppedByAnyStrategyThatAsks) {
    const auto tree = open_with<Dropper<true>>();
    tree->put("a", "old");
    tree->flush();
    tree->put("a", "1", 5);
    tree->put("b", "1", 5);
    tree->flush();
    tree->put("m", "1", 5);
    tree->put("n", "1", 5);
    tree->flush();
    EXPECT_EQ(tree->counters().drops, 0u);
    for (int i = 0; i < 10; ++i) tree->put("z", "1");
    tree->flush();
    EXPECT_EQ(tree->counters().drops, 1u) << "m and n; a hides what is older";
    EXPECT_EQ(tree->shape().level(1).runs.size(), 3u);
    EXPECT_EQ(contents(*tree), (Map{{"z", "1"}}));
}

TEST_F(TtlTest, TimeWindowsDropExpiredTablesUnread) {
    auto settings = small_settings("skiplist", "cassandra_twcs");
    settings.compaction.options["window"] = {{"100"}, false};
    auto options = small_options(*files_, SyncMode::process, settings);
    uint64_t drops = 0;
    options.on_event = [&](const EngineEvent& event) {
        if (event.type != EngineEvent::Type::drop) return;
        drops += 1;
        EXPECT_EQ(event.bytes_read + event.bytes_written, 0u);
        EXPECT_NE(event.reason.find("has expired"), std::string::npos) << event.reason;
    };
    const auto tree = AnyTree::open(std::move(options));
    for (uint64_t i = 1; i <= 2000; ++i) {
        tree->put(key_of(i), std::string(20, 'v'), 500);
        if (i % 100 != 0) continue;
        const TreeShape shape = tree->shape();
        for (const LevelShape& level : shape.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables)
                    EXPECT_GT(table.expires_tick + 100, i) << "dropped at the flush that follows";
            }
        }
    }
    EXPECT_GT(drops, 10u);
    EXPECT_GT(tree->counters().dropped_entries, 1300u);
    EXPECT_EQ(tree->counters().final_tombstones, 0u) << "no merge met an expired entry";
    EXPECT_EQ(contents(*tree).size(), 500u);
    EXPECT_EQ(contents(*tree).begin()->first, key_of(1501));
}

TEST_F(TtlTest, ADropThatWouldBringSomethingBackIsRefused) {
    const auto tree = open_with<Dropper<false>>();
    tree->put("a", "old");
    tree->flush();
    tree->put("a", "1", 2);
    tree->put("b", "1", 2);
    tree->flush();
    tree->put("z", "1");
    tree->put("z", "1");
    const Error error = error_of([&] { tree->flush(); });
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_NE(std::string(error.what()).find("mine"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("hides older data"), std::string::npos);
    EXPECT_EQ(tree->get("a"), std::nullopt);
}

TEST_F(TtlTest, AgesOfFinalDeletesAreExact) {
    const auto tree = open();
    for (int i = 0; i < 10; ++i) tree->put(key_of(i), "v");
    tree->remove(key_of(3));                          // 11
    tree->remove_range(key_of(5), key_of(7));         // 12
    tree->put(key_of(8), "v");                        // 13
    for (int i = 0; i < 7; ++i) tree->put("z", "v");  // 20
    tree->compact();
    const EngineCounters counters = tree->counters();
    EXPECT_EQ(counters.final_tombstones, 2u);
    EXPECT_EQ(counters.final_tombstone_age_sum, 9u + 8u);
    EXPECT_EQ(counters.final_tombstone_age_max, 9u);
}

}  // namespace
}  // namespace lsm
