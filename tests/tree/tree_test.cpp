// The tree's promises one by one, that a random model does not pin down: snapshots, ranges,
// checkpoints, batches, limits, read errors.
#include <gtest/gtest.h>

#include "framework/base/random.hpp"
#include "framework/os/faulty_file_system.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

class TreeTest : public ::testing::Test {
  protected:
    std::unique_ptr<AnyTree> open(const std::string& compaction = "leveling") {
        return AnyTree::open(
            small_options(*files, SyncMode::process, small_settings("skiplist", compaction)));
    }
    static void fill(AnyTree& tree, uint64_t from, uint64_t to, const std::string& value) {
        for (uint64_t i = from; i < to; ++i) tree.put(key_of(i), value + std::string(40, '.'));
    }
    static Map at(const AnyTree& tree, const Snapshot& snapshot) {
        Map map;
        const auto cursor = tree.cursor(snapshot);
        for (cursor->seek_last(); cursor->valid(); cursor->previous())
            map.emplace(cursor->key(), cursor->value());
        return map;
    }
    static uint64_t table_entries(const AnyTree& tree) { return tree.shape().entries(); }

    std::unique_ptr<FileSystem> files = make_memory_file_system();
};

TEST_F(TreeTest, SnapshotsOutliveFlushesCompactionsAndDeletes) {
    const auto tree = open();
    const Snapshot empty = tree->snapshot();
    fill(*tree, 0, 100, "one");
    const Map first = contents(*tree);
    const Snapshot one = tree->snapshot();
    fill(*tree, 50, 150, "two");
    for (uint64_t i = 0; i < 30; ++i) tree->remove(key_of(i));
    const Map second = contents(*tree);
    std::optional<Snapshot> two = tree->snapshot();
    for (uint64_t i = 0; i < 150; ++i) tree->remove(key_of(i));
    for (int round = 0; round < 3; ++round) {
        EXPECT_TRUE(at(*tree, empty).empty());
        EXPECT_EQ(at(*tree, one), first);
        EXPECT_EQ(at(*tree, *two), second);
        EXPECT_TRUE(contents(*tree).empty());
        std::string value;
        EXPECT_TRUE(tree->get(key_of(10), value, one));
        EXPECT_FALSE(tree->get(key_of(10), value, *two));
        tree->compact();
    }
    two.reset();
    tree->compact();
    EXPECT_EQ(at(*tree, one), first);
    EXPECT_EQ(table_entries(*tree), 250u)
        << "the first snapshot's 100 values, and a tombstone for each key, which is newer than it";
}

TEST_F(TreeTest, WithoutSnapshotsACompactionKeepsOnlyWhatLives) {
    const auto tree = open();
    for (int round = 0; round < 5; ++round) fill(*tree, 0, 100, std::to_string(round));
    for (uint64_t i = 0; i < 60; ++i) tree->remove(key_of(i));
    tree->compact();
    EXPECT_EQ(table_entries(*tree), 40u);
    EXPECT_EQ(contents(*tree).size(), 40u);
    for (uint64_t i = 60; i < 100; ++i) tree->remove(key_of(i));
    tree->compact();
    EXPECT_EQ(table_entries(*tree), 0u);
    for (const std::string& name : files->list("t")) EXPECT_FALSE(name.ends_with(".table")) << name;
}

TEST_F(TreeTest, ACompactionOfARangeLeavesTheRestAlone) {
    const auto tree = open("tiering");
    for (int round = 0; round < 4; ++round) fill(*tree, 0, 300, std::to_string(round));
    tree->flush();
    tree->settle();
    const Map before = contents(*tree);
    std::map<TableId, bool> outside;
    const TreeShape shape = tree->shape();
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            // Far away from what the range is widened to.
            for (const TableShape& table : run.tables)
                outside[table.id] = table.smallest > key_of(250);
        }
    }
    EXPECT_THROW(tree->compact(key_of(40), key_of(10)), Error);
    tree->compact(key_of(10), key_of(40));
    EXPECT_EQ(contents(*tree), before);
    std::set<TableId> left;
    int holders = 0;
    const TreeShape after = tree->shape();
    for (const LevelShape& level : after.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) left.insert(table.id);
            holders += std::any_of(
                run.tables.begin(), run.tables.end(),
                [](const TableShape& table) { return table.overlaps(key_of(10), key_of(40)); });
        }
    }
    EXPECT_EQ(holders, 1) << "one run holds the range";
    int stayed = 0;
    for (const auto& [id, far] : outside) stayed += far && left.count(id) != 0;
    EXPECT_GT(stayed, 0);
}

