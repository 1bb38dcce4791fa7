// Transactions on one thread: what they read, when they conflict, what stays of them. Side by side
// with everything else they run in tests/torture.
#include <gtest/gtest.h>

#include <functional>

#include "framework/os/faulty_file_system.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

TEST(TransactionTest, ReadsItsOwnWritesOverASnapshotAndTakesEffectAsOne) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    tree->put("a", "1");
    tree->put("b", "1");
    auto transaction = tree->transaction();
    tree->put("c", "later");
    EXPECT_EQ(transaction.get("a"), "1");
    EXPECT_EQ(transaction.get("c"), std::nullopt);
    transaction.put("a", "2");
    transaction.remove("b");
    transaction.put("d", "2");
    EXPECT_EQ(transaction.get("a"), "2");
    EXPECT_EQ(transaction.get("b"), std::nullopt);
    EXPECT_EQ(tree->get("a"), "1") << "before the commit nobody sees anything";
    tree->remove("c");
    tree->put("c", "again");
    // It has read that c is not there, and c is there now.
    const CommitResult conflict = transaction.commit();
    EXPECT_FALSE(conflict);
    EXPECT_EQ(conflict.key(), "c");
    EXPECT_EQ(tree->get("d"), std::nullopt);

    auto second = tree->transaction();
    EXPECT_EQ(second.get("a"), "1");
    second.put("a", "2");
    second.remove("b");
    second.put("d", "2");
    const CommitResult result = second.commit();
    ASSERT_TRUE(result);
    EXPECT_EQ(result.sequence(), tree->snapshot().sequence());
    EXPECT_EQ(contents(*tree), (Map{{"a", "2"}, {"c", "again"}, {"d", "2"}}));
}

/// Whether a transaction that has read "k" conflicts with what is done before its commit.
bool conflicts(AnyTree& tree, const std::function<void()>& meanwhile) {
    auto transaction = tree.transaction();
    static_cast<void>(transaction.get("k"));
    transaction.put("other", "w");
    meanwhile();
    return !transaction.commit();
}

TEST(TransactionTest, EveryWriteToAKeyThatWasReadConflicts) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    tree->put("k", "v");
    EXPECT_FALSE(conflicts(*tree, [] {}));
    EXPECT_TRUE(conflicts(*tree, [&] { tree->put("k", "v"); })) << "the same value is a write too";
    EXPECT_TRUE(conflicts(*tree, [&] { tree->remove("k"); }));
    EXPECT_TRUE(conflicts(*tree, [&] { tree->put("k", "v"); })) << "nothing was read, too";
    EXPECT_TRUE(conflicts(*tree, [&] { tree->put("k", "v", 1); }));
    EXPECT_TRUE(conflicts(*tree, [&] { tree->remove_range("j", "l"); }));
    EXPECT_FALSE(conflicts(*tree, [&] { tree->put("l", "v"); }));
    EXPECT_FALSE(conflicts(*tree, [&] { tree->remove_range("l", "m"); }));
    EXPECT_TRUE(conflicts(*tree, [&] {
        auto inner = tree->transaction();
        inner.put("k", "v");
        EXPECT_TRUE(inner.commit());
    }));
    // Neither flushes nor compactions hide a write, nor make one up.
    EXPECT_TRUE(conflicts(*tree, [&] {
        tree->put("k", "v");
        tree->flush();
        tree->compact();
    }));
    EXPECT_TRUE(conflicts(*tree, [&] {
        tree->remove("k");
        tree->flush();
        tree->compact();
    })) << "a tombstone that a compaction would have let go";
    EXPECT_FALSE(conflicts(*tree, [&] {
        tree->put("x", "v");
        tree->flush();
        tree->compact();
    }));
}

