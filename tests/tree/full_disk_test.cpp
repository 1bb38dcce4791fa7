// A disk that is full while the tree is open: writes are refused in words that help, reads go on,
// and once there is room writes go on as well, with nothing lost and nothing that was refused.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "framework/os/faulty_file_system.hpp"
#include "framework/os/io_error.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

class FullDiskTest : public ::testing::Test {
  protected:
    AnyTree::Options options(SyncMode sync = SyncMode::process) {
        return small_options(disk, sync);
    }
    static uint64_t table_count(const AnyTree& tree) {
        uint64_t tables = 0;
        for (const LevelShape& level : tree.shape().levels) {
            for (const RunShape& run : level.runs) tables += run.tables.size();
        }
        return tables;
    }
    std::string next_key() { return key_of(++written); }
    void put(AnyTree& tree, const std::string& key) {
        const std::string value = "v" + std::to_string(written) + std::string(40, 'x');
        tree.put(key, value);
        model[key] = value;
    }
    /// Writes new keys until one is refused for want of room.
    Error write_until_full(AnyTree& tree) {
        for (int i = 0; i < 5000; ++i) {
            refused = next_key();
            try {
                put(tree, refused);
            } catch (const DiskFullError& error) {
                return error;
            }
        }
        ADD_FAILURE() << "never full";
        return Error(ErrorKind::usage, "none");
    }
    /// What a power plug pulled now leaves: what was acknowledged, and what was refused last or
    /// not.
    void expect_recoverable() {
        const Map content = contents(*AnyTree::open(small_options(*copy_of(*memory))));
        if (content == model) return;
        Map other = model;
        other[refused] = content.contains(refused) ? content.at(refused) : "";
        EXPECT_EQ(content, other);
    }

    std::unique_ptr<FileSystem> memory = make_memory_file_system();
    FaultyFileSystem disk{*memory};
    Map model;
    uint64_t written = 0;
    std::string refused;
};

