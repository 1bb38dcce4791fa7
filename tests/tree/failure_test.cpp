// A file system that fails: the tree turns read-only with the first cause, reads go on, and nothing
// that was acknowledged is lost.
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <thread>

#include "framework/os/faulty_file_system.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

class FailureTest : public ::testing::Test {
  protected:
    std::unique_ptr<AnyTree> open(SyncMode sync = SyncMode::process) {
        return AnyTree::open(small_options(failing, sync));
    }

    /// Writes until the tree refuses; returns the first error.
    Error write_until_it_fails(AnyTree& tree) {
        for (int i = 0; i < 10000; ++i) {
            const std::string key = key_of(static_cast<uint64_t>(i) % 300),
                              value = "v" + std::to_string(i) + std::string(40, 'x');
            try {
                tree.put(key, value);
            } catch (const Error& error) {
                maybe = {key, value};
                return error;
            }
            model[key] = value;
        }
        ADD_FAILURE() << "never failed";
        return Error(ErrorKind::usage, "none");
    }
    /// What was acknowledged, with or without the write that was refused.
    void expect_model(const AnyTree& tree) {
        const Map content = contents(tree);
        if (content == model) return;
        Map other = model;
        other[maybe.first] = maybe.second;
        EXPECT_EQ(content, other);
    }

    std::unique_ptr<FileSystem> memory = make_memory_file_system();
    FaultyFileSystem failing{*memory};
    Map model;
    std::pair<std::string, std::string> maybe;
};

TEST_F(FailureTest, AFailedLogAppendMakesItReadOnlyWithTheFirstCause) {
    const auto tree = open();
    failing.fail(FileCall::append, ".log", 100);
    const Error first = write_until_it_fails(*tree);
    EXPECT_EQ(first.kind(), ErrorKind::io);
    failing.heal();
    for (int i = 0; i < 3; ++i) {
        const Error later = error_of([&] { tree->put("later", "1"); });
        EXPECT_EQ(later.kind(), ErrorKind::read_only);
        EXPECT_NE(std::string(later.what()).find(first.what()), std::string::npos) << later.what();
        EXPECT_FALSE(later.remedy().empty());
    }
    EXPECT_EQ(error_of([&] { tree->flush(); }).kind(), ErrorKind::read_only);
    EXPECT_EQ(error_of([&] { tree->compact(); }).kind(), ErrorKind::read_only);
    EXPECT_EQ(error_of([&] { tree->settle(); }).kind(), ErrorKind::read_only);
    EXPECT_EQ(error_of([&] { tree->checkpoint("c"); }).kind(), ErrorKind::read_only);
    EXPECT_EQ(contents(*tree), model) << "reads go on, and show nothing that was refused";
    for (const auto& [key, value] : model) EXPECT_EQ(tree->get(key), value);
}

TEST_F(FailureTest, AFailedLogSyncRefusesTheWrite) {
    const auto tree = open(SyncMode::power);
    failing.fail(FileCall::sync, ".log", 50);
    EXPECT_EQ(write_until_it_fails(*tree).kind(), ErrorKind::io);
    EXPECT_EQ(contents(*tree), model);
    failing.heal();
    EXPECT_EQ(error_of([&] { tree->put("later", "1"); }).kind(), ErrorKind::read_only);
}

struct Place {
    friend void PrintTo(const Place& place, std::ostream* out) { *out << place.name; }
    const char* name;
    FileCall call;
    const char* ending;
    uint64_t after;
};

class FailurePlaceTest : public FailureTest, public ::testing::WithParamInterface<Place> {};

/// Wherever it fails, what was acknowledged is there after the next open.
TEST_P(FailurePlaceTest, LosesNothingThatWasAcknowledged) {
    for (uint64_t after = GetParam().after; after < GetParam().after + 12; ++after) {
        memory = make_memory_file_system();
        FaultyFileSystem files(*memory);
        model.clear();
        {
            auto options = small_options(files);
            const auto tree = AnyTree::open(options);
            files.fail(GetParam().call, GetParam().ending, after);
            write_until_it_fails(*tree);
            const auto stopped = copy_of(*memory);
            expect_model(*AnyTree::open(small_options(*stopped)));
            files.heal();
            expect_model(*tree);
        }
        const auto tree = AnyTree::open(small_options(*memory));
        expect_model(*tree);
    }
}

