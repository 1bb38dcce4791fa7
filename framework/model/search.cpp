#include "framework/model/search.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lsm::model {
namespace {

class Search {
  public:
    Search(const std::vector<std::size_t>& sizes,
           const std::function<double(const GridPoint&)>& cost)
        : sizes_(sizes), cost_(cost) {}

    GridPoint run() {
        GridPoint best;
        for (const GridPoint& start : starts()) {
            const GridPoint found = descend(start);
            if (best.empty() || better(found, best)) best = found;
        }
        return best;
    }

  private:
    static constexpr std::size_t kStartsByAxis = 3;

    double at(const GridPoint& point) {
        const auto known = known_.find(point);
        if (known != known_.end()) return known->second;
        return known_[point] = cost_(point);
    }

    bool better(const GridPoint& left, const GridPoint& right) {
        return std::pair(at(left), left) < std::pair(at(right), right);
    }

    /// The first, the last and the middle value of each axis, in all combinations.
    std::vector<GridPoint> starts() const {
        std::vector<GridPoint> points{{}};
        for (const std::size_t size : sizes_) {
            std::vector<std::size_t> values;
            for (std::size_t i = 0; i < kStartsByAxis; ++i) {
                const std::size_t value = (size - 1) * i / (kStartsByAxis - 1);
                if (values.empty() || values.back() != value) values.push_back(value);
            }
            std::vector<GridPoint> longer;
            for (const GridPoint& point : points) {
                for (const std::size_t value : values) {
                    longer.push_back(point);
                    longer.back().push_back(value);
                }
            }
            points = std::move(longer);
        }
        return points;
    }

    /// Two axes at a time: what one alone makes dearer, as filters at the cost of the memtable, may
    /// pay with another.
    GridPoint descend(GridPoint point) {
        for (bool helped = true; helped;) {
            const GridPoint before = point;
            for (std::size_t first = 0; first < sizes_.size(); ++first) {
                for (std::size_t second = first; second < sizes_.size(); ++second) {
                    if (first != second || sizes_.size() == 1) {
                        point = least_over(point, first, second);
                    }
                }
            }
            helped = point != before;
        }
        return point;
    }

    /// The least of the points that differ from this one in these axes alone.
    GridPoint least_over(const GridPoint& point, std::size_t first, std::size_t second) {
        GridPoint best = point;
        GridPoint other = point;
        for (std::size_t i = 0; i < sizes_[first]; ++i) {
            for (std::size_t j = 0; j < sizes_[second]; ++j) {
                other[first] = i;
                other[second] = j;
                if (better(other, best)) best = other;
            }
        }
        return best;
    }

    const std::vector<std::size_t>& sizes_;
    const std::function<double(const GridPoint&)>& cost_;
    std::map<GridPoint, double> known_;
};

}  // namespace

GridPoint find_least(const std::vector<std::size_t>& sizes,
                     const std::function<double(const GridPoint&)>& cost) {
    return Search(sizes, cost).run();
}

}  // namespace lsm::model
