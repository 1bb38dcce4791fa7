// Many threads on one tree with background work: what a reader sees is one moment of the tree,
// whatever goes on beside it. Meant for ThreadSanitizer too.
#include <gtest/gtest.h>

#include <atomic>

#include "framework/base/random.hpp"
#include "sanitized.hpp"
#include "tests/tree/crew.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

constexpr uint64_t kGroups = 40;  // of keys that one batch writes
constexpr uint64_t kPlaces = 16;  // keys of a group: many, so that a batch is long in the making
constexpr uint64_t kWriters = 3;

constexpr uint64_t kBatches = kSanitized ? 1500 : 2500;

/// Keys of a group lie far apart, so that its versions are in different tables.
std::string member(uint64_t group, uint64_t place) {
    return std::to_string(place) + "/" + key_of(group);
}

class ConcurrentTest : public ::testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        EngineSettings settings = small_settings(GetParam(), "leveling");
        settings.memtable_size = 16000;
        settings.table_size = 8000;
        settings.cache_size = 20000;
        options = small_options(*files, SyncMode::process, settings);
        options.executor = executor.get();
        options.clock = &system_clock();
        options.max_waiting_memtables = 2;
    }
    /// Writes numbers that only grow, the same under all keys of a group; the writers share no
    /// group.
    void write_groups(AnyTree& tree, uint64_t writer) {
        Random random(writer);
        for (uint64_t number = 1; number <= kBatches && !crew.wrong(); ++number) {
            const uint64_t group = random.below(kGroups / kWriters) * kWriters + writer;
            WriteBatch batch;
            const uint64_t dice = random.below(10);
            for (uint64_t place = 0; place < kPlaces; ++place) {
                const std::string key = member(group, place);
                if (dice == 0) {
                    batch.remove(key);
                } else if (dice == 1) {
                    batch.remove_range(key, key + '\0');
                } else {
                    batch.put(member(group, place),
                              std::to_string(number) + std::string(number % 50, '.'));
                }
            }
            tree.write(batch);
            acknowledged += 1;
        }
        writers_left -= 1;
    }
    void check_group(const AnyTree& tree, uint64_t group, const Snapshot& snapshot) {
        std::string first;
        const bool there = tree.get(member(group, 0), first, snapshot);
        for (uint64_t place = 1; place < kPlaces; ++place) {
            std::string other;
            if (tree.get(member(group, place), other, snapshot) != there ||
                (there && other != first)) {
                crew.report("a part of a batch: " + member(group, place) + " has " + other +
                            ", not " + first);
            }
        }
    }
    /// All groups whole, keys ascending or descending; returns what it saw.
    Map walk(TreeCursor& cursor, bool forward) {
        Map seen;
        std::string last;
        for (forward ? cursor.seek_first() : cursor.seek_last(); cursor.valid();
             forward ? cursor.next() : cursor.previous()) {
            const std::string key(cursor.key());
            if (!seen.empty() && (forward ? key <= last : key >= last))
                crew.report("keys are out of order");
            seen[key] = cursor.value();
            last = key;
        }
        for (uint64_t group = 0; group < kGroups; ++group) {
            for (uint64_t place = 1; place < kPlaces; ++place) {
                const auto one = seen.find(member(group, 0)),
                           other = seen.find(member(group, place));
                const bool same = (one == seen.end()) == (other == seen.end()) &&
                                  (one == seen.end() || one->second == other->second);
                if (!same) crew.report("a cursor shows a part of a batch");
            }
        }
        return seen;
    }

    std::unique_ptr<FileSystem> files = make_memory_file_system();
    std::unique_ptr<Executor> executor = make_pool_executor(2);
    AnyTree::Options options;
    Crew crew;
    std::atomic<uint64_t> writers_left{kWriters};
    std::atomic<uint64_t> acknowledged{0};
};

