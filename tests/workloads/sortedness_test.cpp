// Orders of arrival: shares and distances of displaced keys, and what a client makes of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "tests/support/map_engine.hpp"
#include "workloads/client.hpp"
#include "workloads/displaced_order.hpp"

namespace lsm::workloads {
namespace {

struct Measured {
    double out_of_place = 0;
    uint64_t farthest = 0;
    double mean_distance = 0;
};

Measured measure(const std::vector<uint32_t>& order) {
    Measured measured;
    uint64_t moved = 0;
    double distances = 0;
    for (uint64_t i = 0; i < order.size(); ++i) {
        const uint64_t distance = order[i] > i ? order[i] - i : i - order[i];
        moved += distance > 0;
        measured.farthest = std::max(measured.farthest, distance);
        distances += static_cast<double>(distance);
    }
    measured.out_of_place = static_cast<double>(moved) / static_cast<double>(order.size());
    measured.mean_distance = moved > 0 ? distances / static_cast<double>(moved) : 0;
    return measured;
}

TEST(DisplacedOrder, HasTheShareAndTheLargestDistance) {
    for (const uint64_t count : {10, 1001, 20000}) {
        for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0}) {
            for (const double farthest : {0.001, 0.05, 1.0}) {
                const auto order = displaced_order(count, {share, farthest, 1, 1}, 7);
                const Measured measured = measure(order);
                const double limit = std::max(1.0, farthest * static_cast<double>(count));
                EXPECT_LE(static_cast<double>(measured.farthest), limit);
                // Pairs: one key may be missing; where all are to move, some find no partner.
                const double missing = 1.0 / static_cast<double>(count) + (share > 0.8 ? 0.2 : 0);
                EXPECT_LE(measured.out_of_place, share + 1.0 / static_cast<double>(count));
                EXPECT_GE(measured.out_of_place, share - missing) << count << " " << farthest;
                for (uint32_t i = 0; i < count; ++i) ASSERT_EQ(order[order[i]], i);
            }
        }
    }
}

TEST(DisplacedOrder, DistancesHaveTheirShape) {
    const auto mean_of = [](double first, double second) {
        return measure(displaced_order(50000, {0.2, 0.01, first, second}, 3)).mean_distance;
    };
    EXPECT_NEAR(mean_of(1, 1), 250, 10);
    EXPECT_NEAR(mean_of(1, 4), 100, 10);
    EXPECT_NEAR(mean_of(8, 2), 400, 10);
}

TEST(DisplacedOrder, IsTheSeeds) {
    const Sortedness sortedness{0.3, 0.1, 1, 1};
    EXPECT_EQ(displaced_order(500, sortedness, 1), displaced_order(500, sortedness, 1));
    EXPECT_NE(displaced_order(500, sortedness, 1), displaced_order(500, sortedness, 2));
}

TEST(DisplacedOrder, ArrivesAtTheStoreSo) {
    for (const double share : {0.0, 0.2}) {
        Phase load;
        load.records = 2000;
        load.value = {10};
        load.order = "sequential";
        load.out_of_order = share;
        load.displacement = 0.01;
        lsm::testing::MapEngine engine;
        engine.record();
        const Workload workload({load}, 5, 1);
        Client client(engine, workload, 0);
        client.begin_phase(0);
        while (client.remaining() > 0) client.step();
        auto sorted = engine.calls();
        std::sort(sorted.begin(), sorted.end());
        uint64_t moved = 0;
        for (uint64_t i = 0; i < sorted.size(); ++i) {
            const auto place = std::lower_bound(sorted.begin(), sorted.end(), engine.calls()[i]);
            const auto distance = std::abs(place - sorted.begin() - static_cast<int64_t>(i));
            moved += distance > 0;
            EXPECT_LE(distance, 20);
        }
        EXPECT_EQ(engine.content().size(), 2000U);
        EXPECT_NEAR(static_cast<double>(moved), 2000 * share, 2);
    }
}

}  // namespace
}  // namespace lsm::workloads
