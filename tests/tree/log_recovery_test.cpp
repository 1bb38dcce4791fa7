// How a folder's logs hang together: what a crash may leave of them is the end of a prefix, any
// other hole is refused.
#include <gtest/gtest.h>

#include <set>

#include "framework/os/faulty_file_system.hpp"
#include "framework/tree/folder.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

/// An empty tree's folder, with logs written by hand behind its first one.
class LogsTest : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto tree = open_tree(*files, SyncMode::power);
        copy = copy_of(*files);
        first = std::stoull(newest(*copy, ".log").substr(2));
        end = {first, copy->file_size(log_path("t", first)), true};
    }
    /// A log with one entry per key behind the last one; what it says of that one is as it should
    /// be unless told otherwise.
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

TEST_F(LogsTest, TheNewestOneIsMissedToo) {
    for (const SyncMode sync : {SyncMode::power, SyncMode::process}) {
        const auto disk = make_memory_file_system();
        const auto tree = open_tree(*disk, sync);
        for (uint64_t i = 0; i < 100; ++i) {
            const auto left = copy_of(*disk);
            left->remove("t/" + newest(*left, ".log").substr(2));
            const Map before = folder_bytes(*left);
            const Error error = error_of([&] { open_tree(*left, sync); });
            ASSERT_EQ(error.kind(), ErrorKind::corruption) << i;
            EXPECT_NE(std::string(error.what()).find(".log"), std::string::npos) << error.what();
            EXPECT_EQ(folder_bytes(*left), before);
            tree->put(key_of(i), std::string(50, 'v'));
        }
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
        EXPECT_NE(std::string(error.what()).find(std::to_string(first + missing)),
                  std::string::npos)
            << error.what();
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

/// The calls that change files, of a tree whose flushes all wait: no sync for a table comes to
/// help.
std::vector<std::pair<FileCall, std::string>> calls_without_flushes(SyncMode sync) {
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
    FaultyFileSystem files(*memory);
    std::vector<std::pair<FileCall, std::string>> calls;
    files.fail_when([&](FileCall call, const std::string& path) {
        calls.emplace_back(call, path);
        return Fault::none;
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
        if (call == FileCall::create && path.ends_with(".log")) unnamed.insert(path);
        if (call == FileCall::sync_folder) unnamed.clear();
        if (call == FileCall::sync && path.ends_with(".log")) {
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
        if (call == FileCall::sync_folder) unnamed.clear();
        if (call != FileCall::create || !path.ends_with(".log")) continue;
        EXPECT_TRUE(unnamed.empty()) << path;
        unnamed.insert(path);
    }
}

}  // namespace
}  // namespace lsm
