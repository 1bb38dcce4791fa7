// Range deletes through the whole tree: what readers see at every stage of their life, what
// compactions do with them, and what damage does.
#include <gtest/gtest.h>

#include "framework/policy/registry.hpp"
#include "framework/table/table_file.hpp"
#include "framework/tree/backup.hpp"
#include "source_dir.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

uint64_t range_tombstones(const AnyTree& tree) {
    uint64_t count = 0;
    const TreeShape shape = tree.shape();
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) count += table.range_tombstones;
        }
    }
    return count;
}

/// Tables are by key, do not overlap, and hold what their ranges say.
void check_runs(const AnyTree& tree) {
    const TreeShape shape = tree.shape();
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (size_t i = 1; i < run.tables.size(); ++i) {
                ASSERT_TRUE(run.tables[i - 1].ends_before(run.tables[i].smallest))
                    << run.tables[i - 1].largest << " and " << run.tables[i].smallest;
            }
        }
    }
}

/// Gets and cursors in both directions agree with the map, for all keys below `keys`.
void expect_contents(const AnyTree& tree, const Map& expected, uint64_t keys = 100) {
    EXPECT_EQ(contents(tree), expected);
    Map backward;
    const auto cursor = tree.cursor();
    for (cursor->seek_last(); cursor->valid(); cursor->previous())
        backward.emplace(cursor->key(), cursor->value());
    EXPECT_EQ(backward, expected);
    for (uint64_t i = 0; i < keys; ++i) {
        const auto found = expected.find(key_of(i));
        const auto got = tree.get(key_of(i));
        ASSERT_EQ(got.has_value(), found != expected.end()) << key_of(i);
        if (got) {
            ASSERT_EQ(*got, found->second);
        }
    }
    check_runs(tree);
}

TEST(RangeDeleteTest, CountsAFragmentForEachPiece) {
    const auto files = make_memory_file_system();
    const auto tree = AnyTree::open(
        small_options(*files, SyncMode::process, small_settings("skiplist", "never")));
    tree->remove_range("a", "d");
    tree->remove_range("b", "c");
    tree->flush();
    EXPECT_EQ(range_tombstones(*tree), 3u);
}

TEST(RangeDeleteTest, IsHeededAtEveryStage) {
    const auto files = make_memory_file_system();
    const auto options =
        small_options(*files, SyncMode::process, small_settings("skiplist", "never"));
    auto tree = AnyTree::open(options);
    Map expected;
    for (uint64_t i = 0; i < 30; ++i) {
        tree->put(key_of(i), "old");
        expected[key_of(i)] = "old";
    }
    tree->flush();
    tree->remove_range(key_of(5), key_of(20));
    expected.erase(expected.find(key_of(5)), expected.find(key_of(20)));
    expect_contents(*tree, expected);
    tree->put(key_of(7), "new");
    expected[key_of(7)] = "new";
    expect_contents(*tree, expected);
    tree.reset();
    tree = AnyTree::open(options);  // from the log
    expect_contents(*tree, expected);
    EXPECT_GT(range_tombstones(*tree), 0u);
    tree.reset();
    tree = AnyTree::open(options);  // from tables
    expect_contents(*tree, expected);
    tree->compact();
    expect_contents(*tree, expected);
    EXPECT_EQ(range_tombstones(*tree), 0u);
    EXPECT_EQ(tree->shape().entries(), expected.size());
}

TEST(RangeDeleteTest, ASnapshotSeesWhatItSaw) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    Map old;
    for (uint64_t i = 0; i < 30; ++i) {
        tree->put(key_of(i), "old");
        old[key_of(i)] = "old";
    }
    {
        const Snapshot before = tree->snapshot();
        tree->remove_range(key_of(0), key_of(30));
        const Snapshot between = tree->snapshot();
        tree->put(key_of(3), "new");
        for (int stage = 0; stage < 3; ++stage) {
            Map seen;
            const auto cursor = tree->cursor(before);
            for (cursor->seek_first(); cursor->valid(); cursor->next())
                seen.emplace(cursor->key(), cursor->value());
            EXPECT_EQ(seen, old);
            std::string value;
            EXPECT_TRUE(tree->get(key_of(3), value, before));
            EXPECT_EQ(value, "old");
            EXPECT_FALSE(tree->get(key_of(3), value, between));
            const auto empty = tree->cursor(between);
            empty->seek_first();
            EXPECT_FALSE(empty->valid());
            expect_contents(*tree, {{key_of(3), "new"}});
            stage == 0 ? tree->flush() : tree->compact();
        }
        EXPECT_EQ(range_tombstones(*tree), 1u);
        EXPECT_EQ(tree->shape().entries(), 31u);
    }
    tree->compact();
    EXPECT_EQ(range_tombstones(*tree), 0u);
    EXPECT_EQ(tree->shape().entries(), 1u);
}