TEST_F(TreeTest, ACheckpointIsTheTreeAsItWasWhileTheTreeGoesOn) {
    const auto tree = open();
    fill(*tree, 0, 250, "one");
    const Map then = contents(*tree);
    tree->checkpoint("copy");
    fill(*tree, 100, 400, "two");
    for (uint64_t i = 0; i < 50; ++i) tree->remove(key_of(i));
    tree->compact();
    const Map now = contents(*tree);
    auto options = small_options(*files);
    options.folder = "copy";
    {
        const auto copy = AnyTree::open(options);
        EXPECT_EQ(contents(*copy), then);
        fill(*copy, 0, 300, "three");
        copy->compact();
    }
    EXPECT_EQ(contents(*tree), now);
    EXPECT_EQ(error_of([&] { tree->checkpoint("copy"); }).kind(), ErrorKind::io);
    for (const char* inside : {"", "t", "t/copy"})
        EXPECT_EQ(error_of([&] { tree->checkpoint(inside); }).kind(), ErrorKind::usage) << inside;
    tree->close();
    EXPECT_EQ(contents(*open()), now);
}

/// Wherever a crash cuts the log, whole batches are there, from the first on.
TEST_F(TreeTest, ABatchIsThereWholeOrNotAtAll) {
    const auto tree = open();
    std::vector<Map> states{Map()};
    for (int i = 0; i < 6; ++i) {
        WriteBatch batch;
        Map state = states.back();
        for (int k = 0; k < 4; ++k) {
            const std::string key = key_of(static_cast<uint64_t>(k * 2 + i % 3));
            if (i == 4) {
                batch.remove(key);
                state.erase(key);
            } else {
                batch.put(key, std::to_string(i));
                state[key] = std::to_string(i);
            }
        }
        tree->write(batch);
        states.push_back(state);
    }
    const std::string log = newest(*files, ".log"), bytes = file_bytes(*files, log);
    size_t last = 0;
    for (size_t size = 0; size <= bytes.size(); ++size) {
        const auto copy = copy_of(*files);
        write_file(*copy, log, bytes.substr(0, size));
        const Map content = contents(*AnyTree::open(small_options(*copy)));
        if (last + 1 < states.size() && content == states[last + 1]) ++last;
        ASSERT_EQ(content, states[last]) << size;
    }
    EXPECT_EQ(last, 6u);
}

TEST_F(TreeTest, TheLastOfABatchWins) {
    const auto tree = open();
    WriteBatch batch;
    batch.put("a", "1");
    batch.put("a", "2");
    batch.put("b", "1");
    batch.remove("b");
    batch.remove("c");
    batch.put("c", "3");
    tree->write(batch);
    tree->write(WriteBatch());
    EXPECT_EQ(contents(*tree), (Map{{"a", "2"}, {"c", "3"}}));
    tree->flush();
    EXPECT_EQ(contents(*tree), (Map{{"a", "2"}, {"c", "3"}}));
}

TEST_F(TreeTest, TakesKeysAndValuesUpToTheirLimits) {
    const std::string longest(kMaxKeyBytes, 'k');
    {
        const auto tree = open();
        tree->put(longest, "1");
        tree->put("", "the empty key");
        tree->put("empty value", "");
        tree->put("large", std::string(3 << 20, 'v'));
        EXPECT_EQ(error_of([&] { tree->put(longest + "k", "1"); }).kind(), ErrorKind::usage);
        EXPECT_EQ(error_of([&] { tree->remove(longest + "k"); }).kind(), ErrorKind::usage);
        const char byte = 0;
        const std::string_view huge(&byte, kMaxValueBytes + 1);  // refused by its size, unread
        EXPECT_EQ(error_of([&] { tree->put("k", huge); }).kind(), ErrorKind::usage);
    }
    const auto tree = open();
    EXPECT_EQ(tree->get(longest), "1");
    EXPECT_EQ(tree->get(""), "the empty key");
    EXPECT_EQ(tree->get("empty value"), "");
    EXPECT_EQ(tree->get("large")->size(), 3u << 20);
    tree->compact();
    EXPECT_EQ(contents(*tree).size(), 4u);
}

