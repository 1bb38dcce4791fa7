#include "workloads/displaced_order.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "framework/base/random.hpp"
#include "workloads/draw_table.hpp"

namespace lsm::workloads {

namespace {

constexpr int kPairTries = 64;

}  // namespace

std::vector<uint32_t> displaced_order(uint64_t count, const Sortedness& sortedness, uint64_t seed) {
    std::vector<uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    if (count < 2) return order;
    const auto keys = static_cast<double>(count);
    auto pairs = static_cast<uint64_t>(sortedness.out_of_order * keys / 2 + 0.5);
    const uint64_t farthest =
        std::clamp<uint64_t>(static_cast<uint64_t>(sortedness.displacement * keys), 1, count - 1);
    const ShareTable distances = ShareTable::beta(sortedness.first_shape, sortedness.second_shape);
    Random random = Random::stream(seed, "displaced order");
    const auto in_place = [&](uint64_t place) { return order[place] == place; };
    for (int tries = 0; pairs > 0 && tries < kPairTries; ++tries) {
        const uint64_t one = random.below(count);
        const auto reach = static_cast<double>(farthest);
        const uint64_t distance = 1 + static_cast<uint64_t>(distances.draw(random) * reach);
        const bool down = (random.next() & 1U) != 0;
        if (down ? one < distance : one + distance >= count) continue;
        const uint64_t other = down ? one - distance : one + distance;
        if (!in_place(one) || !in_place(other)) continue;
        std::swap(order[one], order[other]);
        --pairs;
        tries = -1;
    }
    // Few places are free: neighbours among them.
    uint64_t before = count;
    for (uint64_t place = 0; pairs > 0 && place < count; ++place) {
        if (!in_place(place)) continue;
        if (before < place && place - before <= farthest) {
            std::swap(order[before], order[place]);
            --pairs;
            before = count;
        } else {
            before = place;
        }
    }
    return order;
}

}  // namespace lsm::workloads