TEST(RangeDeleteTest, ABatchTakesEffectInItsOrder) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    WriteBatch batch;
    batch.put(key_of(1), "before");
    batch.remove_range(key_of(0), key_of(9));
    batch.put(key_of(2), "behind");
    EXPECT_EQ(batch.count(), 3u);
    tree->write(batch);
    expect_contents(*tree, {{key_of(2), "behind"}});
    EXPECT_EQ(tree->counters().puts, 2u);
    EXPECT_EQ(tree->counters().deletes, 1u);
    const uint64_t key = key_of(0).size();
    EXPECT_EQ(tree->counters().user_bytes, 2 * (key + 6) + 2 * key);
    EXPECT_EQ(tree->counters().memtable_bytes, tree->counters().user_bytes);
}

TEST(RangeDeleteTest, EmptyAndTurnedRangesAreRefused) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    tree->put("b", "1");
    EXPECT_EQ(error_of([&] { tree->remove_range("b", "a"); }).kind(), ErrorKind::config);
    EXPECT_EQ(error_of([&] { tree->remove_range("b", "b"); }).kind(), ErrorKind::config);
    const std::string long_key(kMaxKeyBytes + 1, 'z');
    EXPECT_EQ(error_of([&] { tree->remove_range("b", long_key); }).kind(), ErrorKind::usage);
    EXPECT_TRUE(tree->get("b").has_value());
    tree->remove_range("", "a");
    EXPECT_TRUE(tree->get("b").has_value());
    tree->remove_range("", std::string(kMaxKeyBytes, '\xff'));
    EXPECT_FALSE(tree->get("b").has_value());
}

TEST(RangeDeleteTest, MemtablesOfNothingElseAreFlushed) {
    for (const char* format : {"row_block", "plain"}) {
        const auto files = make_memory_file_system();
        EngineSettings settings = small_settings("skiplist", "never");
        settings.format.policy = format;
        const auto options = small_options(*files, SyncMode::process, settings);
        auto tree = AnyTree::open(options);
        Map expected;
        for (uint64_t i = 0; i < 90; ++i) {
            tree->put(key_of(i), "v");
            expected[key_of(i)] = "v";
        }
        tree->flush();
        const uint64_t flushes = tree->counters().flushes;
        for (uint64_t i = 0; i < 90; i += 3) {
            for (int again = 0; again < 4; ++again) tree->remove_range(key_of(i), key_of(i + 1));
            expected.erase(key_of(i));
        }
        tree->flush();
        EXPECT_GT(tree->counters().flushes, flushes);
        // Of several over one range the newest is enough; those of two memtables do not meet.
        EXPECT_LE(range_tombstones(*tree), 29u + tree->counters().flushes);
        expect_contents(*tree, expected);
        tree.reset();
        tree = AnyTree::open(options);
        expect_contents(*tree, expected);
        tree->compact();
        expect_contents(*tree, expected);
        EXPECT_EQ(range_tombstones(*tree), 0u);
        EXPECT_EQ(tree->shape().entries(), 60u);
    }
}

TEST(RangeDeleteTest, ATableCoversItsRangeTombstones) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    tree->put("m", "1");
    tree->remove_range("c", "x");
    tree->put("n", "1");
    tree->flush();
    const TreeShape shape = tree->shape();
    const TableShape& table = shape.level(1).runs.at(0).tables.at(0);
    EXPECT_EQ(table.smallest, "c");
    EXPECT_EQ(table.largest, "x");
    EXPECT_TRUE(table.largest_open);
    EXPECT_FALSE(table.overlaps("x", "z"));
    EXPECT_TRUE(table.overlaps("w", "x"));
    EXPECT_EQ(table.range_tombstones, 1u);
    EXPECT_EQ(table.entries, 1u) << "m was covered within its memtable";
    EXPECT_EQ(table.logical_bytes, 2u + 2u);
    EXPECT_EQ(table.oldest_sequence, 2u);
    EXPECT_EQ(table.newest_sequence, 3u);
    EXPECT_TRUE(table.has_tombstones());
    for (int i = 0; i < 5; ++i) tree->put("z", "1");
    EXPECT_EQ(tree->counters().oldest_tombstone_age, 6u) << "it was the second write of eight";
}

