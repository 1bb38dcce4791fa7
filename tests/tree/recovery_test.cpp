// What a tree is after a stop: each sync mode against its contract, and damage against the rule
// that rot is never skipped in silence.
#include <gtest/gtest.h>

#include "framework/base/coding.hpp"
#include "framework/base/random.hpp"
#include "framework/log/record.hpp"
#include "tests/os/child_process.hpp"
#include "tests/os/temp_folder.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

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
    void remove_range(AnyTree& tree, const std::string& first, const std::string& last) {
        tree.remove_range(first, last);
        states.push_back(states.back());
        Map& now = states.back();
        now.erase(now.lower_bound(first), now.lower_bound(last));
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
        const uint64_t dice = random_.below(40);
        if (dice < 10) {
            history_.remove(tree, key);
        } else if (dice < 14) {
            const uint64_t first = random_.below(200);
            history_.remove_range(tree, key_of(first), key_of(first + 1 + random_.below(20)));
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

INSTANTIATE_TEST_SUITE_P(Modes, RecoveryTest,
                         ::testing::Values(SyncMode::none, SyncMode::process, SyncMode::power),
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
    EXPECT_NE(std::string(error.what()).find("process " + std::to_string(child.number())),
              std::string::npos)
        << error.what();
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

}  // namespace
}  // namespace lsm
