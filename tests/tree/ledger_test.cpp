// The ledger against what the operating system counted for this process, over a whole run on a real
// disk.
//
// The kernel counts in /proc/self/io what passed through write calls (wchar), and the pages that
// were dirtied (write_bytes). The log is a mapped file: it passes no write call, and shows in the
// pages.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "framework/base/random.hpp"
#include "framework/engines/lsmlab_engine.hpp"

namespace lsm {
namespace {

uint64_t process_counter(const std::string& name) {
    std::ifstream file("/proc/self/io");
    std::string word;
    uint64_t value = 0;
    while (file >> word >> value) {
        if (word == name + ":") return value;
    }
    ADD_FAILURE() << "/proc/self/io has no " << name;
    return 0;
}

EngineSettings settings_on_disk(const std::string& folder) {
    EngineSettings settings;
    settings.memtable.policy = "skiplist";
    settings.bloom.policy = "uniform";
    settings.filter.policy = "bloom";
    settings.format.policy = "row_block";
    settings.compaction.policy = "leveling";
    settings.memtable_size = 256 << 10;
    settings.table_size = 256 << 10;
    settings.storage = folder;
    return settings;
}

TEST(LedgerTest, AgreesWithTheOperatingSystem) {
    const auto folder =
        std::filesystem::current_path() / ("ledger-test-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder);
    const uint64_t calls_before = process_counter("wchar");
    const uint64_t pages_before = process_counter("write_bytes");

    AnyTree::Options options = tree_options(all_policies(), settings_on_disk(folder));
    options.folder = folder;
    auto tree = AnyTree::open(std::move(options));
    Random random(42);
    for (int i = 0; i < 60'000; ++i) {
        tree->put("key" + std::to_string(random.below(50'000)),
                  std::string(100, static_cast<char>('a' + i % 26)));
    }
    tree->close();
    const LedgerSnapshot ledger = tree->ledger();
    const EngineCounters counters = tree->counters();
    tree.reset();

    uint64_t through_calls = 0;
    for (int cause = 0; cause < kCauseCount; ++cause) {
        if (static_cast<Cause>(cause) != Cause::log)
            through_calls += ledger.total(static_cast<Cause>(cause)).written_bytes;
    }
    const uint64_t log = ledger.total(Cause::log).written_bytes;
    const uint64_t calls = process_counter("wchar") - calls_before;
    const uint64_t pages = process_counter("write_bytes") - pages_before;
    EXPECT_GT(counters.compactions, 5u);
    EXPECT_GT(log, 60'000u * 100);

    // Everything but the log passes write calls; the lock file's few words are the only bytes
    // outside the ledger.
    EXPECT_GE(calls, through_calls);
    EXPECT_LE(calls, through_calls + 4096);

    // Pages: each file is rounded up, and a page that straddles two writes may count twice. 0: a
    // file system that dirties none (tmpfs).
    const uint64_t files = counters.flushes * 3 + counters.compactions * 64 + 16;
    if (pages > 0) {
        EXPECT_GE(pages, through_calls + log);
        EXPECT_LE(pages, (through_calls + log) * 11 / 10 + files * 4096);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace lsm
