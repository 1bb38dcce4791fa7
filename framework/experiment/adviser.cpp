#include "framework/experiment/adviser.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "framework/base/number.hpp"
#include "framework/experiment/settings.hpp"
#include "framework/model/endure.hpp"
#include "framework/model/search.hpp"

namespace lsm::experiment {
namespace {

constexpr double kLeastMemtable = 4096;

/// The values of each axis that a strategy is searched over.
struct Axes {
    std::vector<std::vector<std::string>> values;
    std::vector<std::string> options;  ///< of the strategy; the last axis is bits per key
};

const std::vector<double>& bits_to_try() {
    static const std::vector<double> bits{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20};
    return bits;
}

bool has_option(const std::vector<OptionInfo>& options, const std::string& name) {
    return std::any_of(options.begin(), options.end(),
                       [&](const OptionInfo& info) { return info.name == name; });
}

Axes axes_of(const std::vector<OptionInfo>& options) {
    static const std::vector<std::pair<std::string, std::vector<std::string>>> kTried{
        {"size_ratio",
         {"2", "3", "4", "5", "6", "7", "8", "10", "12", "14", "16", "20", "24", "32", "50", "64",
          "100"}},
        {"upper_runs", {"1", "2", "3", "5", "9"}},
        {"last_runs", {"1", "2", "3"}}};
    Axes axes;
    for (const auto& [name, values] : kTried) {
        if (!has_option(options, name)) continue;
        axes.options.push_back(name);
        axes.values.push_back(values);
    }
    return axes;
}

/// The layouts that a strategy declares, by the point of the grid; nothing where it declares none.
/// Asking for one is most of a design's cost, and sizings and filters do not change it.
using Layouts = std::map<model::GridPoint, std::optional<model::DeclaredLayout>>;

/// One strategy with one sizing, as a function of a point of the grid.
class Candidate {
  public:
    Candidate(const AdviceRequest& request, const PolicyEntry<AnyCompaction>& strategy,
              const PolicyEntry<AnyBloomSizing>& sizing, const PolicyEntry<AnyFilter>& filter,
              Layouts& layouts)
        : request_(request),
          strategy_(strategy),
          sizing_(sizing),
          filter_(filter),
          layouts_(layouts),
          axes_(axes_of(strategy.options)) {}

    std::vector<size_t> sizes() const {
        std::vector<size_t> sizes;
        for (const auto& values : axes_.values) sizes.push_back(values.size());
        sizes.push_back(bits_to_try().size());
        return sizes;
    }

    /// The design at that point; nothing where memory or options do not allow it, or where the
    /// strategy is outside the model.
    std::optional<Advice> design(const model::GridPoint& point) const {
        OptionValues options;
        for (size_t i = 0; i < axes_.options.size(); ++i) {
            options[axes_.options[i]] = {{axes_.values[i][point[i]]}, false};
        }
        const double bits = bits_to_try()[point.back()];
        const double memtable = std::min(request_.memory_bytes - bits * request_.mix.entries / 8,
                                         kLargestMemtableBytes);
        if (memtable < kLeastMemtable) return std::nullopt;
        const auto& layout = layout_at(point, options, memtable);
        if (!layout) return std::nullopt;
        std::vector<OptionProblem> problems;
        const OptionValues sizing_values{{"bits_per_key", {{format_number(bits)}, false}}};
        const auto sizing = sizing_.make(sizing_values, problems);
        const auto filter = filter_.make({}, problems);
        if (!problems.empty()) return std::nullopt;

        Advice advice;
        const model::DataSize data{request_.mix.entries, request_.mix.entry_bytes, memtable,
                                   request_.block_bytes};
        advice.costs = costs_of(*layout, data, AnyBloomSizing(sizing), AnyFilter(filter));
        advice.strategy = strategy_.name;
        advice.memtable_bytes = memtable;
        advice.filter_bits = bits;
        advice.seconds = operation_seconds(advice.costs, request_);
        const std::vector<double> shares = request_.mix.shares();
        const std::vector<double> seconds(advice.seconds.begin(), advice.seconds.end());
        advice.mean_seconds = model::robust_cost(shares, seconds, 0);
        advice.worst_seconds = model::robust_cost(shares, seconds, request_.rho);
        advice.settings.emplace_back("tree.memtable.size",
                                     format_number(static_cast<uint64_t>(memtable)));
        advice.settings.emplace_back("tree.bloom.policy", sizing_.name);
        advice.settings.emplace_back("tree.bloom.bits_per_key", format_number(bits));
        advice.settings.emplace_back("tree.filter.policy", filter_.name);
        advice.settings.emplace_back("tree.compaction.policy", strategy_.name);
        for (const auto& [name, value] : options) {
            advice.settings.emplace_back("tree.compaction." + name, value.items.front());
        }
        return advice;
    }