TEST_F(TreeTest, ABatchIsNeverLongerThanARecordOfTheLog) {
    uint64_t bound = 0;
    std::vector<Entry> entries;
    const std::string longest(kMaxKeyBytes, 'k'), value(100, 'v');
    for (const std::string& key : {std::string(), std::string("key"), longest}) {
        for (const std::string_view each : {std::string_view(), std::string_view(value)}) {
            bound = grown_record(bound, key, each);
            entries.push_back(Entry::make(key, each, kMaxSequence, Kind::value));
            EXPECT_LE(encode_log_batch(kMaxSequence, entries).size(), bound);
        }
    }
    const char byte = 0;
    const std::string_view huge(&byte, kMaxValueBytes);  // never read
    bound = 0;
    for (int i = 0; i < 3; ++i) bound = grown_record(bound, "key", huge);
    EXPECT_EQ(error_of([&] { grown_record(bound, "key", huge); }).kind(), ErrorKind::usage);
}

TEST_F(TreeTest, AReadErrorIsNeverNotFound) {
    fill(*open(), 0, 200, "one");
    FaultyFileSystem failing(*files);
    const auto tree = AnyTree::open(small_options(failing));
    failing.fail(FileCall::read, ".table");
    for (uint64_t i = 0; i < 200; ++i)
        EXPECT_EQ(error_of([&] { tree->get(key_of(i)); }).kind(), ErrorKind::io);
    EXPECT_EQ(error_of([&] { contents(*tree); }).kind(), ErrorKind::io);
    failing.heal();
    EXPECT_EQ(contents(*tree).size(), 200u);
    tree->put("still", "writes");
}