TEST_F(FullDiskTest, TheErrorSaysWhatAndWhatToDoAndReadsGoOn) {
    disk.set_size(20'000);
    const auto tree = AnyTree::open(options());
    const Error first = write_until_full(*tree);
    EXPECT_EQ(first.kind(), ErrorKind::io);
    EXPECT_NE(std::string(first.what()).find("the disk is full"), std::string::npos)
        << first.what();
    EXPECT_NE(std::string(first.what()).find("no space left"), std::string::npos) << first.what();
    EXPECT_NE(first.remedy().find("once there is room"), std::string::npos) << first.remedy();
    for (int i = 0; i < 3; ++i)
        EXPECT_THROW(tree->put("later", std::string(3000, 'l')), DiskFullError);
    EXPECT_EQ(contents(*tree), model);
    for (const auto& [key, value] : model) EXPECT_EQ(tree->get(key), value);
    EXPECT_FALSE(tree->warnings().empty());
}

struct How {
    friend void PrintTo(const How& how, std::ostream* out) { *out << how.name; }
    const char* name;
    SyncMode sync;
    bool pool;
};

class FullDiskHealsTest : public FullDiskTest, public ::testing::WithParamInterface<How> {};

/// The disk is full at another place for each size: a log, its change, a table of a flush or a
/// compaction, the manifest.
TEST_P(FullDiskHealsTest, WhereverItWasMet) {
    const auto pool = make_pool_executor(2);
    for (uint64_t size = 1'300; size < 40'000; size += 1'170 + size / 16) {
        memory = make_memory_file_system();
        FaultyFileSystem small(*memory);
        small.set_size(size);
        model.clear();
        written = 0;
        auto settings = small_options(small, GetParam().sync);
        if (GetParam().pool) settings.executor = pool.get();
        {
            const auto tree = AnyTree::open(settings);
            for (int round = 0; round < 3; ++round) {
                write_until_full(*tree);
                EXPECT_EQ(contents(*tree), model);
                if (GetParam().sync != SyncMode::none && !GetParam().pool) expect_recoverable();
                small.set_size(size + 6'000 * (round + 1));
            }
            small.set_size({});
            for (int i = 0; i < 60; ++i) put(*tree, next_key());
            EXPECT_EQ(contents(*tree), model) << size;
            if (GetParam().sync == SyncMode::none) tree->flush();
            if (!GetParam().pool) {
                EXPECT_EQ(contents(*AnyTree::open(small_options(*copy_of(*memory)))), model)
                    << size;
            }
            tree->settle();
            tree->close();
            EXPECT_TRUE(tree->warnings().empty()) << tree->warnings().front();
        }
        const auto tree = AnyTree::open(small_options(*memory));
        EXPECT_EQ(contents(*tree), model) << size;
        EXPECT_EQ(memory->list("t").size(), 4 + table_count(*tree))
            << "nothing is left but CURRENT, LOCK, a manifest, a log, and tables";
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, FullDiskHealsTest,
                         ::testing::Values(How{"none", SyncMode::none, false},
                                           How{"process", SyncMode::process, false},
                                           How{"power", SyncMode::power, false},
                                           How{"process_with_threads", SyncMode::process, true},
                                           How{"power_with_threads", SyncMode::power, true}),
                         [](const auto& tested) { return std::string(tested.param.name); });

/// A group of batches of which some are whole in the log when there is no room for the next.
TEST_F(FullDiskTest, WhatWasRefusedNeverComesBackInFrontOfLaterWrites) {
    for (const Fault fault : {Fault::full, Fault::torn_full}) {
        memory = make_memory_file_system();
        FaultyFileSystem files(*memory);
        const auto tree = AnyTree::open(small_options(files, SyncMode::process));
        tree->put("a", "1");
        // Two writers queue behind one that waits in its append, and are committed together.
        std::atomic<int> appends{0};
        std::atomic<bool> go_on{false};
        files.fail_when([&](FileCall call, const std::string& path) {
            if (call != FileCall::append || !path.ends_with(".log")) return Fault::none;
            const int number = ++appends;
            while (number == 1 && !go_on) std::this_thread::yield();
            return number == 3 ? fault : Fault::none;
        });
        const auto write = [&](const std::string& key) {
            try {
                tree->put(key, "2");
                return true;
            } catch (const DiskFullError&) {
                return false;
            }
        };
        std::atomic<int> told{0};
        std::thread first([&] { EXPECT_TRUE(write("b")); });
        while (appends == 0) std::this_thread::yield();
        std::thread second([&] { told += write("c") ? 0 : 1; });
        std::thread third([&] { told += write("d") ? 0 : 1; });
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        go_on = true;
        for (std::thread* thread : {&first, &second, &third}) thread->join();
        files.heal();
        EXPECT_EQ(told, 2);
        tree->put("e", "3");
        const Map expected{{"a", "1"}, {"b", "2"}, {"e", "3"}};
        EXPECT_EQ(contents(*tree), expected);
        EXPECT_EQ(contents(*AnyTree::open(small_options(*copy_of(*memory)))), expected);
    }
}

/// The header of a new log finds no room, and what there is of it can not even be removed.
TEST_F(FullDiskTest, ALogThatWasNeverBegunIsNotTakenForTheEnd) {
    const auto tree = AnyTree::open(options());
    put(*tree, next_key());
    uint64_t logs = 0;
    disk.fail_when([&](FileCall call, const std::string& path) {
        if (!path.ends_with(".log")) return Fault::none;
        if (call == FileCall::create) ++logs;
        if (call == FileCall::append && logs <= 1) return Fault::torn_full;
        return call == FileCall::remove ? Fault::error : Fault::none;
    });
    EXPECT_THROW(tree->put("a", "1"), DiskFullError);
    EXPECT_THROW(tree->put("a", "1"), DiskFullError);  // its log is begun, and fails
    EXPECT_EQ(logs, 1u);
    put(*tree, next_key());
    EXPECT_EQ(logs, 2u);
    EXPECT_FALSE(tree->warnings().empty()) << "a log stays";
    EXPECT_EQ(contents(*tree), model);
    EXPECT_EQ(contents(*AnyTree::open(small_options(*copy_of(*memory)))), model);
}

TEST_F(FullDiskTest, ATreeOpensOnAFullDiskForReading) {
    for (const bool closed : {true, false}) {
        memory = closed_tree();
        if (!closed) {
            std::unique_ptr<FileSystem> copy;
            {
                const auto tree = open_tree(*memory);
                for (uint64_t i = 0; i < 20; ++i) tree->put(key_of(1000 + i), "unflushed");
                copy = copy_of(*memory);
            }
            memory = std::move(copy);
        }
        model = contents(*open_tree(*copy_of(*memory)));
        const Map before = folder_bytes(*memory);
        FaultyFileSystem files(*memory);
        files.set_size(0);
        auto tree = AnyTree::open(small_options(files));
        EXPECT_EQ(contents(*tree), model);
        EXPECT_FALSE(tree->warnings().empty());
        EXPECT_THROW(tree->put("a", "1"), DiskFullError);
        EXPECT_THROW(tree->flush(), DiskFullError);
        EXPECT_THROW(tree->settle(), DiskFullError);
        EXPECT_THROW(tree->close(), DiskFullError);
        EXPECT_EQ(folder_bytes(*memory), before) << "nothing has changed";
        tree = AnyTree::open(small_options(files));
        EXPECT_THROW(tree->put("a", "1"), DiskFullError);
        files.set_size({});
        tree->put("a", "1");
        model["a"] = "1";
        EXPECT_EQ(contents(*tree), model);
        EXPECT_EQ(contents(*open_tree(*copy_of(*memory))), model);
        tree.reset();
        EXPECT_EQ(contents(*open_tree(*memory)), model);
    }
}

TEST_F(FullDiskTest, ANewTreeIsNotMadeOnAFullDisk) {
    disk.set_size(10);
    EXPECT_THROW(AnyTree::open(options()), DiskFullError);
    disk.set_size({});
    AnyTree::open(options())->put("a", "1");
    EXPECT_EQ(AnyTree::open(options())->get("a"), "1");
}

TEST_F(FullDiskTest, CloseInModeNoneKeepsTheTreeOpenUntilItsWritesHaveRoom) {
    const auto tree = AnyTree::open(options(SyncMode::none));
    put(*tree, next_key());
    disk.set_size(disk.used());
    EXPECT_THROW(tree->close(), DiskFullError);
    EXPECT_EQ(contents(*tree), model);
    disk.set_size({});
    put(*tree, next_key());
    tree->close();
    EXPECT_EQ(contents(*AnyTree::open(options())), model);
}

TEST_F(FullDiskTest, ACompactionWithoutRoomIsPutOffAndRefusesNoWrite) {
    auto settings = options();
    uint64_t tables = 0;  // these two outlive the tree: its closing still asks for faults
    bool full = true;
    const auto tree = AnyTree::open(settings);
    for (int i = 0; i < 300; ++i) put(*tree, next_key());
    // Only tables that a compaction writes find no room: those after the flush's one.
    disk.fail_when([&](FileCall call, const std::string& path) {
        if (call == FileCall::create && path.ends_with(".log")) tables = 0;
        if (call == FileCall::create && path.ends_with(".table")) ++tables;
        const bool table = call == FileCall::append && path.ends_with(".table");
        return full && table && tables > 2 ? Fault::torn_full : Fault::none;
    });
    const uint64_t compactions = tree->counters().compactions;
    bool seen = false;
    for (int i = 0; i < 400; ++i) {
        put(*tree, next_key());
        for (const auto& warning : tree->warnings())
            seen = seen || warning.find("compactions wait") != std::string::npos;
    }
    EXPECT_TRUE(seen);
    EXPECT_THROW(tree->compact(), DiskFullError);
    EXPECT_EQ(contents(*tree), model);
    full = false;
    tree->settle();
    EXPECT_TRUE(tree->warnings().empty());
    EXPECT_GT(tree->counters().compactions, compactions);
    EXPECT_EQ(contents(*tree), model);
    EXPECT_EQ(contents(*AnyTree::open(small_options(*copy_of(*memory)))), model);
}

/// A sync that fails is for good, whatever it says: nobody knows what of the bytes before is safe.
TEST_F(FullDiskTest, ASyncThatFindsNoRoomIsNoFullDisk) {
    try {
        throw_sync_error("f", "fdatasync", ENOSPC);
    } catch (const DiskFullError&) {
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::io);
    }
}

}  // namespace
}  // namespace lsm