    /// Every second value of each axis, and the last one.
    template <class Visit>
    void visit_some(Visit visit) const {
        const std::vector<size_t> all = sizes();
        model::GridPoint point(all.size(), 0);
        for (;;) {
            if (const auto made = design(point)) visit(*made);
            size_t axis = 0;
            while (axis < all.size() && point[axis] + 1 == all[axis]) point[axis++] = 0;
            if (axis == all.size()) return;
            point[axis] = std::min(point[axis] + 2, all[axis] - 1);
        }
    }

    std::optional<Advice> best() const {
        const model::GridPoint found =
            model::find_least(sizes(), [&](const model::GridPoint& point) {
                const auto made = design(point);
                return made ? made->worst_seconds : std::numeric_limits<double>::infinity();
            });
        return design(found);
    }

  private:
    const std::optional<model::DeclaredLayout>& layout_at(const model::GridPoint& point,
                                                          const OptionValues& options,
                                                          double memtable) const {
        const auto [place, is_new] = layouts_.try_emplace(point);
        if (!is_new) return place->second;
        std::vector<OptionProblem> problems;
        const auto strategy = strategy_.make(options, problems);
        if (!problems.empty()) return place->second;
        auto made = model::DeclaredLayout::of(AnyCompaction(strategy), memtable);
        if (auto* layout = std::get_if<model::DeclaredLayout>(&made)) {
            place->second = std::move(*layout);
        }
        return place->second;
    }

    const AdviceRequest& request_;
    const PolicyEntry<AnyCompaction>& strategy_;
    const PolicyEntry<AnyBloomSizing>& sizing_;
    const PolicyEntry<AnyFilter>& filter_;
    Layouts& layouts_;
    Axes axes_;
};

/// Costs in the precision in which they are compared: sums that differ in their last bits alone
/// are alike.
float comparable(double cost) { return static_cast<float>(cost); }

/// Costs that the frontier is of: all the less the better.
std::array<float, 4> goals(const Advice& advice) {
    return {comparable(advice.costs.write),
            comparable(advice.costs.empty_lookup + advice.costs.found_lookup),
            comparable(advice.costs.short_range), comparable(advice.costs.space)};
}

/// As good in every goal; better in one, or the same in all.
bool covers(const Advice& left, const Advice& right) {
    const auto a = goals(left);
    const auto b = goals(right);
    for (size_t i = 0; i < a.size(); ++i) {
        if (a[i] > b[i]) return false;
    }
    return true;
}

/// The designs so far that no other is as good as in every goal.
class Frontier {
  public:
    void offer(const Advice& design) {
        for (const Advice& one : designs_) {
            if (covers(one, design)) return;
        }
        std::erase_if(designs_, [&](const Advice& one) { return covers(design, one); });
        designs_.push_back(design);
    }
    std::vector<Advice> take() { return std::move(designs_); }

