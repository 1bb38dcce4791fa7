// How much memory a tree takes, held to what it was given: memtables, cache, and the filters and
// indexes of its tables. Anonymous and shared memory as the operating system counts it, of a child
// process; mapped pages of files are the operating system's to take back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "framework/base/build_info.hpp"
#include "framework/os/posix_file_system.hpp"
#include "tests/os/temp_folder.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

/// RssAnon and RssShmem, bytes.
uint64_t resident() {
    std::ifstream status("/proc/self/status");
    uint64_t bytes = 0;
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:") || line.starts_with("RssShmem:"))
            bytes += std::stoull(line.substr(line.find_first_of("0123456789"))) * 1024;
    }
    return bytes;
}

struct Load {
    const char* name;
    uint64_t writes;
    uint64_t reads;
    uint64_t value;
    uint64_t cache;
};

constexpr uint64_t kMemtable = 4 << 20;
constexpr uint64_t kWaiting = 2;

std::string measure(const std::string& folder, const Load& load) {
    const uint64_t before = resident();
    const auto executor = make_pool_executor(2);
    EngineSettings settings = small_settings();
    settings.memtable_size = kMemtable;
    settings.table_size = 2 << 20;
    settings.block_size = 4096;
    settings.cache_size = load.cache;
    AnyTree::Options options = small_options(posix_file_system(), SyncMode::process, settings);
    options.folder = folder;
    options.executor = executor.get();
    options.max_waiting_memtables = kWaiting;
    options.log_reserve = 1 << 20;
    const auto tree = AnyTree::open(options);
    uint64_t peak = 0;
    const auto look = [&](uint64_t i) {
        if (i % 1024 == 0) peak = std::max(peak, resident() - before);
    };
    const std::string value(load.value, 'v');
    for (uint64_t i = 0; i < load.writes; ++i) {
        tree->put(key_of(i * 7919 % 40'000), value);
        look(i);
    }
    std::string found;
    for (uint64_t i = 0; i < load.reads; ++i) {
        static_cast<void>(tree->get(key_of(i * 104'729 % 40'000), found));
        look(i);
    }
    const EngineCounters counters = tree->counters();
    return std::to_string(peak) + " " + std::to_string(counters.filter_memory_bytes);
}

constexpr Load kLoads[] = {{"writes", 40'000, 0, 1000, 0},
                           {"small_writes", 160'000, 0, 100, 0},
                           {"reads", 40'000, 60'000, 400, 8 << 20}};

/// Run by the test below in a program of its own: memory that other tests gave back would hide
/// what this one takes.
TEST(MemoryBudgetChild, DISABLED_Measures) {
    const std::string folder = std::getenv("LSMLAB_FOLDER");
    const Load& load = kLoads[std::stoul(std::getenv("LSMLAB_LOAD"))];
    write_text_file(posix_file_system(), folder + ".figures", measure(folder, load));
}

class MemoryBudgetTest : public ::testing::TestWithParam<size_t> {};

TEST_P(MemoryBudgetTest, Holds) {
    if (!build_info().sanitizers.empty()) GTEST_SKIP() << "a sanitizer takes memory of its own";
    const TempFolder temp;
    const Load& load = kLoads[GetParam()];
    const std::string command =
        "LSMLAB_FOLDER='" + (temp / "t") + "' LSMLAB_LOAD=" + std::to_string(GetParam()) + " " +
        posix_file_system().real_path("/proc/self/exe") +
        " --gtest_also_run_disabled_tests --gtest_filter='MemoryBudgetChild.*' > /dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    const std::string words = read_text_file(posix_file_system(), temp / "t.figures");
    std::istringstream figures(words);
    uint64_t peak = 0, filters = 0;
    ASSERT_TRUE(figures >> peak >> filters) << words;
    // Indexes belong to it too, and are not counted here: the tree does not tell what they take.
    const uint64_t budget = kMemtable * (1 + kWaiting) + load.cache + filters;
    RecordProperty("peak", static_cast<int>(peak));
    RecordProperty("budget", static_cast<int>(budget));
    EXPECT_LE(peak, budget + budget / 5) << words;
    EXPECT_GE(peak, budget / 2) << "the load did not use what it was given: " << words;
}

INSTANTIATE_TEST_SUITE_P(Loads, MemoryBudgetTest, ::testing::Range<size_t>(0, 3),
                         [](const auto& tested) { return std::string(kLoads[tested.param].name); });

}  // namespace
}  // namespace lsm
