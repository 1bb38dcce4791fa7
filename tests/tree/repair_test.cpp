// `lab repair`: a damaged folder opens again, nothing is deleted, and what was lost is said.
#include "framework/tree/repair.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "framework/base/coding.hpp"
#include "framework/base/text.hpp"
#include "framework/log/manifest.hpp"
#include "framework/log/record.hpp"
#include "framework/os/faulty_file_system.hpp"
#include "framework/tree/verify.hpp"
#include "tests/tree/golden_text.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

class RepairTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto settings = small_settings("skiplist", "tiering");
        options = small_options(*files, SyncMode::process, settings);
        const auto tree = AnyTree::open(options);
        for (uint64_t i = 0; i < 330; ++i) {
            const std::string key = key_of(i % 150);
            tree->put(key, std::to_string(i));
            written[key].push_back(std::to_string(i));
        }
        tree->close();
        right = contents(*AnyTree::open(on(*copy_of(*files))));
        before = folder_bytes(*files);
    }
    AnyTree::Options on(FileSystem& in) {
        AnyTree::Options other = options;
        other.files = &in;
        return other;
    }
    void damage(const std::string& path, uint64_t offset) {
        std::string bytes = file_bytes(*files, path);
        bytes[offset] = static_cast<char>(bytes[offset] ^ 0x20);
        write_file(*files, path, bytes);
    }
    std::string repair(bool wholly = true) {
        const RepairReport report = repair_folder(*files, "t", all_policies());
        EXPECT_EQ(verify_folder(*files, "t", all_policies()).sound(), wholly);
        return join(report.words, "\n");
    }
    /// Each file's bytes are in the folder still, or in a quarantine.
    void expect_kept(const Map& then) {
        std::multimap<std::string, std::string> now;
        for (const std::string& name : files->list("t")) {
            const std::string path = "t/" + name;
            if (!files->is_folder(path)) {
                now.emplace(file_bytes(*files, path), path);
                continue;
            }
            for (const std::string& kept : files->list(path))
                now.emplace(file_bytes(*files, path + "/" + kept), path);
        }
        for (const auto& [name, bytes] : then) EXPECT_TRUE(now.contains(bytes)) << name;
    }
    /// What the repaired tree holds: nothing that was never written.
    Map after() {
        const Map found = contents(*AnyTree::open(options));
        for (const auto& [key, value] : found) {
            EXPECT_EQ(std::count(written[key].begin(), written[key].end(), value), 1)
                << key << ": " << value;
        }
        return found;
    }
    std::string manifest() {
        const std::string text = read_text_file(*files, "t/CURRENT");
        return "t/" + text.substr(0, text.size() - 1);
    }

    std::unique_ptr<FileSystem> files = make_memory_file_system();
    AnyTree::Options options;
    std::map<std::string, std::vector<std::string>> written;
    Map right, before;
};

TEST_F(RepairTest, ASoundFolderStaysAsItIs) {
    EXPECT_EQ(repair(), "nothing is damaged; nothing was changed");
    EXPECT_EQ(folder_bytes(*files), before);
}

TEST_F(RepairTest, ADamagedTableGoesToTheQuarantine) {
    const std::string table = newest(*files, ".table");
    damage(table, 5);
    const std::string bytes = file_bytes(*files, table);
    const std::string words = repair();
    EXPECT_FALSE(files->exists(table));
    EXPECT_EQ(file_bytes(*files, "t/quarantine-1/" + table.substr(2)), bytes);
    EXPECT_NE(words.find("lost: " + table.substr(2)), std::string::npos) << words;
    EXPECT_NE(words.find("may come back from"), std::string::npos) << words;
    const Map found = after();
    EXPECT_NE(found, right);
    EXPECT_GT(found.size(), 100u);
    // The folder of the quarantine is in nobody's way.
    EXPECT_EQ(contents(*AnyTree::open(options)), found);
    damage(newest(*files, ".table"), 5);
    repair();
    EXPECT_TRUE(files->exists("t/quarantine-2"));
}

