// Readers beside one writer, for the memtables that claim to bear them. Worth most under
// ThreadSanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "framework/base/random.hpp"
#include "framework/policy/registry.hpp"

namespace lsm {
namespace {

std::vector<std::string> concurrent_memtables() {
    std::vector<std::string> names;
    for (const auto& policy : all_policies().memtable().policies()) {
        std::vector<OptionProblem> problems;
        const AnyMemtable memtable(policy.make({}, problems));
        if (memtable.readers_beside_writer) names.push_back(policy.name);
    }
    return names;
}

constexpr uint64_t kKeys = 500;
constexpr uint64_t kWrites = 8000;

/// Write number n, counted from 1, is of this key; its value says its number.
std::string key_of(uint64_t number) { return "key" + std::to_string(mix64(number) % kKeys); }

struct Shared {
    explicit Shared(const AnyMemtable::Options& options) : memtable(options) {}
    AnyMemtable memtable;
    std::atomic<uint64_t> written{0};
    std::atomic<int> mistakes{0};
};

/// Each read is of a write that was finished before the read began.
void read_points(Shared& shared, uint64_t seed) {
    Random random(seed);
    while (shared.written.load(std::memory_order_acquire) < kWrites) {
        const uint64_t written = shared.written.load(std::memory_order_acquire);
        if (written == 0) continue;
        const uint64_t number = 1 + random.below(written);
        const std::string key = key_of(number);
        Entry found;
        const bool there = shared.memtable.find(key, number, found);
        if (!there || found.sequence != number || found.value != std::to_string(number)) {
            ++shared.mistakes;
        }
    }
}

/// A scan sees all writes that were finished when its cursor was made, in order.
void read_scans(Shared& shared) {
    uint64_t written = 0;
    EntryBatch batch;
    while (written < kWrites) {
        written = shared.written.load(std::memory_order_acquire);
        const auto cursor = shared.memtable.cursor();
        cursor->seek_first();
        uint64_t seen = 0;
        std::string last_key;
        Sequence last = kMaxSequence + 1;
        while (cursor->next(batch)) {
            for (const Entry& entry : batch) {
                if (entry.sequence <= written) ++seen;
                const bool ordered =
                    entry.key > last_key || (entry.key == last_key && entry.sequence < last);
                if (!ordered || entry.value != std::to_string(entry.sequence)) ++shared.mistakes;
                last_key = entry.key;
                last = entry.sequence;
            }
        }
        if (seen != written) ++shared.mistakes;
    }
}

class MemtableConcurrent : public testing::TestWithParam<std::string> {};

TEST_P(MemtableConcurrent, ReadersSeeWhatWasWrittenBeforeThem) {
    std::vector<OptionProblem> problems;
    Shared shared(all_policies().memtable().find(GetParam())->make({}, problems));
    std::thread points([&] { read_points(shared, 1); });
    std::thread more_points([&] { read_points(shared, 2); });
    std::thread scans([&] { read_scans(shared); });
    for (uint64_t number = 1; number <= kWrites; ++number) {
        const std::string key = key_of(number);
        const std::string value = std::to_string(number);
        shared.memtable.insert(Entry::make(key, value, number, Kind::value));
        shared.written.store(number, std::memory_order_release);
    }
    points.join();
    more_points.join();
    scans.join();
    EXPECT_EQ(shared.mistakes.load(), 0);
}

TEST(MemtableConcurrentPolicies, ThereAreSome) { EXPECT_FALSE(concurrent_memtables().empty()); }

INSTANTIATE_TEST_SUITE_P(Registered, MemtableConcurrent, testing::ValuesIn(concurrent_memtables()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace lsm