INSTANTIATE_TEST_SUITE_P(Places, FailurePlaceTest,
                         ::testing::Values(Place{"log_append", FileCall::append, ".log", 30},
                                           Place{"log_create", FileCall::create, ".log", 1},
                                           Place{"log_close", FileCall::close, ".log", 1},
                                           Place{"table_create", FileCall::create, ".table", 2},
                                           Place{"table_append", FileCall::append, ".table", 7},
                                           Place{"table_sync", FileCall::sync, ".table", 2},
                                           Place{"table_read", FileCall::read, ".table", 9},
                                           Place{"folder_sync", FileCall::sync_folder, "t", 1},
                                           Place{"manifest_append", FileCall::append, "MANIFEST-2",
                                                 1},
                                           Place{"manifest_sync", FileCall::sync, "MANIFEST-2", 1}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(FailureTest, OldFilesThatCanNotBeRemovedLoseNothing) {
    for (const char* ending : {".log", ".table"}) {
        memory = make_memory_file_system();
        FaultyFileSystem files(*memory);
        Map expected;
        {
            const auto tree = AnyTree::open(small_options(files));
            files.fail(FileCall::remove, ending);
            for (uint64_t i = 0; i < 400; ++i) {
                const std::string key = key_of(i % 90),
                                  value = std::to_string(i) + std::string(40, 'x');
                tree->put(key, value);
                expected[key] = value;
            }
            EXPECT_EQ(contents(*tree), expected);
            tree->close();
        }
        EXPECT_EQ(contents(*AnyTree::open(small_options(*memory))), expected) << ending;
        files.heal();
    }
}

TEST_F(FailureTest, AnEventListenerThatThrowsLosesNothing) {
    Map expected;
    {
        auto options = small_options(*memory);
        options.on_event = [](const EngineEvent&) {
            throw Error(ErrorKind::io, "the listener's disk is full");
        };
        const auto tree = AnyTree::open(options);
        for (uint64_t i = 0; i < 400; ++i) {
            const std::string key = key_of(i % 90),
                              value = std::to_string(i) + std::string(40, 'x');
            try {
                tree->put(key, value);
            } catch (const Error&) {
                break;
            }
            expected[key] = value;
        }
        EXPECT_EQ(contents(*tree), expected);
    }
    EXPECT_EQ(contents(*AnyTree::open(small_options(*memory))), expected);
}

TEST_F(FailureTest, CloseOfAFailedTreeSaysSoAndLetsTheFolderGo) {
    const auto tree = open();
    failing.fail(FileCall::append, ".log", 10);
    write_until_it_fails(*tree);
    failing.heal();
    EXPECT_EQ(error_of([&] { tree->close(); }).kind(), ErrorKind::read_only);
    expect_model(*AnyTree::open(small_options(*memory)));
    tree->close();  // once more does nothing
}

TEST_F(FailureTest, WritersThatWaitForRoomAreToldOfAFailedFlush) {
    const auto executor = make_pool_executor(2);
    auto options = small_options(failing);
    options.executor = executor.get();
    options.max_waiting_memtables = 1;
    {
        const auto tree = AnyTree::open(options);
        failing.fail(FileCall::create, ".table");
        std::atomic<int> told{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                try {
                    for (uint64_t i = 0;; ++i)
                        tree->put(key_of(i) + std::to_string(t), std::string(100, 'v'));
                } catch (const Error& error) {
                    if (error.kind() == ErrorKind::read_only) ++told;
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(told, 4);
    }
}

TEST_F(FailureTest, AClosedTreeRefusesWhatItCanNotDo) {
    const auto tree = open();
    tree->put("a", "1");
    tree->close();
    EXPECT_EQ(error_of([&] { tree->put("b", "2"); }).kind(), ErrorKind::usage);
    EXPECT_EQ(error_of([&] { tree->flush(); }).kind(), ErrorKind::usage);
    EXPECT_EQ(error_of([&] { tree->compact(); }).kind(), ErrorKind::usage);
    EXPECT_EQ(error_of([&] { tree->checkpoint("c"); }).kind(), ErrorKind::usage);
    EXPECT_EQ(tree->get("a"), "1");
}

/// Runs its jobs when the test says so.
class SteppedExecutor : public Executor {
  public:
    void submit(JobKind, std::function<void()> job) override {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    void drain() override {
        while (run_one()) {
        }
    }
    bool runs_inline() const override { return false; }
    bool run_one() {
        std::function<void()> job;
        {
            const std::lock_guard lock(mutex_);
            if (jobs_.empty()) return false;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
        return true;
    }

  private:
    std::mutex mutex_;
    std::deque<std::function<void()>> jobs_;
};

TEST_F(FailureTest, CloseWaitsForJobsThatAreQueuedThoughTheyHaveNothingLeftToDo) {
    SteppedExecutor executor;
    auto options = small_options(failing, SyncMode::process, small_settings("skiplist", "never"));
    options.executor = &executor;
    options.max_waiting_memtables = 10;
    auto tree = AnyTree::open(options);
    for (uint64_t i = 0; i < 80; ++i) tree->put(key_of(i), std::string(50, 'v'));
    EXPECT_TRUE(executor.run_one());  // flushes all that waits; the other flush is queued still
    std::atomic<bool> closed{false};
    std::thread closer([&] {
        tree.reset();
        closed = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_FALSE(closed) << "a job that is queued would run on a tree that is gone";
    while (!closed) executor.run_one();
    closer.join();
}

}  // namespace
}  // namespace lsm