TEST_F(RepairTest, AMissingTableIsTakenOutOfTheManifest) {
    const std::string table = newest(*files, ".table");
    files->remove(table);
    EXPECT_NE(repair().find("lost: " + table.substr(2)), std::string::npos);
    EXPECT_GT(after().size(), 100u);
}

TEST_F(RepairTest, WithoutCurrentAManifestIsFound) {
    for (const char* text : {"", "MANIFEST-9999\n", "MANIFEST"}) {
        const std::string name = manifest().substr(2);
        write_file(*files, "t/CURRENT", text);
        if (*text == '\0') files->remove("t/CURRENT");
        const std::string words = repair();
        EXPECT_NE(words.find("CURRENT names " + name + " again"), std::string::npos) << words;
        EXPECT_EQ(after(), right);
    }
}

TEST_F(RepairTest, WithoutAManifestTheTablesMakeOne) {
    damage(manifest(), 30);
    const std::string words = repair();
    EXPECT_NE(words.find("was made of the"), std::string::npos) << words;
    EXPECT_EQ(after(), right);
    // And it is a tree that goes on.
    const auto tree = AnyTree::open(options);
    for (uint64_t i = 0; i < 400; ++i) tree->put(key_of(i % 150), "new");
    EXPECT_EQ(tree->get(key_of(3)), "new");
    tree->close();
    EXPECT_EQ(contents(*AnyTree::open(options)).size(), 150u);
}

TEST_F(RepairTest, OfADamagedLogThePrefixStays) {
    const std::string log = newest(*files, ".log");
    const uint64_t size = files->file_size(log);
    damage(log, size / 2);
    const std::string words = repair();
    EXPECT_NE(words.find("operations in front of the damage stay"), std::string::npos) << words;
    EXPECT_TRUE(files->exists("t/quarantine-1/" + log.substr(2)));
    const Map found = after();
    EXPECT_NE(found, right);
    EXPECT_EQ(found.size(), right.size());
}

/// By the place of the damage, in tenths.
class RepairLogTest : public RepairTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Tenths, RepairLogTest, ::testing::Values(3, 5, 8));

/// Without the manifest nobody knows how long the closed log was: it looks like one that a crash
/// cut short.
TEST_P(RepairLogTest, ThatOnlyTheLostManifestKnewToBeWholeIsKept) {
    std::string log, manifest;
    for (const auto& [path, bytes] : before) {
        if (path.ends_with(".log")) log = path;
        if (path.find("MANIFEST-") != std::string::npos) manifest = path;
    }
    damage("t/" + manifest, 20);
    damage("t/" + log, before.at(log).size() * GetParam() / 10);
    const std::string damaged_log = file_bytes(*files, "t/" + log);
    const std::string words = repair();
    EXPECT_NE(words.find("operations behind the damage"), std::string::npos) << words;
    AnyTree::open(on(*files))->close();
    bool kept = false;
    for (const std::string& name : files->list("t/quarantine-1"))
        kept = kept || file_bytes(*files, "t/quarantine-1/" + name) == damaged_log;
    EXPECT_TRUE(kept) << "opening cut it off";
}

TEST_F(RepairTest, AMissingLogIsSaid) {
    files->remove(newest(*files, ".log"));
    const std::string words = repair();
    EXPECT_NE(words.find("lost: everything that was written after sequence number"),
              std::string::npos)
        << words;
    EXPECT_GT(after().size(), 100u);
}

TEST_F(RepairTest, ADamagedFilterCostsNoData) {
    const std::string path = newest(*files, ".table");
    const std::string whole = file_bytes(*files, path);
    const Footer footer = Footer::decode(whole.substr(whole.size() - Footer::kBytes), path,
                                         whole.size(), std::stoull(path.substr(2)));
    damage(path, footer.filter.offset + 2);
    const std::string words = repair(false);
    EXPECT_NE(words.find("only its filter is damaged, so it stays"), std::string::npos) << words;
    EXPECT_EQ(after(), right);
}

TEST_F(RepairTest, AnOpenTreeIsLeftAlone) {
    const auto tree = AnyTree::open(options);
    EXPECT_EQ(error_of([&] { repair_folder(*files, "t", all_policies()); }).kind(),
              ErrorKind::locked);
}

