// kill -9 in `process` mode: a child writes from several threads and notes each acknowledgement in
// memory that it shares with its parent, who kills it at some moment and opens what is left. Every
// entry that was acknowledged must be there, unless a range delete removed it that was acknowledged
// too, and the order of each thread's writes.
//
// LSMLAB_KILL_ENTRIES=5000000 writes that many entries in all (60000 without it),
// LSMLAB_KILL_ROUNDS kills that often, LSMLAB_KILL_FOLDER says where.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <time.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include "framework/base/random.hpp"
#include "tests/os/child_process.hpp"
#include "tests/os/temp_folder.hpp"
#include "tests/tree/tree_support.hpp"

namespace lsm {
namespace {

using namespace test;

constexpr uint64_t kThreads = 4;

uint64_t number_from(const char* variable, uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr ? std::stoull(text) : otherwise;
}

/// How many entries of each thread are acknowledged.
struct Shared {
    std::atomic<uint64_t> acknowledged[kThreads];
};

/// 16 bytes of key, spread over the key space; 100 bytes of value.
std::string entry_key(uint64_t thread, uint64_t number) {
    std::string digits = std::to_string((number * 2654435761u) % 4294967296u);
    digits.insert(0, 10 - digits.size(), '0');
    return digits + "-th" + std::to_string(thread) + "--";
}
std::string entry_value(uint64_t thread, uint64_t number) {
    std::string value = std::to_string(number) + "/" + std::to_string(thread);
    value.resize(100, '.');
    return value;
}

/// Every so many writes of a thread one is a range delete, of the entry before it.
bool removes(uint64_t number) { return number % 50 == 49; }

void write_entries(AnyTree& tree, Shared& shared, uint64_t each) {
    std::vector<std::thread> threads;
    for (uint64_t thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            for (uint64_t number = shared.acknowledged[thread]; number < each; ++number) {
                const std::string before = entry_key(thread, number - 1);
                if (removes(number)) {
                    tree.remove_range(before, before + '\0');
                } else {
                    tree.put(entry_key(thread, number), entry_value(thread, number));
                }
                shared.acknowledged[thread].store(number + 1, std::memory_order_release);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
}

uint64_t total(const Shared& shared) {
    uint64_t sum = 0;
    for (const auto& count : shared.acknowledged) sum += count;
    return sum;
}

TEST(KillTest, NothingAcknowledgedIsLost) {
    const uint64_t entries = number_from("LSMLAB_KILL_ENTRIES", 60000), each = entries / kThreads;
    const uint64_t rounds = number_from("LSMLAB_KILL_ROUNDS", 6);
    const char* folder = std::getenv("LSMLAB_KILL_FOLDER");
    const TempFolder temporary;
    void* memory =
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    Shared& shared = *new (memory) Shared();
    EngineSettings settings = small_settings();
    settings.memtable_size = std::max<uint64_t>(20000, entries);
    settings.table_size = settings.memtable_size * 2;
    AnyTree::Options options = small_options(posix_file_system(), SyncMode::process, settings);
    options.folder = (folder != nullptr ? std::string(folder) : temporary.path()) + "/tree";
    options.log_reserve = 65536;
    ASSERT_FALSE(posix_file_system().exists(options.folder)) << options.folder << " must be new";

    Random random(static_cast<uint64_t>(::time(nullptr)));
    for (uint64_t round = 0; round < rounds; ++round) {
        const bool last = round + 1 == rounds;
        ChildProcess child([&](ChildProcess&) {
            const auto executor = make_pool_executor(2);
            auto own = options;
            own.executor = executor.get();
            own.clock = &system_clock();
            const auto tree = AnyTree::open(own);
            write_entries(*tree, shared, each);
            return std::string("all written");
        });
        // Kills at some number of acknowledgements, not at some time: that is as random, and no
        // round is empty.
        const uint64_t left = each * kThreads - total(shared);
        const uint64_t target =
            total(shared) + (last ? left : random.below(left / (rounds - round) * 2 + 1));
        for (int waits = 0; total(shared) < target && waits < 3'000'000; ++waits) {
            const timespec pause{0, 100'000};
            ::nanosleep(&pause, nullptr);
        }
        child.kill();
        uint64_t acknowledged[kThreads];
        for (uint64_t thread = 0; thread < kThreads; ++thread)
            acknowledged[thread] = shared.acknowledged[thread];
        ASSERT_GE(total(shared), target);

        const auto tree = AnyTree::open(options);
        uint64_t lost = 0;
        for (uint64_t thread = 0; thread < kThreads; ++thread) {
            for (uint64_t number = 0; number < acknowledged[thread]; ++number) {
                const auto got = tree->get(entry_key(thread, number));
                if (removes(number) || (removes(number + 1) && number + 1 < acknowledged[thread])) {
                    if (got) ++lost;
                } else if (got != entry_value(thread, number)) {
                    // The range delete behind it may have been on its way.
                    if (got || !removes(number + 1)) ++lost;
                }
            }
            // One more may have been on its way, never two.
            EXPECT_FALSE(tree->get(entry_key(thread, acknowledged[thread] + 1)).has_value());
        }
        ASSERT_EQ(lost, 0u) << "of " << total(shared) << " acknowledged in round " << round;
        tree->close();
    }
    EXPECT_EQ(total(shared), each * kThreads);
    ::munmap(memory, sizeof(Shared));
}

}  // namespace
}  // namespace lsm
