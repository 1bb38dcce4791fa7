// What a tree is after a stop: each sync mode against its contract, and damage against the rule that rot is never skipped in silence.
#include <gtest/gtest.h>

#include <set>

#include "framework/base/coding.hpp"
#include "framework/base/random.hpp"
#include "framework/log/record.hpp"
#include "framework/tree/folder.hpp"
#include "tests/os/child_process.hpp"
#include "tests/os/temp_folder.hpp"
#include "tests/support/failing_file_system.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

std::unique_ptr<AnyTree> open_tree(FileSystem& files, SyncMode sync = SyncMode::process) {
    return AnyTree::open(small_options(files, sync));
}

/// States of the model after each operation; operation i writes or removes one key.
struct History {
    std::vector<Map> states{Map()};

    void put(AnyTree& tree, const std::string& key, const std::string& value) {
        tree.put(key, value);
        states.push_back(states.back());
        states.back()[key] = value;
    }
    void remove(AnyTree& tree, const std::string& key) {
        tree.remove(key);
        states.push_back(states.back());
        states.back().erase(key);
    }
    /// How many operations a prefix has that gives this content; nothing when no prefix does.
    std::optional<size_t> prefix(const Map& content) const {
        for (size_t i = states.size(); i-- > 0;) {
            if (states[i] == content) return i;
        }
        return {};
    }
};

class RecoveryTest : public ::testing::TestWithParam<SyncMode> {
  protected:
    void step(AnyTree& tree) {
        const std::string key = key_of(random_.below(200));
        if (random_.below(4) == 0) {
            history_.remove(tree, key);
        } else {
            history_.put(tree, key, std::string(random_.below(60), 'v') + std::to_string(++stamp_));
        }
    }

    Random random_{11};
    uint64_t stamp_ = 0;
    History history_;
    std::unique_ptr<FileSystem> files_ = make_memory_file_system();
};

TEST_P(RecoveryTest, AnUncleanStopLeavesWhatTheModePromises) {
    auto tree = open_tree(*files_, GetParam());
    for (int i = 0; i < 600; ++i) {
        step(*tree);
        if (i % 23 != 0) continue;
        const auto stopped = copy_of(*files_);
        const auto again = open_tree(*stopped, GetParam());
        const Map content = contents(*again);
        const auto prefix = history_.prefix(content);
        ASSERT_TRUE(prefix.has_value()) << "no prefix of the commit order, after operation " << i;
        if (GetParam() != SyncMode::none) {
            ASSERT_EQ(content, history_.states.back());
        }
        if (GetParam() == SyncMode::none) {
            ASSERT_GE(*prefix + 200, history_.states.size()) << "more than a memtable is gone";
        }
    }
}

TEST_P(RecoveryTest, ACleanCloseIsDurableAndTheTreeGoesOn) {
    for (int round = 0; round < 8; ++round) {
        const auto tree = open_tree(*files_, GetParam());
        ASSERT_EQ(contents(*tree), history_.states.back());
        EXPECT_TRUE(tree->recovery().notes.empty());
        for (int i = 0; i < 90; ++i) step(*tree);
        tree->close();
    }
}

TEST_P(RecoveryTest, ASecondRecoveryOfTheSameFilesGivesTheSame) {
    auto tree = open_tree(*files_, GetParam());
    for (int i = 0; i < 333; ++i) step(*tree);
    const auto stopped = copy_of(*files_);
    Map first;
    uint64_t edits = 0;
    {
        // Stopped again right after it was opened, without a close.
        const auto other = copy_of(*stopped);
        auto again = open_tree(*other, GetParam());
        first = contents(*again);
        edits = again->shape().edit;
        const auto stopped_again = copy_of(*other);
        EXPECT_EQ(contents(*open_tree(*stopped_again, GetParam())), first);
    }
    const auto second = open_tree(*stopped, GetParam());
    EXPECT_EQ(contents(*second), first);
    EXPECT_EQ(second->shape().edit, edits);
}