TEST(TransactionTest, ScansSeeOwnWritesAndAreReadsOfAllThatTheyPass) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    for (const char* key : {"a", "c", "e", "g"}) tree->put(key, "t");
    const auto scan = [](auto& transaction, const char* first, const char* last, size_t most) {
        Map seen;
        transaction.scan(first, last, [&](std::string_view key, std::string_view value) {
            seen.emplace(key, value);
            return seen.size() < most;
        });
        return seen;
    };
    auto transaction = tree->transaction();
    transaction.put("b", "own");
    transaction.put("c", "own");
    transaction.remove("e");
    EXPECT_EQ(scan(transaction, "a", "g", 9), (Map{{"a", "t"}, {"b", "own"}, {"c", "own"}}));
    EXPECT_EQ(scan(transaction, "b", "z", 9), (Map{{"b", "own"}, {"c", "own"}, {"g", "t"}}));
    EXPECT_EQ(scan(transaction, "b", "b", 9), Map());
    transaction.abandon();
    // The key of the conflict, empty for none, after a scan from b to f, or to its first entry.
    const auto conflict = [&](size_t most, const std::function<void()>& meanwhile) {
        auto one = tree->transaction();
        scan(one, "b", "f", most);
        one.put("other", "w");
        meanwhile();
        const CommitResult result = one.commit();
        return result ? std::string() : result.key();
    };
    EXPECT_EQ(conflict(9, [&] { tree->put("d", "new"); }), "d");
    EXPECT_EQ(conflict(9, [&] { tree->remove("bb"); }), "bb") << "a delete of nothing, too";
    EXPECT_EQ(conflict(9, [&] { tree->remove_range("a", "bbb"); }), "b");
    EXPECT_EQ(conflict(9, [&] { tree->put("f", "new"); }), "");
    EXPECT_EQ(conflict(9, [&] { tree->put("a", "new"); }), "");
    EXPECT_EQ(conflict(1, [&] { tree->put("d", "new"); }), "") << "behind where it stopped";
    EXPECT_EQ(conflict(1, [&] { tree->put("bc", "new"); }), "bc");
    const auto compacted = [&](const std::function<void()>& meanwhile) {
        return conflict(9, [&] {
            meanwhile();
            tree->flush();
            tree->compact();
        });
    };
    EXPECT_EQ(compacted([&] { tree->remove("d"); }), "d");
    EXPECT_EQ(compacted([&] { tree->remove_range("cc", "z"); }), "cc");
    EXPECT_EQ(compacted([&] { tree->put("x", "new"); }), "");
}

TEST(TransactionTest, KeysThatAreOnlyWrittenDoNotConflict) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    auto first = tree->transaction(), second = tree->transaction();
    first.put("k", "first");
    second.put("k", "second");
    EXPECT_TRUE(second.commit());
    EXPECT_TRUE(first.commit());
    EXPECT_EQ(tree->get("k"), "first") << "as two puts: the later one wins";
}

TEST(TransactionTest, ReadingAloneNeverConflicts) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    tree->put("k", "old");
    auto transaction = tree->transaction();
    tree->put("k", "new");
    EXPECT_EQ(transaction.get("k"), "old");
    const CommitResult result = transaction.commit();
    EXPECT_TRUE(result) << "it is as good as run where it began";
    EXPECT_EQ(result.sequence(), 1u);
}

TEST(TransactionTest, DataThatTheStrategyDroppedMeanwhileConflicts) {
    const auto files = make_memory_file_system();
    EngineSettings settings = small_settings("skiplist", "fifo");
    settings.compaction.options["limit"] = {{"300"}, false};
    const auto tree = AnyTree::open(small_options(*files, SyncMode::process, settings));
    EXPECT_TRUE(conflicts(*tree, [&] {
        tree->put("k", "v");
        tree->flush();
        while (tree->get("k")) {
            tree->put("x", std::string(100, 'x'));
            tree->flush();
        }
    }));
}

TEST(TransactionTest, IsOverAfterItsEndAndLeavesNothing) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files);
    tree->put("k", "1");
    {
        auto left = tree->transaction();
        left.put("k", "never");
        auto abandoned = tree->transaction();
        abandoned.put("k", "never");
        abandoned.abandon();
        EXPECT_EQ(error_of([&] { static_cast<void>(abandoned.get("k")); }).kind(),
                  ErrorKind::usage);
        EXPECT_EQ(error_of([&] { abandoned.put("k", "v"); }).kind(), ErrorKind::usage);
        EXPECT_EQ(error_of([&] { static_cast<void>(abandoned.commit()); }).kind(),
                  ErrorKind::usage);
        auto moved = std::move(left);
        EXPECT_EQ(error_of([&] { left.remove("k"); }).kind(), ErrorKind::usage);
        EXPECT_EQ(error_of([&] { moved.put(std::string(kMaxKeyBytes + 1, 'k'), ""); }).kind(),
                  ErrorKind::usage);
    }
    // No snapshot is left that would keep old versions.
    tree->put("k", "2");
    tree->flush();
    tree->compact();
    uint64_t entries = 0;
    for (const LevelShape& level : tree->shape().levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) entries += table.entries;
        }
    }
    EXPECT_EQ(entries, 1u);
    EXPECT_EQ(tree->get("k"), "2");
}

TEST(TransactionTest, AReadThatFailsAtTheCommitFailsTheTransactionAlone) {
    const auto memory = make_memory_file_system();
    FaultyFileSystem files(*memory);
    const auto tree = open_tree(files);
    tree->put("k", "v");
    tree->put("y", "v");
    auto transaction = tree->transaction();
    EXPECT_EQ(transaction.get("k"), "v");
    transaction.put("k", "w");
    tree->put("x", "v");
    tree->flush();
    files.fail(FileCall::read, "");
    EXPECT_EQ(error_of([&] { static_cast<void>(transaction.commit()); }).kind(), ErrorKind::io);
    files.heal();
    EXPECT_EQ(tree->get("k"), "v");
    tree->put("y", "w");
    EXPECT_EQ(tree->get("y"), "w");
}

}  // namespace
}  // namespace lsm