TEST_F(TreeTest, ADamagedBlockIsCorruptionWithItsPlace) {
    fill(*open(), 0, 200, "one");
    open()->flush();
    std::string table;
    for (const std::string& name : files->list("t")) {
        if (name.ends_with(".table")) table = "t/" + name;
    }
    std::string bytes = file_bytes(*files, table);
    bytes[20] ^= 1;
    write_file(*files, table, bytes);
    const auto tree = open();
    const Error error = error_of([&] { contents(*tree); });
    EXPECT_EQ(error.kind(), ErrorKind::corruption);
    EXPECT_EQ(error.place().file, table);
    EXPECT_TRUE(error.place().offset.has_value());
    uint64_t found = 0, refused = 0;
    for (uint64_t i = 0; i < 200; ++i) {
        try {
            found += tree->get(key_of(i)).has_value();
        } catch (const Error&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 0u);
    EXPECT_EQ(found + refused, 200u) << "damage was taken for absence";
}

TEST_F(TreeTest, ASnapshotHandleOutlivesItsTree) {
    std::optional<Snapshot> snapshot;
    {
        const auto tree = open();
        snapshot = tree->snapshot();
    }
    snapshot.reset();
}

/// Merges the two newest of three runs of level 1 in their place.
class NewestTwoCompaction {
  public:
    struct Options {};
    static constexpr std::string_view about = "a test's";
    explicit NewestTwoCompaction(const Options&) {}

    Choice choose(const TreeShape& shape) const {
        const auto& runs = shape.level(1).runs;
        Choice choice;
        if (runs.size() < 3) return choice;
        choice.action = Choice::Action::merge;
        choice.output_level = 1;
        for (size_t i = 0; i < 2; ++i) {
            for (const TableShape& table : runs[i].tables) choice.inputs.push_back(table.id);
        }
        return choice;
    }
    uint64_t runs_allowed(const TreeShape&, int) const { return 2; }
};

TEST_F(TreeTest, ATombstoneStaysWhileOlderDataOfItsKeyLiesOutsideOfTheMerge) {
    auto options = small_options(*files);
    options.compaction = AnyCompaction::of<NewestTwoCompaction>({});
    const auto tree = AnyTree::open(options);
    tree->put("a", "old");
    tree->put("c", "old");
    tree->flush();
    tree->put("b", "1");
    tree->remove("x");
    tree->flush();
    tree->remove("a");
    tree->flush();
    EXPECT_EQ(tree->shape().level(1).runs.size(), 2u);
    EXPECT_EQ(tree->counters().compactions, 1u);
    EXPECT_EQ(table_entries(*tree), 4u)
        << "a and c, b, the tombstone of a; that of x hides nothing";
    EXPECT_EQ(contents(*tree), (Map{{"b", "1"}, {"c", "old"}}));
    EXPECT_FALSE(tree->get("a").has_value());
}

/// Merges the outer two of three tables of level 1 into the run of level 2, then the middle one:
/// the outputs of the first would span the second's keys.
class GapCompaction {
  public:
    struct Options {
        uint64_t merges = 0;
    };
    static constexpr std::string_view about = "a test's";
    explicit GapCompaction(const Options&) {}

    Choice choose(const TreeShape& shape) const {
        const LevelShape& first = shape.level(1);
        Choice choice;
        choice.reason = "test";
        if (shape.last_level() < 2) {
            // Something to join: the first run goes down as it is.
            if (first.runs.empty() || first.busy()) return choice;
            choice.action = Choice::Action::move;
            choice.output_level = 2;
            for (const TableShape& table : first.runs.back().tables)
                choice.inputs.push_back(table.id);
            return choice;
        }
        choice.output_level = 2;
        choice.join = shape.level(2).runs.front().id;
        if (first.runs.size() != 1) return Choice::nothing();
        const auto& tables = first.runs.front().tables;
        if (tables.size() == 3 && !first.busy()) {
            choice.inputs = {tables[0].id, tables[2].id};
        } else if (tables.size() == 3 && !tables[1].busy) {
            choice.inputs = {tables[1].id};
        } else if (tables.size() == 1 && !tables[0].busy) {
            choice.inputs = {tables[0].id};
            for (const TableShape& table : shape.level(2).runs.front().tables) {
                if (table.overlaps(tables[0].smallest, tables[0].largest))
                    choice.inputs.push_back(table.id);
            }
        } else {
            return Choice::nothing();
        }
        choice.action = Choice::Action::merge;
        return choice;
    }
    uint64_t runs_allowed(const TreeShape&, int) const { return 1; }
};

TEST_F(TreeTest, CompactionsThatJoinTheSameRunWaitForEachOther) {
    // Runs the jobs that are queued, the last first.
    class Backwards : public Executor {
      public:
        void submit(JobKind, std::function<void()> job) override { jobs.push_back(std::move(job)); }
        void drain() override {
            while (!jobs.empty()) {
                const auto job = std::move(jobs.back());
                jobs.pop_back();
                job();
            }
        }
        bool runs_inline() const override { return false; }
        std::vector<std::function<void()>> jobs;
    } executor;
    auto options = small_options(*files);
    options.compaction = AnyCompaction::of<GapCompaction>({});
    options.executor = &executor;
    options.memtable_size = 1 << 20;
    options.max_compactions = 2;
    options.max_waiting_memtables = 10;
    const auto tree = AnyTree::open(options);
    // The run to join lies beside the range of the others.
    tree->put("zz", std::string(1 << 20, 'z'));
    executor.drain();
    ASSERT_EQ(tree->shape().last_level(), 2);
    // Three tables; the first shrinks when its tombstone goes, so that its entry and the third's
    // come into one.
    tree->put("a", "1");
    tree->remove(std::string(1600, 'b'));
    tree->put("m", std::string(1600, 'm'));
    tree->put("y", std::string(1 << 20, 'y'));
    ASSERT_EQ(executor.jobs.size(), 1u);
    executor.drain();
    const TreeShape shape = tree->shape();
    for (const RunShape& run : shape.level(2).runs) {
        for (size_t i = 1; i < run.tables.size(); ++i) {
            EXPECT_LT(run.tables[i - 1].largest, run.tables[i].smallest)
                << "tables of a run overlap";
        }
    }
    EXPECT_EQ(tree->get("m"), std::string(1600, 'm'));
    EXPECT_EQ(contents(*tree).size(), 4u);
    EXPECT_EQ(tree->shape().level(1).runs.size(), 0u);
}

}  // namespace
}  // namespace lsm