/// What is said, word for word.
TEST_F(RepairTest, SaysWhatWasLostAndWhatMayComeBack) {
    const Map whole = folder_bytes(*files);
    std::string said;
    const auto scene = [&](const std::string& title, const auto& damaging) {
        files = make_memory_file_system();
        files->create_folder("t");
        for (const auto& [name, bytes] : whole) write_file(*files, "t/" + name, bytes);
        damaging();
        said += title + "\n" + repair() + "\n\n";
    };
    scene("A damaged table:", [&] { damage(newest(*files, ".table"), 5); });
    scene("A damaged log:", [&] { damage(newest(*files, ".log"), 400); });
    scene("A missing log:", [&] { files->remove(newest(*files, ".log")); });
    scene("A damaged manifest:", [&] { damage(manifest(), 30); });
    scene("A damaged manifest and a damaged table:", [&] {
        damage(manifest(), 30);
        damage(newest(*files, ".table"), 5);
    });
    expect_golden("repair.txt", said);
}

/// A repair that a failure or a crash cuts short, at any call: a second one goes through, and no
/// file that was there is gone.
TEST_F(RepairTest, CutShortAnywhereItCanBeRepairedAgain) {
    const Map whole = folder_bytes(*files);
    const std::string table = newest(*files, ".table"), log = newest(*files, ".log");
    const std::string current = manifest();
    const std::vector<std::function<void()>> scenes = {[&] {
                                                           damage(table, 5);
                                                           damage(log, 400);
                                                       },
                                                       [&] {
                                                           damage(current, 30);
                                                           damage(table, 5);
                                                       },
                                                       [&] {
                                                           files->remove("t/CURRENT");
                                                           files->remove(log);
                                                       }};
    for (const auto& scene : scenes) {
        for (uint64_t call = 1;; ++call) {
            files = make_memory_file_system();
            files->create_folder("t");
            for (const auto& [name, bytes] : whole) write_file(*files, "t/" + name, bytes);
            scene();
            const Map damaged = folder_bytes(*files);
            FaultyFileSystem failing(*files);
            failing.fail_at(call, Fault::torn, true);
            bool failed = false;
            try {
                repair_folder(failing, "t", all_policies());
            } catch (const Error&) {
                failed = true;
            }
            SCOPED_TRACE(failing.first_failed());
            repair();
            expect_kept(damaged);
            options.files = files.get();
            EXPECT_GT(after().size(), 80u);
            if (!failed) break;
        }
    }
}

/// As cp, mv and rm break a folder: two kinds of damage at once.
TEST_F(RepairTest, ManyThingsAtOnce) {
    const std::string table = newest(*files, ".table"), log = newest(*files, ".log");
    damage(table, files->file_size(table) - 3);
    damage(log, 3);
    damage(manifest(), 3);
    files->remove("t/CURRENT");
    repair();
    EXPECT_GT(after().size(), 50u);
    // All that was there is there still.
    for (const auto& [name, bytes] : before) {
        if (name == "CURRENT") continue;
        EXPECT_TRUE(files->exists("t/" + name) || files->exists("t/quarantine-1/" + name)) << name;
    }
}

TEST_F(RepairTest, ANewerManifestThatCurrentDoesNotNameIsNotTouchedEither) {
    std::string name = read_text_file(*files, "t/CURRENT");
    name.pop_back();
    std::string payload;
    put_fixed32(payload, kManifestVersion + 1);
    write_file(*files, "t/" + name, frame_record(payload, std::stoull(name.substr(9)), 0, 0));
    write_file(*files, "t/CURRENT", "nonsense\n");
    const std::vector<std::string> there = files->list("t");
    const Map bytes = folder_bytes(*files);
    EXPECT_EQ(error_of([&] { repair(); }).kind(), ErrorKind::version);
    EXPECT_EQ(folder_bytes(*files), bytes);
    EXPECT_EQ(files->list("t"), there);
}

}  // namespace
}  // namespace lsm
