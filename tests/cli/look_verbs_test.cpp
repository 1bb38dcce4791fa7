// `lab verify`, `lab dump` and `lab repair` as a person meets them: what is printed, and the
// status.
#include <gtest/gtest.h>

#include "framework/engines/lsmlab_engine.hpp"
#include "tests/cli/verbs_fixture.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::cli {
namespace {

class FolderVerbs : public Verbs {
  protected:
    FolderVerbs() {
        EngineSettings settings;
        settings.memtable.policy = "skiplist";
        settings.bloom.policy = "uniform";
        settings.filter.policy = "bloom";
        settings.format.policy = "row_block";
        settings.compaction.policy = "leveling";
        settings.memtable_size = 2000;
        settings.block_size = 512;
        options_ = tree_options(all_policies(), settings);
        options_.folder = tree_;
        const auto tree = AnyTree::open(options_);
        for (int i = 0; i < 300; ++i)
            tree->put("key" + std::to_string(i), "value" + std::to_string(i));
        tree->close();
    }
    std::string table() {
        for (const std::string& name : files_.list(tree_)) {
            if (name.ends_with(".table")) return tree_ + "/" + name;
        }
        return "";
    }
    void flip(const std::string& path, uint64_t offset) {
        std::string bytes = test::file_bytes(files_, path);
        bytes[offset] = static_cast<char>(bytes[offset] ^ 1);
        test::write_file(files_, path, bytes);
    }

    const std::string tree_ = folder_ + "/tree";
    AnyTree::Options options_;
};

TEST_F(FolderVerbs, VerifySaysThatAFolderIsSound) {
    const Said said = say({"verify", tree_});
    EXPECT_EQ(said.status, 0) << said.out << said.error;
    EXPECT_NE(said.out.find(" entries in 4 blocks, filter bloom\n"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find(": sound\n"), std::string::npos) << said.out;
    EXPECT_EQ(said.error, "");
    EXPECT_EQ(say({"verify"}).status, 2);
    EXPECT_EQ(say({"verify", tree_, tree_}).status, 2);
    EXPECT_EQ(say({"verify", folder_ + "/none"}).status, 5);
}

TEST_F(FolderVerbs, VerifyNamesTheDamagedFile) {
    flip(table(), 10);
    const Said said = say({"verify", tree_});
    EXPECT_EQ(said.status, 3);
    EXPECT_NE(said.out.find("damage: " + table() + " at byte 0: "), std::string::npos) << said.out;
}

TEST_F(FolderVerbs, VerifyLeavesATreeThatIsOpenAlone) {
    const auto tree = AnyTree::open(options_);
    const Said said = say({"verify", tree_});
    EXPECT_EQ(said.status, 4);
    EXPECT_NE(said.error.find("is held by process "), std::string::npos) << said.error;
}

TEST_F(FolderVerbs, DumpShowsAFileAndItsDamage) {
    const Said whole = say({"dump", table()});
    EXPECT_EQ(whole.status, 0);
    EXPECT_NE(whole.out.find("\"key0\" @ 1 = \"value0\""), std::string::npos) << whole.out;
    flip(table(), 10);
    const Said said = say({"dump", table()});
    EXPECT_EQ(said.status, 3);
    EXPECT_NE(said.out.find("DAMAGED at 0: "), std::string::npos) << said.out;
    EXPECT_EQ(say({"dump", tree_ + "/LOCK"}).status, 2);
    EXPECT_EQ(say({"dump"}).status, 2);
}

TEST_F(FolderVerbs, RepairMakesATreeThatOpens) {
    EXPECT_EQ(say({"repair", tree_}).out, "nothing is damaged; nothing was changed\n");
    const std::string damaged = table();
    flip(damaged, 10);
    EXPECT_EQ(say({"verify", tree_}).status, 3);
    const Said said = say({"repair", tree_});
    EXPECT_EQ(said.status, 0) << said.error;
    EXPECT_NE(said.out.find("lost: "), std::string::npos) << said.out;
    EXPECT_EQ(say({"verify", tree_}).status, 0);
    EXPECT_TRUE(files_.exists(tree_ + "/quarantine-1" + damaged.substr(damaged.rfind('/'))));
    EXPECT_EQ(AnyTree::open(options_)->get("key299"), "value299");
}

}  // namespace
}  // namespace lsm::cli
