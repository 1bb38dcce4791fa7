// What a power loss may leave, on cases worked out by hand.
#include <gtest/gtest.h>

#include <set>

#include "framework/os/crash_file_system.hpp"

namespace lsm {
namespace {

DiskImage one_folder() {
    DiskImage image;
    image.folders.insert("d");
    return image;
}

/// All disks that a loss now could leave, as "name=bytes;".
std::set<std::string> disks(const CrashFileSystem& files) {
    const CrashPoint point = files.crash_point();
    const size_t count = point.pending().size();
    std::set<std::string> found;
    for (uint64_t bits = 0; bits < uint64_t{1} << count; ++bits) {
        CrashChoice choice;
        for (size_t i = 0; i < count; ++i) choice.kept.push_back((bits >> i & 1) != 0);
        std::string text;
        for (const auto& [path, file] : point.image(choice).files)
            text += path.substr(2) + "=" + *file.bytes + ";";
        found.insert(text);
    }
    return found;
}

using Disks = std::set<std::string>;

TEST(CrashFileSystem, AFileNeedsItsBytesAndItsName) {
    CrashFileSystem files(one_folder());
    const auto file = files.create("d/a");
    file->append("xy", {});
    EXPECT_EQ(disks(files), (Disks{"", "a=;", "a=xy;"}));
    file->sync();
    EXPECT_EQ(disks(files), (Disks{"", "a=xy;"}));
    files.sync_folder("d");
    EXPECT_EQ(disks(files), (Disks{"a=xy;"}));
    files.remove("d/a");
    EXPECT_EQ(disks(files), (Disks{"", "a=xy;"}));
    EXPECT_FALSE(files.exists("d/a"));
    files.sync_folder("d");
    EXPECT_EQ(disks(files), (Disks{""}));
}

TEST(CrashFileSystem, AppendsArriveInAnyOrder) {
    CrashFileSystem files(one_folder());
    const auto file = files.create("d/a");
    files.sync_folder("d");
    file->append("x", {});
    file->append("y", {});
    EXPECT_EQ(disks(files), (Disks{"a=;", "a=x;", std::string("a=\0y;", 5), "a=xy;"}));
}

TEST(CrashFileSystem, AFailedSyncLosesWhatItWasForAndNoLaterOneBringsItBack) {
    CrashFileSystem files(one_folder());
    const auto file = files.create("d/a");
    files.sync_folder("d");
    file->append("x", {});
    file->sync();
    file->append("y", {});
    files.lose_unsynced("d/a");
    EXPECT_EQ(disks(files), (Disks{"a=x;"}));
    EXPECT_EQ(read_text_file(files, "d/a"), "xy");
    file->sync();
    EXPECT_EQ(disks(files), (Disks{"a=x;"}));
    file->append("z", {});
    file->sync();
    EXPECT_EQ(disks(files), (Disks{std::string("a=x\0z;", 6)}));
}

TEST(CrashFileSystem, ARenameIsAtomic) {
    CrashFileSystem files(one_folder());
    for (const char* name : {"d/old", "d/new"}) {
        const auto file = files.create(name);
        file->append(name + 2, {});
        file->sync();
    }
    files.sync_folder("d");
    files.rename("d/new", "d/old");
    EXPECT_EQ(disks(files), (Disks{"new=new;old=old;", "old=new;"}));
    files.sync_folder("d");
    EXPECT_EQ(disks(files), (Disks{"old=new;"}));
}

TEST(CrashFileSystem, AFolderNeedsItsNameToo) {
    CrashFileSystem files(one_folder());
    files.create_folder("d/e");
    files.create("d/e/a")->sync();
    files.sync_folder("d/e");
    EXPECT_EQ(disks(files), (Disks{"", "e/a=;"}));
    files.sync_folder("d");
    EXPECT_EQ(disks(files), (Disks{"e/a=;"}));
}

TEST(CrashFileSystem, ALogsPagesArriveOnTheirOwn) {
    CrashFileSystem files(one_folder(), 2);
    const auto log = files.create_log("d/a", 4);
    files.sync_folder("d");
    log->append("xyz", {});
    const std::string zeros(4, '\0');
    EXPECT_EQ(disks(files), (Disks{"a=;", "a=" + zeros + ";", "a=xy;", std::string("a=xy\0\0;", 7),
                                   std::string("a=\0\0z;", 6), std::string("a=\0\0z\0;", 7),
                                   "a=xyz;", std::string("a=xyz\0;", 7)}));
    log->sync();
    EXPECT_EQ(disks(files), (Disks{std::string("a=xyz\0;", 7)}));
    log->close();
    EXPECT_EQ(disks(files), (Disks{std::string("a=xyz\0;", 7), "a=xyz;"}));
}

TEST(CrashFileSystem, AWriteIsCutShort) {
    CrashFileSystem files(one_folder());
    const auto file = files.create("d/a");
    files.sync_folder("d");
    file->append("xyz", {});
    const CrashPoint point = files.crash_point();
    const auto disk = [&](const std::string& choice) {
        return *point.image(*CrashChoice::parse(choice)).files.at("d/a").bytes;
    };
    EXPECT_EQ(disk("1t0:1n"), "x");
    EXPECT_EQ(disk("1t0:1z"), std::string("x\0\0", 3));
    EXPECT_EQ(disk("1t0:2g").size(), 3U);
    EXPECT_EQ(disk("1t0:2g").substr(0, 2), "xy");
    EXPECT_NE(disk("1t0:2g")[2], '\0');
    for (const char* wrong : {"1t", "1t0", "1t0:", "1t0:1", "1x0:1n", "1t0:an", "1ta:1n"})
        EXPECT_FALSE(CrashChoice::parse(wrong)) << wrong;
    EXPECT_EQ(CrashChoice::parse("10t1:12g")->text(), "10t1:12g");
}

TEST(CrashFileSystem, IsAnImageAgain) {
    CrashFileSystem files(one_folder());
    files.create("d/a")->append("xyz", {});
    const CrashPoint point = files.crash_point();
    const DiskImage image = point.image(*CrashChoice::parse("11"));
    CrashFileSystem again(image);
    EXPECT_EQ(disks(again), (Disks{"a=xyz;"}));
    const DiskImage same = again.crash_point().image({});
    EXPECT_EQ(same, image);
    EXPECT_EQ(same.hash(), image.hash());
    EXPECT_NE(point.image(*CrashChoice::parse("10")).hash(), image.hash());
}

}  // namespace
}  // namespace lsm