  private:
    std::vector<Advice> designs_;
};

/// Goals that differ by a factor of at most 1 + `slack`; what is next to nothing is all alike.
bool is_near(const Advice& left, const Advice& right, double slack) {
    constexpr float kNothing = 0.02F;
    const auto a = goals(left);
    const auto b = goals(right);
    for (size_t i = 0; i < a.size(); ++i) {
        const float low = std::min(a[i], b[i]) + kNothing, high = std::max(a[i], b[i]) + kNothing;
        if (static_cast<double>(high) > static_cast<double>(low) * (1 + slack)) return false;
    }
    return true;
}

/// For the workload first; of equals the one that costs less elsewhere, and then the one with fewer
/// options, which is the plainest word for that tree.
bool is_better(const Advice& left, const Advice& right) {
    const float seconds = comparable(left.worst_seconds), other = comparable(right.worst_seconds);
    if (seconds != other) return seconds < other;
    const auto a = goals(left);
    const auto b = goals(right);
    if (a != b) return a < b;
    return left.settings.size() < right.settings.size();
}

}  // namespace

std::array<double, kAdviceOperations> operation_seconds(const model::DesignCosts& costs,
                                                        const AdviceRequest& request) {
    const Device& device = request.device;
    const double block = device.read_seconds + request.block_bytes / device.read_bandwidth;
    const double selected = request.mix.range_length * request.mix.entry_bytes * costs.space;
    const double merged = request.mix.entry_bytes * (costs.write - 1);  // read, and written again
    return {costs.empty_lookup * block, costs.found_lookup * block,
            costs.short_range * block + selected / device.read_bandwidth,
            request.mix.entry_bytes * costs.write / device.write_bandwidth +
                std::max(0.0, merged) / device.read_bandwidth};
}

std::array<double, kAdviceOperations> run_seconds(const RunMetrics& metrics, const Advice& advice,
                                                  const AdviceRequest& request) {
    const auto counted = [&](const char* name) {
        for (const auto& [metric, value] : metrics) {
            if (metric == name) return value;
        }
        return std::nan("");
    };
    const Device& device = request.device;
    const double block = device.read_seconds + request.block_bytes / device.read_bandwidth;
    const double selected = request.mix.range_length * request.mix.entry_bytes;
    std::array<double, kAdviceOperations> seconds{
        counted("read_amplification_empty") * block, counted("read_amplification_found") * block,
        counted("mean_runs") * device.read_seconds +
            counted("range_read_amplification") * selected / device.read_bandwidth,
        request.mix.entry_bytes *
            (counted("write_amplification") / device.write_bandwidth +
             counted("compaction_bytes_read") / counted("user_bytes") / device.read_bandwidth)};
    for (size_t i = 0; i < seconds.size(); ++i) {
        if (std::isnan(seconds[i])) seconds[i] = advice.seconds[i];
    }
    return seconds;
}

double worst_mean(const std::array<double, kAdviceOperations>& seconds,
                  const AdviceRequest& request) {
    return model::robust_cost(request.mix.shares(), {seconds.begin(), seconds.end()}, request.rho);
}

std::vector<Advice> advise(const AdviceRequest& request, const Registry& registry) {
    std::vector<Advice> all;
    const auto& filters = registry.filter().policies();
    if (filters.empty()) return all;
    for (const auto& strategy : registry.compaction().policies()) {
        std::optional<Advice> best;
        Layouts layouts;
        for (const auto& sizing : registry.bloom().policies()) {
            if (!has_option(sizing.options, "bits_per_key")) continue;
            for (const auto& filter : filters) {
                auto made = Candidate(request, strategy, sizing, filter, layouts).best();
                if (made && (!best || is_better(*made, *best))) {
                    best = std::move(made);
                }
            }
        }
        if (best) all.push_back(std::move(*best));
    }
    std::stable_sort(all.begin(), all.end(), is_better);
    return all;
}

std::vector<Advice> advice_frontier(const AdviceRequest& request, const Registry& registry,
                                    std::vector<Advice>& best) {
    Frontier frontier;
    for (const Advice& one : best) frontier.offer(one);
    for (const auto& strategy : registry.compaction().policies()) {
        Layouts layouts;
        for (const auto& sizing : registry.bloom().policies()) {
            if (!has_option(sizing.options, "bits_per_key")) continue;
            for (const auto& filter : registry.filter().policies()) {
                Candidate(request, strategy, sizing, filter, layouts)
                    .visit_some([&](const Advice& design) { frontier.offer(design); });
            }
        }
    }
    std::vector<Advice> designs = frontier.take();
    std::stable_sort(designs.begin(), designs.end(), is_better);
    for (Advice& one : designs) one.on_frontier = true;
    for (Advice& one : best) {
        one.on_frontier = std::any_of(designs.begin(), designs.end(), [&](const Advice& other) {
            return goals(other) == goals(one);
        });
    }
    return designs;
}

std::vector<Advice> spread_out(const std::vector<Advice>& designs, size_t most) {
    for (double slack = 0.05;; slack *= 1.5) {
        std::vector<Advice> kept;
        for (const Advice& one : designs) {
            const bool is_new = std::none_of(kept.begin(), kept.end(), [&](const Advice& other) {
                return is_near(one, other, slack);
            });
            if (is_new) kept.push_back(one);
        }
        if (kept.size() > most) continue;
        std::stable_sort(kept.begin(), kept.end(), [](const Advice& left, const Advice& right) {
            return goals(left) < goals(right);
        });
        return kept;
    }
}

}  // namespace lsm::experiment
