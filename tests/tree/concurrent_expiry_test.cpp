// Values that expire and ranges that are deleted, while others read and compactions drop what has
// expired: what is gone stays gone, what is there is found. Meant for ThreadSanitizer too.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include "framework/base/random.hpp"
#include "sanitized.hpp"
#include "tests/tree/crew.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

constexpr uint64_t kWriterCount = 2;
constexpr uint64_t kKeys = 300;  // of each writer
constexpr uint64_t kMillisecond = 1'000'000;

constexpr uint64_t kWrites = kSanitized ? 6000 : 12000;

/// Goes on when it is told to, from any thread.
class SharedClock final : public Clock {
  public:
    uint64_t nanoseconds() override { return now_; }
    void sleep(uint64_t) override { std::this_thread::yield(); }
    std::string utc_time() override { return "2026-01-01T00:00:00Z"; }
    void tick() { now_ += kMillisecond; }

  private:
    std::atomic<uint64_t> now_{5'000 * kMillisecond};
};

/// A value as its writer knows it: gone at the latest, and at the earliest, at these times.
struct Written {
    std::string value;
    uint64_t earliest = UINT64_MAX;
    uint64_t latest = UINT64_MAX;
};

std::string own_key(uint64_t writer, uint64_t key) {
    return std::to_string(writer) + "/" + key_of(key);
}

class ConcurrentExpiryTest : public ::testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        EngineSettings settings = small_settings("skiplist", GetParam());
        settings.memtable_size = 8000;
        settings.table_size = 4000;
        settings.cache_size = 20000;
        if (expires_all()) settings.compaction.options["window"] = {{"20"}, false};
        options = small_options(*files, SyncMode::process, settings);
        options.executor = executor.get();
        options.clock = &clock;
        options.max_waiting_memtables = 2;
    }

    /// A value for ever would keep the tables that hide what is older of its key.
    static bool expires_all() { return std::string(GetParam()) == "cassandra_twcs"; }

    /// Numbers that only grow; values live long or for ever, then for a while shortly, so that
    /// tables expire before what is older. Time goes on by it.
    void write(AnyTree& tree, uint64_t writer) {
        Random random(writer);
        auto& mine = written[writer];
        for (uint64_t number = 1; number <= kWrites && !crew.wrong(); ++number) {
            const uint64_t key = random.below(kKeys);
            const uint64_t dice = random.below(40);
            if (dice == 0) {
                const uint64_t end = std::min(kKeys, key + 1 + random.below(60));
                tree.remove_range(own_key(writer, key), own_key(writer, end));
                mine.erase(mine.lower_bound(own_key(writer, key)),
                           mine.lower_bound(own_key(writer, end)));
            } else if (dice == 1) {
                tree.remove(own_key(writer, key));
                mine.erase(own_key(writer, key));
            } else {
                Written one{std::to_string(number) + std::string(number % 50, '.')};
                if (dice == 2 && !expires_all()) {
                    tree.put(own_key(writer, key), one.value);
                } else {
                    const uint64_t ttl =
                        (number / 400) % 2 == 0 ? 40 + random.below(40) : 1 + random.below(4);
                    one.earliest = clock.nanoseconds() + ttl * kMillisecond;
                    tree.put(own_key(writer, key), one.value, ttl);
                    one.latest = clock.nanoseconds() + ttl * kMillisecond;
                }
                mine[own_key(writer, key)] = one;
            }
            if (number % 20 == 0) clock.tick();
            check(tree, writer, random.below(kKeys));
        }
        writers_left -= 1;
    }

    /// The writer's own key, which nobody else writes.
    void check(const AnyTree& tree, uint64_t writer, uint64_t key) {
        const uint64_t before = clock.nanoseconds();
        const std::optional<std::string> found = tree.get(own_key(writer, key));
        const uint64_t after = clock.nanoseconds();
        const auto known = written[writer].find(own_key(writer, key));
        if (known == written[writer].end() || before >= known->second.latest) {
            if (found) crew.report("what was gone is there: " + own_key(writer, key));
        } else if (found ? *found != known->second.value : after < known->second.earliest) {
            crew.report("another value, or none: " + own_key(writer, key));
        }
    }

    /// A reader sees each key's numbers grow, by gets and by cursors.
    void read(const AnyTree& tree) {
        std::map<std::string, uint64_t> newest;
        Random random(77);
        const auto note = [&](const std::string& key, const std::string& value) {
            const uint64_t number = std::stoull(value);
            if (number < newest[key]) crew.report("an older value came back: " + key);
            newest[key] = number;
        };
        while (writers_left > 0 && !crew.wrong()) {
            for (int i = 0; i < 50; ++i) {
                const std::string key = own_key(random.below(kWriterCount), random.below(kKeys));
                if (const auto value = tree.get(key)) note(key, *value);
            }
            for (const auto& [key, value] : contents(tree)) note(key, value);
            const Snapshot snapshot = tree.snapshot();
            const auto cursor = tree.cursor(snapshot);
            for (cursor->seek_last(); cursor->valid(); cursor->previous())
                note(std::string(cursor->key()), std::string(cursor->value()));
        }
    }

    SharedClock clock;
    std::unique_ptr<FileSystem> files = make_memory_file_system();
    std::unique_ptr<Executor> executor = make_pool_executor(2);
    AnyTree::Options options;
    Crew crew;
    std::array<std::map<std::string, Written>, kWriterCount> written;
    std::atomic<uint64_t> writers_left{kWriterCount};
};

TEST_P(ConcurrentExpiryTest, WhatIsGoneStaysGone) {
    const auto tree = AnyTree::open(options);
    for (uint64_t writer = 0; writer < kWriterCount; ++writer)
        crew.add([&, writer] { write(*tree, writer); });
    crew.add([&] { read(*tree); });
    crew.join();
    tree->settle();
    EXPECT_GT(tree->counters().compactions, 0u);
    if (expires_all()) {
        EXPECT_GT(tree->counters().drops, 0u);
    }
    for (int i = 0; i < 20; ++i) clock.tick();
    const Map content = contents(*tree);
    EXPECT_FALSE(content.empty());
    for (uint64_t writer = 0; writer < kWriterCount; ++writer)
        for (uint64_t key = 0; key < kKeys; ++key) check(*tree, writer, key);
    tree->close();
    EXPECT_EQ(contents(*AnyTree::open(options)), content);
}

INSTANTIATE_TEST_SUITE_P(Strategies, ConcurrentExpiryTest,
                         ::testing::Values("leveling", "partial_leveling", "cassandra_twcs"),
                         [](const auto& tested) { return std::string(tested.param); });

}  // namespace
}  // namespace lsm
