// The search over designs against walking the whole grid.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "framework/model/search.hpp"

namespace lsm::model {
namespace {

/// Every point of the grid; the least, the first of equals.
GridPoint by_walking(const std::vector<size_t>& sizes,
                     const std::function<double(const GridPoint&)>& cost) {
    GridPoint point(sizes.size(), 0);
    GridPoint best = point;
    while (true) {
        if (cost(point) < cost(best)) best = point;
        size_t axis = sizes.size();
        while (axis > 0 && ++point[axis - 1] == sizes[axis - 1]) point[--axis] = 0;
        if (axis == 0) return best;
    }
}

TEST(find_least, finds_what_walking_finds) {
    const std::vector<size_t> sizes{7, 5, 9};
    for (int seed = 0; seed < 50; ++seed) {
        const auto cost = [&](const GridPoint& point) {
            const double a = static_cast<double>(point[0]) - seed % 7;
            const double b = static_cast<double>(point[1]) - seed % 5;
            const double c = static_cast<double>(point[2]) - seed % 9;
            return a * a + b * b + c * c + 0.5 * a * b + std::fabs(c - a);
        };
        EXPECT_EQ(find_least(sizes, cost), by_walking(sizes, cost)) << seed;
    }
}

TEST(find_least, goes_around_points_that_are_not_there) {
    const auto cost = [](const GridPoint& point) {
        if (point[1] > 2) return std::numeric_limits<double>::infinity();
        return 10. - static_cast<double>(point[0]) - static_cast<double>(point[1]);
    };
    EXPECT_EQ(find_least({4, 6}, cost), (GridPoint{3, 2}));
    EXPECT_EQ(find_least({1}, [](const GridPoint&) { return 1.; }), GridPoint{0});
}

TEST(find_least, follows_a_valley_that_no_axis_alone_goes_along) {
    const auto cost = [](const GridPoint& point) {
        const auto a = static_cast<double>(point[0]), b = static_cast<double>(point[1]);
        return 10 * std::fabs(a - b) + std::fabs(a - 6);
    };
    EXPECT_EQ(find_least({9, 9, 2}, cost), (GridPoint{6, 6, 0}));
}

}  // namespace
}  // namespace lsm::model