TEST(RangeDeleteTest, CheckpointsAndBackupsHaveThem) {
    const auto files = make_memory_file_system();
    Map expected;
    {
        const auto tree = open_tree(*files);
        for (uint64_t i = 0; i < 90; ++i) {
            tree->put(key_of(i), std::string(30, 'v'));
            expected[key_of(i)] = std::string(30, 'v');
        }
        tree->remove_range(key_of(10), key_of(40));
        expected.erase(expected.find(key_of(10)), expected.find(key_of(40)));
        tree->checkpoint("c");
        tree->remove_range(key_of(50), key_of(52));  // in the log only
        tree->close();
    }
    auto options = small_options(*files);
    options.folder = "c";
    expect_contents(*AnyTree::open(options), expected);
    expected.erase(key_of(50));
    expected.erase(key_of(51));
    backup_folder(*files, "t", "b", all_policies());
    restore_backup(*files, "b", "r");
    options.folder = "r";
    expect_contents(*AnyTree::open(options), expected);
}

/// Where the newest table's range tombstones lie in its file.
BlockHandle ranges_block(FileSystem& files, const std::string& path) {
    const TableId id = std::stoull(path.substr(path.find('/') + 1));
    const TableFile file(files, path, id, nullptr, {});
    const BlockHandle handle = file.footer().properties;
    const BlockPin pin = file.read(handle, BlockKind::meta, {});
    const auto properties = TableProperties::decode(pin.bytes(), path, handle.offset);
    return {properties.ranges_offset, properties.ranges_size};
}

TEST(RangeDeleteTest, ADamagedBlockIsCorruptionWithItsPlace) {
    const auto files = make_memory_file_system();
    {
        const auto tree = open_tree(*files);
        tree->put("m", "1");
        tree->remove_range("c", "x");
        tree->flush();
        tree->close();
    }
    const std::string path = newest(*files, ".table");
    const std::string bytes = file_bytes(*files, path);
    const BlockHandle block = ranges_block(*files, path);
    ASSERT_GT(block.size, 5u);
    for (uint64_t at = block.offset; at < block.offset + block.size; ++at) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 4);
        write_file(*files, path, damaged);
        const Error error = error_of([&] { open_tree(*files); });
        EXPECT_EQ(error.kind(), ErrorKind::corruption);
        EXPECT_EQ(error.place().file, path);
        EXPECT_EQ(error.place().offset, block.offset);
    }
    write_file(*files, path, bytes);
    EXPECT_EQ(open_tree(*files)->get("m"), std::nullopt);
}

TEST(RangeDeleteTest, AMemtableOfManyIsNotSlow) {
    const auto files = make_memory_file_system();
    EngineSettings settings = small_settings();
    settings.memtable_size = 4 << 20;
    const auto tree = AnyTree::open(small_options(*files, SyncMode::process, settings));
    const uint64_t many = 20000;
    for (uint64_t i = 0; i < many; ++i) {
        const uint64_t place = i * 7919 % many * 2;
        tree->put(key_of(place), "v");
        tree->put(key_of(place + 1), "v");
        tree->remove_range(key_of(place), key_of(place + 1));
    }
    for (uint64_t i = 0; i < many; ++i) {
        ASSERT_FALSE(tree->get(key_of(2 * i)).has_value());
        ASSERT_TRUE(tree->get(key_of(2 * i + 1)).has_value());
    }
    EXPECT_EQ(contents(*tree).size(), many);
}

/// What the fixtures of version 1 were made by: 130 keys written in another order, every third
/// removed, the first 20 written again.
Map contents_of_version_1() {
    Map map;
    const auto key = [](int number) { return "key" + std::to_string(1000 + number); };
    for (int i = 0; i < 130; ++i) map[key(i * 7 % 130)] = "value" + std::to_string(i);
    for (int i = 0; i < 130; i += 3) map.erase(key(i));
    for (int i = 0; i < 20; ++i) map[key(i)] = "again" + std::to_string(i);
    return map;
}

TEST(OldFilesTest, AFolderOfVersion1OpensAndGoesOn) {
    for (const std::string format : {"row_block", "plain"}) {
        const std::string from =
            std::string(LSMLAB_SOURCE_DIR) + "/tests/tree/fixtures/version_1/" + format;
        const auto files = make_memory_file_system();
        files->create_folder("t");
        for (const std::string& name : posix_file_system().list(from))
            write_file(*files, "t/" + name, file_bytes(posix_file_system(), from + "/" + name));
        EngineSettings settings = small_settings();
        settings.format.policy = format;
        const auto options = small_options(*files, SyncMode::process, settings);
        auto tree = AnyTree::open(options);
        Map expected = contents_of_version_1();
        EXPECT_EQ(contents(*tree), expected);
        tree->remove_range("key1010", "key1100");
        expected.erase(expected.lower_bound("key1010"), expected.lower_bound("key1100"));
        EXPECT_EQ(contents(*tree), expected);
        tree.reset();
        tree = AnyTree::open(options);
        EXPECT_EQ(contents(*tree), expected);
        tree->compact();
        EXPECT_EQ(contents(*tree), expected);
        EXPECT_EQ(range_tombstones(*tree), 0u);
    }
}

}  // namespace
}  // namespace lsm