TEST_P(RecoveryTest, ItsModeMayChangeBetweenTwoOpens) {
    for (const SyncMode next : {SyncMode::none, SyncMode::process, SyncMode::power}) {
        {
            const auto tree = open_tree(*files_, GetParam());
            for (int i = 0; i < 70; ++i) step(*tree);
        }
        const auto tree = open_tree(*files_, next);
        ASSERT_EQ(contents(*tree), history_.states.back());
        for (int i = 0; i < 70; ++i) step(*tree);
        tree->close();
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, RecoveryTest, ::testing::Values(SyncMode::none, SyncMode::process, SyncMode::power),
                         [](const auto& tested) {
                             return std::string(tested.param == SyncMode::none      ? "none"
                                                : tested.param == SyncMode::process ? "process"
                                                                                    : "power");
                         });

TEST(FolderTest, IsLockedWhileATreeIsOpen) {
    const auto files = make_memory_file_system();
    auto tree = open_tree(*files);
    const Error error = error_of([&] { open_tree(*files); });
    EXPECT_EQ(error.kind(), ErrorKind::locked);
    EXPECT_EQ(error.place().file, "t/LOCK");
    tree->close();
    open_tree(*files)->close();
}

TEST(FolderTest, LockNamesTheProcessThatHoldsIt) {
    const TempFolder folder;
    auto options = small_options(posix_file_system());
    options.folder = folder / "tree";
    ChildProcess child([&](ChildProcess& self) {
        const auto tree = AnyTree::open(options);
        self.say("open");
        ::pause();
        return std::string();
    });
    ASSERT_EQ(child.wait_for_words(), "open");
    const Error error = error_of([&] { AnyTree::open(options); });
    EXPECT_EQ(error.kind(), ErrorKind::locked);
    EXPECT_NE(std::string(error.what()).find("process " + std::to_string(child.number())), std::string::npos) << error.what();
    child.kill();
    AnyTree::open(options)->close();
}

TEST(FolderTest, OfSomethingElseIsRefusedAndLeftAlone) {
    const auto files = make_memory_file_system();
    files->create_folder("t");
    write_file(*files, "t/thesis.tex", "precious");
    const Error error = error_of([&] { open_tree(*files); });
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_NE(std::string(error.what()).find("thesis.tex"), std::string::npos);
    EXPECT_EQ(files->list("t"), std::vector<std::string>{"thesis.tex"});
}

/// A closed tree with tables on disk and entries in its log.
std::unique_ptr<FileSystem> closed_tree(SyncMode sync = SyncMode::process) {
    auto files = make_memory_file_system();
    const auto tree = open_tree(*files, sync);
    for (uint64_t i = 0; i < 130; ++i) tree->put(key_of(i), std::string(50, 'v'));
    tree->close();
    return files;
}

TEST(FolderTest, MissingCurrentBesideTablesIsCorruption) {
    const auto files = closed_tree();
    files->remove("t/CURRENT");
    const Map before = folder_bytes(*files);
    EXPECT_EQ(error_of([&] { open_tree(*files); }).kind(), ErrorKind::corruption);
    EXPECT_EQ(folder_bytes(*files), before);
}

TEST(FolderTest, AMissingTableIsCorruption) {
    const auto files = closed_tree();
    const std::string table = newest(*files, ".table");
    files->remove(table);
    const Error error = error_of([&] { open_tree(*files); });
    EXPECT_EQ(error.kind(), ErrorKind::corruption);
    EXPECT_EQ(error.place().file, table);
}

TEST(FolderTest, ANewerManifestIsAVersionErrorAndNoByteChanges) {
    const auto files = closed_tree();
    std::string payload;
    put_fixed32(payload, kManifestVersion + 1);
    payload += "fields of tomorrow";
    const std::string current = file_bytes(*files, "t/CURRENT");
    const std::string name = current.substr(0, current.size() - 1);
    write_file(*files, "t/" + name, frame_record(payload, std::stoull(name.substr(9)), 0, 0));
    const Map before = folder_bytes(*files);
    const Error error = error_of([&] { open_tree(*files); });
    EXPECT_EQ(error.kind(), ErrorKind::version);
    EXPECT_EQ(error.place().file, "t/" + name);
    EXPECT_EQ(folder_bytes(*files), before);
}

TEST(FolderTest, ANewerLogIsAVersionErrorAndNoByteChanges) {
    const auto files = closed_tree();
    const std::string log = newest(*files, ".log");
    std::string header;
    put_fixed32(header, kLogVersion + 1);
    write_file(*files, log, frame_record(header, std::stoull(log.substr(2)), 0, 0));
    const Map before = folder_bytes(*files);
    EXPECT_EQ(error_of([&] { open_tree(*files); }).kind(), ErrorKind::version);
    EXPECT_EQ(folder_bytes(*files), before);
}

TEST(FolderTest, WhatACrashLeftHalfDoneIsRemoved) {
    const auto files = closed_tree();
    write_file(*files, "t/999.table", "half a table");
    write_file(*files, "t/MANIFEST-998", "half a manifest");
    const Map content = contents(*open_tree(*files));
    EXPECT_EQ(content.size(), 130u);
    EXPECT_FALSE(files->exists("t/999.table"));
    EXPECT_FALSE(files->exists("t/MANIFEST-998"));
    const auto tree = open_tree(*files);
    for (uint64_t i = 0; i < 100; ++i) tree->put(key_of(i), std::string(50, 'w'));
    for (const std::string& name : files->list("t")) EXPECT_NE(name, "999.table");
}

TEST(FolderTest, AManifestThatACrashCutShortIsReported) {
    const auto files = closed_tree();
    const std::string current = file_bytes(*files, "t/CURRENT");
    const std::string path = "t/" + current.substr(0, current.size() - 1);
    write_file(*files, path, file_bytes(*files, path) + "torn");
    const auto tree = open_tree(*files);
    EXPECT_EQ(contents(*tree).size(), 130u);
    ASSERT_EQ(tree->recovery().notes.size(), 1u);
    EXPECT_NE(tree->recovery().notes[0].find(path), std::string::npos);
}

/// An empty tree's folder, with logs written by hand behind its first one.
class LogsTest : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto tree = open_tree(*files, SyncMode::power);
        copy = copy_of(*files);
        first = std::stoull(newest(*copy, ".log").substr(2));
        end = {first, copy->file_size(log_path("t", first)), true};
    }
    /// A log with one entry per key behind the last one; what it says of that one is as it should be unless told otherwise.
    void add_log(const std::vector<std::string>& keys, bool previous_synced = true) {
        end.synced = previous_synced;
        const uint64_t number = end.number + 1;
        LogWriter log(*copy, log_path("t", number), number, end, 4096);
        for (const std::string& key : keys) {
            const Entry entry = Entry::make(key, "v", ++sequence, Kind::value);
            log.append(encode_log_batch(sequence, {&entry, 1}));
        }
        log.sync();
        end = log.end();
        log.close();
    }
    std::string log(uint64_t index) const { return log_path("t", first + index); }
    void cut(const std::string& path, uint64_t bytes) {
        const std::string whole = file_bytes(*copy, path);
        write_file(*copy, path, whole.substr(0, whole.size() - bytes));
    }
    std::string keys() {
        const auto tree = open_tree(*copy, SyncMode::power);
        notes = tree->recovery().notes;
        std::string all;
        for (const auto& [key, value] : contents(*tree)) all += key;
        return all;
    }

    std::unique_ptr<FileSystem> files = make_memory_file_system(), copy;
    uint64_t first = 0;
    LogEnd end;
    Sequence sequence = 0;
    std::vector<std::string> notes;
};

