#include "workloads/draw_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "framework/base/math.hpp"

namespace lsm::workloads {

namespace {

constexpr uint64_t kCells = 8192;
constexpr uint64_t kGuides = 4096;

/// Maps [0, 1] onto itself with slope 0 at both ends.
double bend(double share) { return share * share * (3 - 2 * share); }

}  // namespace

ShareTable::ShareTable(std::vector<double> weights, bool bent) : bent_(bent) {
    double sum = 0;
    for (const double one : weights) sum += one;
    cumulative_.reserve(weights.size() + 1);
    cumulative_.push_back(0);
    double below = 0;
    for (const double one : weights) cumulative_.push_back((below += one) / sum);
    cumulative_.back() = 1;
    uint32_t cell = 0;
    for (uint64_t i = 0; i < kGuides; ++i) {
        const double from = static_cast<double>(i) / kGuides;
        while (cumulative_[cell + 1] <= from) ++cell;
        guide_.push_back(cell);
    }
}

ShareTable ShareTable::normal(double mean, double deviation) {
    std::vector<double> weights;
    for (uint64_t i = 0; i < kCells; ++i) {
        const double distance = ((static_cast<double>(i) + 0.5) / kCells - mean) / deviation;
        weights.push_back(exact_exp(-distance * distance / 2));
    }
    return ShareTable(std::move(weights), false);
}

ShareTable ShareTable::beta(double first, double second) {
    // x = bend(s): dx = 6 s (1 - s) ds takes away the infinite density at the ends.
    std::vector<double> logs;
    for (uint64_t i = 0; i < kCells; ++i) {
        const double share = (static_cast<double>(i) + 0.5) / kCells;
        const double x = bend(share);
        const double rest = bend(1 - share);
        logs.push_back((first - 1) * exact_log(x) + (second - 1) * exact_log(rest) +
                       exact_log(share * (1 - share)));
    }
    const double largest = *std::max_element(logs.begin(), logs.end());
    for (double& one : logs) one = exact_exp(one - largest);
    return ShareTable(std::move(logs), true);
}

double ShareTable::draw(Random& random) const {
    const double uniform = random.unit();
    uint32_t cell = guide_[static_cast<uint64_t>(uniform * kGuides)];
    while (cumulative_[cell + 1] <= uniform) ++cell;
    const double width = cumulative_[cell + 1] - cumulative_[cell];
    const double within = (uniform - cumulative_[cell]) / width;
    const double share = (static_cast<double>(cell) + within) / kCells;
    return std::min(bent_ ? bend(share) : share, 1 - 0x1p-53);
}

CountTable::CountTable(double shape, double scale, uint64_t limit) {
    for (uint64_t i = 1; i < limit; ++i) {
        const double x = static_cast<double>(i);
        const double base = 1 + shape * x / scale;
        const double above = shape == 0 ? exact_exp(-x / scale)
                             : base > 0 ? exact_pow(base, -1 / shape)
                                        : 0;
        const double below = 1 - above;
        below_.push_back(below < 1 ? static_cast<uint64_t>(below * 0x1p64) : UINT64_MAX);
    }
}

uint64_t CountTable::at(uint64_t word) const {
    const auto found = std::upper_bound(below_.begin(), below_.end(), word);
    return static_cast<uint64_t>(found - below_.begin()) + 1;
}

}  // namespace lsm::workloads