TEST_P(ConcurrentTest, ReadersCursorsAndSnapshotsSeeWholeBatches) {
    const auto tree = AnyTree::open(options);
    for (uint64_t writer = 0; writer < kWriters; ++writer)
        crew.add([&, writer] { write_groups(*tree, writer); });
    crew.add([&] {
        Random random(77);
        while (writers_left > 0 && !crew.wrong()) {
            const Snapshot snapshot = tree->snapshot();
            for (int i = 0; i < 5; ++i) check_group(*tree, random.below(kGroups), snapshot);
        }
    });
    crew.add([&] {
        // One reader sees a key's numbers grow.
        std::map<std::string, uint64_t> newest;
        Random random(78);
        while (writers_left > 0 && !crew.wrong()) {
            const std::string key = member(random.below(kGroups), random.below(kPlaces));
            std::string value;
            if (!tree->get(key, value)) continue;
            const uint64_t number = std::stoull(value);
            if (number < newest[key]) crew.report("an older value came back");
            newest[key] = number;
        }
    });
    crew.add([&] {
        bool forward = true;
        while (writers_left > 0 && !crew.wrong()) {
            const Snapshot snapshot = tree->snapshot();
            const Map first = walk(*tree->cursor(snapshot), forward);
            const Map again = walk(*tree->cursor(snapshot), !forward);
            if (first != again) crew.report("a snapshot changed");
            walk(*tree->cursor(), forward);
            forward = !forward;
        }
    });
    crew.join();
    tree->settle();
    const Map content = contents(*tree);
    EXPECT_GT(tree->counters().flushes, 5u);
    EXPECT_GT(tree->counters().compactions, 0u);
    tree->close();
    EXPECT_EQ(contents(*AnyTree::open(options)), content);
}

TEST_P(ConcurrentTest, CheckpointsAndManualCompactionsAreWholeWhileWritersGoOn) {
    const auto tree = AnyTree::open(options);
    for (uint64_t writer = 0; writer < kWriters; ++writer)
        crew.add([&, writer] { write_groups(*tree, writer); });
    crew.add([&] {
        for (int round = 0; round < 6 && !crew.wrong(); ++round) {
            const uint64_t before = acknowledged;
            const std::string folder = "checkpoint" + std::to_string(round);
            tree->checkpoint(folder);
            AnyTree::Options copy = options;
            copy.folder = folder;
            const auto other = AnyTree::open(copy);
            walk(*other->cursor(), true);
            if (before > 400 && contents(*other).empty())
                crew.report("a checkpoint lacks what was written before it");
            other->close();
        }
    });
    crew.add([&] {
        Random random(5);
        for (int round = 0; round < 6 && !crew.wrong(); ++round) {
            const std::string one = std::to_string(random.below(kPlaces));
            const std::string other = std::to_string(random.below(kPlaces));
            tree->compact(std::min(one, other), std::max(one, other));
            tree->flush();
            if (round == 3) tree->compact();
        }
    });
    crew.join();
    const Map content = contents(*tree);
    tree->close();
    EXPECT_EQ(contents(*AnyTree::open(options)), content);
}

/// The inline executor is no excuse: public functions may come from any thread.
TEST_P(ConcurrentTest, AnInlineTreeTakesCallsFromManyThreads) {
    options.executor = nullptr;
    options.clock = nullptr;
    const auto tree = AnyTree::open(options);
    for (uint64_t writer = 0; writer < kWriters; ++writer)
        crew.add([&, writer] { write_groups(*tree, writer); });
    for (int i = 0; i < 2; ++i) {
        crew.add([&] {
            while (writers_left > 0 && !crew.wrong()) {
                tree->settle();
                walk(*tree->cursor(), true);
                tree->flush();
                tree->compact();
            }
        });
    }
    crew.join();
    const Map content = contents(*tree);
    tree->close();
    EXPECT_EQ(contents(*AnyTree::open(options)), content);
}

INSTANTIATE_TEST_SUITE_P(Memtables, ConcurrentTest, ::testing::Values("skiplist", "redblack"),
                         [](const auto& tested) { return std::string(tested.param); });

}  // namespace
}  // namespace lsm