TEST_F(LogsTest, AreTakenInOrder) {
    add_log({"a", "b"});
    add_log({"c"});
    add_log({"d"});
    EXPECT_EQ(keys(), "abcd");
    EXPECT_TRUE(notes.empty());
    EXPECT_EQ(keys(), "abcd");
}

TEST_F(LogsTest, ATornTailIsSealedAndReported) {
    add_log({"a", "b"});
    cut(log(1), 1);
    EXPECT_EQ(keys(), "a");
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_NE(notes[0].find(log(1)), std::string::npos);
    EXPECT_EQ(keys(), "a");
    EXPECT_TRUE(notes.empty());
}

TEST_F(LogsTest, NothingIsTakenBehindATornTailThatWasNeverSynced) {
    add_log({"a", "b"});
    add_log({"c"}, false);
    add_log({"d"});
    cut(log(1), 1);
    EXPECT_EQ(keys(), "a");
    EXPECT_EQ(notes.size(), 3u);
    EXPECT_EQ(keys(), "a") << "sealed";
}

TEST_F(LogsTest, ALogThatEndsBeforeWhatWasSyncedIsRefused) {
    add_log({"a", "b"});
    add_log({"c"}, true);
    const uint64_t whole = copy->file_size(log(1));
    for (const uint64_t lost : {uint64_t{1}, uint64_t{30}, whole - 1, whole}) {
        const auto damaged = copy_of(*copy);
        copy.swap(const_cast<std::unique_ptr<FileSystem>&>(damaged));
        cut(log(1), lost);
        const Map before = folder_bytes(*copy);
        EXPECT_EQ(error_of([&] { keys(); }).kind(), ErrorKind::corruption) << lost;
        EXPECT_EQ(folder_bytes(*copy), before);
        copy.swap(const_cast<std::unique_ptr<FileSystem>&>(damaged));
    }
}

