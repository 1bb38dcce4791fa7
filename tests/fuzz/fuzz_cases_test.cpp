// Every fuzz target over its seeds and over what once was a finding, with any compiler.
// LSMLAB_REWRITE=1 writes the seeds anew.
#include <gtest/gtest.h>

#include <cstdlib>

#include "framework/os/file_system.hpp"
#include "source_dir.hpp"
#include "tests/fuzz/fuzz_seeds.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::fuzz {
namespace {

const std::string kHere = std::string(LSMLAB_SOURCE_DIR) + "/tests/fuzz";

uint64_t run_all(const Target& target, const std::string& folder) {
    FileSystem& files = posix_file_system();
    if (!files.exists(folder)) return 0;
    uint64_t count = 0;
    for (const std::string& name : files.list(folder)) {
        SCOPED_TRACE(folder + "/" + name);
        target.run(test::file_bytes(files, folder + "/" + name));
        ++count;
    }
    return count;
}

TEST(FuzzCases, SeedsAndFindingsRunThrough) {
    FileSystem& files = posix_file_system();
    if (std::getenv("LSMLAB_REWRITE") != nullptr) {
        for (const Seed& seed : make_seeds()) {
            files.create_folder(kHere + "/seeds/" + seed.target);
            test::write_file(files, kHere + "/seeds/" + seed.target + "/" + seed.name, seed.bytes);
        }
    }
    for (const Target& target : all_targets()) {
        EXPECT_GT(run_all(target, kHere + "/seeds/" + target.name), 1u) << target.name;
        run_all(target, kHere + "/found/" + target.name);
    }
}

/// Small damage of each seed: a short run of the fuzzer's kind, without a fuzzer.
TEST(FuzzCases, SeedsWithAFlippedOrMissingByteRunThrough) {
    for (const Seed& seed : make_seeds()) {
        for (const Target& target : all_targets()) {
            if (target.name != seed.target || seed.target == "operations") continue;
            for (size_t at = 0; at < seed.bytes.size(); at += 1 + seed.bytes.size() / 60) {
                std::string flipped = seed.bytes;
                flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
                target.run(flipped);
                target.run(seed.bytes.substr(0, at));
            }
        }
    }
}

}  // namespace
}  // namespace lsm::fuzz
