#include "framework/base/epoch.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace lsm {
namespace {

TEST(Epoch, NothingPinnedFreesAtOnce) {
    EpochDomain domain;
    int freed = 0;
    domain.retire([&] { ++freed; });
    EXPECT_EQ(freed, 1);
    EXPECT_EQ(domain.collect(), 0);
}

TEST(Epoch, GuardFromBeforeHoldsBack) {
    EpochDomain domain;
    int freed = 0;
    auto guard = domain.pin();
    domain.retire([&] { ++freed; });
    domain.retire([&] { ++freed; });
    EXPECT_EQ(domain.collect(), 2);
    EXPECT_EQ(freed, 0);
    guard.release();
    EXPECT_EQ(freed, 0) << "a reader does not free";
    EXPECT_EQ(domain.collect(), 0);
    EXPECT_EQ(freed, 2);
}

TEST(Epoch, GuardFromAfterwardsDoesNotHoldBack) {
    EpochDomain domain;
    int freed = 0;
    auto guard = domain.pin();
    domain.retire([&] { ++freed; });
    std::atomic<bool> pinned{false}, done{false};
    // Another thread, since guards of one thread nest.
    std::thread later([&] {
        const auto other = domain.pin();
        pinned = true;
        pinned.notify_one();
        done.wait(false);
    });
    pinned.wait(false);
    EXPECT_EQ(domain.collect(), 1);
    guard.release();
    EXPECT_EQ(domain.collect(), 0);
    EXPECT_EQ(freed, 1);
    done = true;
    done.notify_one();
    later.join();
}

TEST(Epoch, NestedGuardsKeepTheOutermost) {
    EpochDomain domain;
    int freed = 0;
    auto outer = domain.pin();
    domain.retire([&] { ++freed; });
    {
        auto inner = domain.pin();
        auto moved = std::move(inner);
    }
    EXPECT_EQ(domain.collect(), 1);
    outer = EpochDomain::Guard();
    EXPECT_EQ(domain.collect(), 0);
    EXPECT_EQ(freed, 1);
}

TEST(Epoch, DestructorRunsWhatWaits) {
    int freed = 0;
    {
        EpochDomain domain;
        auto guard = domain.pin();
        domain.retire([&] {
            ++freed;
            domain.retire([&] { ++freed; });  // what is freed may retire more
        });
        guard.release();
    }
    EXPECT_EQ(freed, 2);
}

TEST(Epoch, DomainsOfOneThreadDoNotHoldEachOtherBack) {
    int freed = 0;  // outlives the domains, which free the rest when they go
    EpochDomain first, second;
    const auto guard = first.pin();
    for (int i = 0; i < 3; ++i) {
        const auto other = second.pin();
        first.retire([&] { ++freed; });
    }
    second.retire([&] { freed += 10; });
    EXPECT_EQ(freed, 10);
}

TEST(Epoch, ManyDomainsComeAndGo) {
    int freed = 0;
    for (int i = 0; i < 1000; ++i) {
        EpochDomain domain;
        {
            const auto guard = domain.pin();
        }
        domain.retire([&] { ++freed; });
    }
    EXPECT_EQ(freed, 1000);
}

TEST(Epoch, ThreadMayEndAfterItsDomain) {
    auto domain = std::make_unique<EpochDomain>();
    std::atomic<bool> pinned{false}, ended{false};
    std::thread reader([&] {
        {
            const auto guard = domain->pin();
        }
        pinned = true;
        pinned.notify_one();
        ended.wait(false);
    });
    pinned.wait(false);
    domain.reset();
    ended = true;
    ended.notify_one();
    reader.join();
}

/// Says when it is read after it was freed, also without a sanitizer.
struct Version {
    explicit Version(std::atomic<int>& alive) : alive_count(alive) { ++alive_count; }
    ~Version() {
        stamp = 0;
        --alive_count;
    }
    uint64_t stamp = 0x600d;
    std::atomic<int>& alive_count;
};

TEST(Epoch, ConcurrentReadersNeverSeeAFreedVersion) {
    constexpr int kVersions = 5000;
    std::atomic<int> alive{0};
    std::atomic<uint64_t> wrong{0};
    {
        EpochDomain domain;
        std::atomic<Version*> current{new Version(alive)};
        std::atomic<bool> stop{false};
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i) {
            readers.emplace_back([&] {
                while (!stop.load(std::memory_order_relaxed)) {
                    const auto guard = domain.pin();
                    const Version* version = current.load(std::memory_order_acquire);
                    const auto inner = domain.pin();
                    if (version->stamp != 0x600d) ++wrong;
                }
            });
        }
        const auto write = [&](int versions) {
            for (int i = 0; i < versions; ++i) {
                Version* old = current.exchange(new Version(alive), std::memory_order_acq_rel);
                domain.retire([old] { delete old; });
            }
        };
        std::thread other_writer(write, kVersions);
        write(kVersions);
        other_writer.join();
        stop = true;
        for (std::thread& reader : readers) reader.join();
        EXPECT_EQ(domain.collect(), 0);
        EXPECT_EQ(alive, 1);
        delete current.load();
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(alive, 0);
}

TEST(Epoch, ConcurrentShortThreadsShareSlots) {
    EpochDomain domain;
    std::atomic<int> freed{0};
    int retired = 0;
    for (int round = 0; round < 50; ++round) {
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) threads.emplace_back([&] { const auto guard = domain.pin(); });
        domain.retire([&] { ++freed; });
        ++retired;
        for (std::thread& thread : threads) thread.join();
    }
    EXPECT_EQ(domain.collect(), 0);
    EXPECT_EQ(freed, retired);
    EXPECT_LE(domain.slot_count(), 4) << "threads that ended leave theirs to the next";
}

}  // namespace
}  // namespace lsm
