// Writers that are faster than the disk: compaction must go on beside flushes, and writers must be
// stopped before level 1 grows without bound.
#include <gtest/gtest.h>

#include <atomic>

#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/clock.hpp"
#include "framework/os/executor.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm {
namespace {

TEST(StallTest, ConcurrentCompactionIsNotStarvedByFlushes) {
    EngineSettings settings;
    settings.memtable.policy = "skiplist";
    settings.bloom.policy = "none";
    settings.filter.policy = "bloom";
    settings.format.policy = "plain";
    settings.compaction.policy = "leveling";
    settings.memtable_size = 2048;
    const auto files = make_memory_file_system();
    const auto executor = make_pool_executor(2);
    AnyTree::Options options = tree_options(all_policies(), settings);
    options.files = files.get();
    options.folder = "tree";
    options.clock = &system_clock();
    options.executor = executor.get();
    options.stop_runs = 12;
    std::atomic<uint64_t> flushes{0}, stalls{0}, first_compaction{0};
    options.on_event = [&](const EngineEvent& event) {
        if (event.type == EngineEvent::Type::flush) {
            flushes.fetch_add(1);
            // A slow disk: the next memtable is full long before this one is flushed.
            system_clock().sleep(1'000'000);
        }
        if (event.type == EngineEvent::Type::stall) {
            stalls.fetch_add(1);
            EXPECT_FALSE(event.reason.empty());
        }
        if (event.type == EngineEvent::Type::compaction && first_compaction.load() == 0)
            first_compaction.store(flushes.load());
    };
    const auto tree = AnyTree::open(std::move(options));
    uint64_t most_runs = 0;
    for (int i = 0; i < 6000; ++i) {
        tree->put("key" + std::to_string(i * 7919 % 100'000), std::string(40, 'v'));
        if (i % 20 == 0)
            most_runs = std::max<uint64_t>(most_runs, tree->shape().level(1).runs.size());
    }
    tree->settle();
    EXPECT_GT(flushes.load(), 100u);
    EXPECT_GT(stalls.load(), 0u);
    EXPECT_GT(first_compaction.load(), 0u);
    EXPECT_LT(first_compaction.load(), 40u) << "flushes before the first compaction";
    EXPECT_LE(most_runs, 12u + 10) << "runs on level 1";
    tree->close();
}

}  // namespace
}  // namespace lsm