TEST_F(LogsTest, AMissingLogIsRefused) {
    add_log({"a"});
    add_log({"b"});
    add_log({"c"});
    for (const uint64_t missing : {0, 1, 2}) {
        const auto whole = copy_of(*copy);
        copy->remove(log(missing));
        const Error error = error_of([&] { keys(); });
        EXPECT_EQ(error.kind(), ErrorKind::corruption) << missing;
        EXPECT_NE(std::string(error.what()).find(std::to_string(first + missing)), std::string::npos) << error.what();
        copy = copy_of(*whole);
    }
}

TEST(SealedLogTest, MustBeThereAndWhole) {
    const auto files = closed_tree();
    const std::string log = newest(*files, ".log");
    const std::string bytes = file_bytes(*files, log);
    ASSERT_GT(bytes.size(), 100u);
    write_file(*files, log, bytes.substr(0, bytes.size() - 10));
    Error error = error_of([&] { open_tree(*files); });
    EXPECT_EQ(error.kind(), ErrorKind::corruption);
    EXPECT_EQ(error.place().file, log);
    files->remove(log);
    error = error_of([&] { open_tree(*files); });
    EXPECT_EQ(error.kind(), ErrorKind::corruption);
    EXPECT_EQ(error.place().file, log);
    write_file(*files, log, bytes);
    EXPECT_EQ(contents(*open_tree(*files)).size(), 130u);
}

TEST(PowerModeTest, ADamagedLogMiddleIsRefusedAndNoByteChanges) {
    const auto files = make_memory_file_system();
    const auto tree = open_tree(*files, SyncMode::power);
    tree->put("a", "1");
    const std::string log = newest(*files, ".log");
    const uint64_t place = files->file_size(log);
    tree->put("b", "2");
    tree->put("c", "3");
    const auto copy = copy_of(*files);
    std::string bytes = file_bytes(*copy, log);
    bytes[place + 18] ^= 1;
    write_file(*copy, log, bytes);
    const Map before = folder_bytes(*copy);
    const Error error = error_of([&] { open_tree(*copy); });
    EXPECT_EQ(error.kind(), ErrorKind::corruption);
    EXPECT_EQ(error.place().file, log);
    EXPECT_EQ(error.place().offset, place);
    EXPECT_EQ(folder_bytes(*copy), before);
}

/// The calls that change files, of a tree whose flushes all wait: no sync for a table comes to help.
std::vector<std::pair<Call, std::string>> calls_without_flushes(SyncMode sync) {
    class Held : public Executor {
      public:
        void submit(JobKind, std::function<void()> job) override { jobs.push_back(std::move(job)); }
        void drain() override {
            while (!jobs.empty()) {
                const auto job = std::move(jobs.front());
                jobs.erase(jobs.begin());
                job();
            }
        }
        bool runs_inline() const override { return false; }
        std::vector<std::function<void()>> jobs;
    } executor;
    const auto memory = make_memory_file_system();
    FailingFileSystem files(*memory);
    std::vector<std::pair<Call, std::string>> calls;
    files.fail_when([&](Call call, const std::string& path) {
        calls.emplace_back(call, path);
        return false;
    });
    auto options = small_options(files, sync);
    options.executor = &executor;
    options.max_waiting_memtables = 100;
    const auto tree = AnyTree::open(options);
    for (uint64_t i = 0; i < 200; ++i) tree->put(key_of(i), std::string(50, 'v'));
    EXPECT_GE(executor.jobs.size(), 4u);
    const auto result = calls;
    executor.drain();
    return result;
}

/// The name of a log is durable before anything in it is acknowledged.
TEST(PowerModeTest, TheFolderIsSyncedBetweenANewLogAndItsFirstSync) {
    std::set<std::string> unnamed;
    int syncs = 0;
    for (const auto& [call, path] : calls_without_flushes(SyncMode::power)) {
        if (call == Call::create && path.ends_with(".log")) unnamed.insert(path);
        if (call == Call::sync_folder) unnamed.clear();
        if (call == Call::sync && path.ends_with(".log")) {
            ++syncs;
            EXPECT_FALSE(unnamed.count(path)) << path << " was synced before its name was";
        }
    }
    EXPECT_GT(syncs, 100);
}

/// A power failure must not keep the name of a log and lose that of one before it.
TEST(ProcessModeTest, TheFolderIsSyncedBetweenTwoNewLogs) {
    std::set<std::string> unnamed;
    for (const auto& [call, path] : calls_without_flushes(SyncMode::process)) {
        if (call == Call::sync_folder) unnamed.clear();
        if (call != Call::create || !path.ends_with(".log")) continue;
        EXPECT_TRUE(unnamed.empty()) << path;
        unnamed.insert(path);
    }
}

}  // namespace
}  // namespace lsm
