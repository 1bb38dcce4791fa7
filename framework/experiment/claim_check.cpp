#include "framework/experiment/claim_check.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "framework/base/math.hpp"
#include "framework/base/number.hpp"
#include "framework/experiment/claim_binding.hpp"
#include "framework/experiment/claim_measured.hpp"
#include "framework/experiment/entry_names.hpp"
#include "framework/experiment/settings.hpp"
#include "framework/experiment/statistics.hpp"
#include "framework/experiment/sweep.hpp"

namespace lsm::experiment {
namespace {

/// Why a point has no value.
struct NoValue {
    std::string reason;
};

/// Computes both sides of a claim at one point of the free axes.
class Evaluator {
  public:
    Evaluator(const Experiment& experiment, const BoundClaim& bound, const MetricOf& metric_of)
        : experiment_(experiment), bound_(bound), metric_of_(metric_of) {}

    /// Throws NoValue.
    double evaluate(const Expression& expression, const std::vector<size_t>& point) {
        const double value = compute(expression, point);
        if (!std::isfinite(value)) {
            throw NoValue{"a division by zero, or a number that is too large"};
        }
        return value;
    }

    double left(const Claim& claim, const std::vector<size_t>& point) {
        next_metric_ = 0;
        return evaluate(claim.left, point);
    }
    double right(const Claim& claim, const std::vector<size_t>& point) {
        next_metric_ = bound_.left_metrics;
        return evaluate(claim.right, point);
    }
    /// Of the trial that the side's first metric picks. Throws NoValue.
    double metric_of_side(const std::string& name, bool right_side,
                          const std::vector<size_t>& point) const {
        const size_t first = right_side ? bound_.left_metrics : 0;
        return mean_of(name, trial_at(bound_.picks[first], point));
    }

    /// The right side's curve along the claim's axis, read off where its metric is what the left
    /// side's is at `point`; nothing beyond the curve's ends. Between points it is straight over a
    /// logarithmic axis, as curves that fall exponentially are, or over a plain one where a value
    /// is not above 0. Throws NoValue.
    std::optional<double> right_at_equal(const Claim& claim, std::vector<size_t> point) {
        const std::string& metric = claim.at_equal->metric;
        const double wanted = metric_of_side(metric, false, point);
        std::vector<std::pair<double, double>> curve;
        for (size_t entry = 0; entry < experiment_.axes[*bound_.curve_axis].entries.size();
             ++entry) {
            point[*bound_.curve_axis] = entry;
            curve.emplace_back(metric_of_side(metric, true, point), right(claim, point));
        }
        std::sort(curve.begin(), curve.end());
        return read_off(curve, wanted);
    }

    /// From here on a metric is that of this repeat (from 0) alone; of all of them for none.
    void choose_repeat(std::optional<uint64_t> repeat) { repeat_ = repeat; }

    /// The right side as the claim means it: nothing where the left one is beyond its curve.
    std::optional<double> right_of(const Claim& claim, const std::vector<size_t>& point) {
        return claim.at_equal ? right_at_equal(claim, point) : right(claim, point);
    }

    /// The trials that the claim's metrics pick at a point.
    std::vector<size_t> trials_at(const std::vector<size_t>& point) const {
        std::vector<size_t> trials;
        for (const Picks& picks : bound_.picks) {
            trials.push_back(trial_at(picks, point));
        }
        return trials;
    }

  private:
    double compute(const Expression& expression, const std::vector<size_t>& point) {
        using Kind = Expression::Kind;
        if (expression.kind == Kind::number) {
            return expression.number;
        }
        if (expression.kind == Kind::metric) {
            return metric(expression, point);
        }
        const double left = compute(expression.operands[0], point);
        if (expression.kind == Kind::negate) {
            return -left;
        }
        const double right = compute(expression.operands[1], point);
        switch (expression.kind) {
            case Kind::add:
                return left + right;
            case Kind::subtract:
                return left - right;
            case Kind::multiply:
                return left * right;
            default:
                return left / right;
        }
    }

    static std::optional<double> read_off(const std::vector<std::pair<double, double>>& curve,
                                          double wanted) {
        for (size_t i = 0; i < curve.size(); ++i) {
            if (curve[i].first == wanted) return curve[i].second;
            if (i == 0 || wanted < curve[i - 1].first || wanted > curve[i].first) continue;
            const auto [x0, y0] = curve[i - 1];
            const auto [x1, y1] = curve[i];
            const double share = (wanted - x0) / (x1 - x0);
            if (y0 > 0 && y1 > 0) return y0 * exact_exp(share * exact_log(y1 / y0));
            return y0 + share * (y1 - y0);
        }
        return std::nullopt;
    }

    size_t trial_at(const Picks& picks, std::vector<size_t> entries) const {
        for (const auto& [axis, entry] : picks) {
            entries[axis] = entry;
        }
        return experiment_.trial_of_point[point_of(experiment_.axes, entries)];
    }

    double metric(const Expression& expression, const std::vector<size_t>& point) {
        return mean_of(expression.metric, trial_at(bound_.picks[next_metric_++], point));
    }

    double mean_of(std::string name, size_t first) const {
        if (name.starts_with(kFinalPrefix)) {
            name = name.substr(kFinalPrefix.size());
        }
        std::vector<double> values;
        const uint64_t from = repeat_.value_or(0);
        const uint64_t to = repeat_ ? from + 1 : experiment_.repeat;
        for (uint64_t repeat = from; repeat < to; ++repeat) {
            const size_t trial = first + repeat * experiment_.trials_per_repeat;
            const auto value = metric_of_(trial, name);
            if (!value || std::isnan(*value)) {
                throw NoValue{fmt::format("trial {} has no value of {}", trial + 1, name)};
            }
            values.push_back(*value);
        }
        return estimate(values).mean;
    }

    const Experiment& experiment_;
    const BoundClaim& bound_;
    const MetricOf& metric_of_;
    size_t next_metric_ = 0;
    std::optional<uint64_t> repeat_;
};

bool relation_holds(const Claim& claim, double left, double right) {
    switch (claim.relation) {
        case Relation::less:
            return left < right;
        case Relation::less_equal:
            return left <= right;
        case Relation::greater:
            return left > right;
        case Relation::greater_equal:
            return left >= right;
        case Relation::equal:
            return left == right;
        case Relation::not_equal:
            return left != right;
        case Relation::about:
            return std::fabs(left - right) <= claim.within_percent / 100 * std::fabs(right);
    }
    return false;
}

/// By how much a relation holds; below 0 it does not. Nothing for relations without a margin.
std::optional<double> margin(const Claim& claim, double left, double right) {
    switch (claim.relation) {
        case Relation::less:
        case Relation::less_equal:
            return right - left;
        case Relation::greater:
        case Relation::greater_equal:
            return left - right;
        case Relation::about:
            return claim.within_percent / 100 * std::fabs(right) - std::fabs(left - right);
        default:
            return std::nullopt;
    }
}

/// Both sides for each repeat alone; nothing without repeats, or where some repeat has no value.
std::optional<ClaimDifference> difference_at(const Claim& claim, uint64_t repeats,
                                             const std::vector<size_t>& point,
                                             Evaluator& evaluator) {
    std::vector<double> differences, margins;
    for (uint64_t repeat = 0; repeats > 1 && repeat < repeats; ++repeat) {
        evaluator.choose_repeat(repeat);
        try {
            const double left = evaluator.left(claim, point);
            const auto right = evaluator.right_of(claim, point);
            if (!right) break;
            differences.push_back(left - *right);
            margins.push_back(margin(claim, left, *right).value_or(0));
        } catch (const NoValue&) {
            break;
        }
    }
    evaluator.choose_repeat(std::nullopt);
    if (repeats < 2 || differences.size() != repeats) return std::nullopt;
    const Estimate known = estimate(differences);
    return ClaimDifference{known.mean, known.low, known.high, estimate(margins).may_be_zero()};
}

std::string point_text(const Experiment& experiment, const std::vector<size_t>& free_axes,
                       const std::vector<size_t>& point) {
    std::string text;
    for (const size_t axis : free_axes) {
        const SweepEntry& entry = experiment.axes[axis].entries[point[axis]];
        for (const Assignment& one : entry.assignments) {
            if (entry.has_name() && !is_names_path(one.path)) continue;
            text += (text.empty() ? "" : ", ") + short_path(experiment.axes, one.path) + "=" +
                    yaml_text(one.value);
        }
    }
    return text;
}

Verdict worse(Verdict left, Verdict right) {
    if (left == Verdict::fails || right == Verdict::fails) {
        return Verdict::fails;
    }
    return left == Verdict::error || right == Verdict::error ? Verdict::error : Verdict::holds;
}

}  // namespace

MetricSource metric_source(const Experiment& experiment) {
    const auto& trials = experiment.trials;
    const bool estimate =
        !trials.empty() && std::all_of(trials.begin(), trials.end(), [](const Trial& trial) {
            return trial.engine == "estimate";
        });
    return {experiment.mode == Mode::realtime, estimate};
}

bool check_metrics(const Claim& claim, const Experiment& experiment, const MetricNames& metrics,
                   Problems& problems) {
    bool good = true;
    std::vector<const Expression*> used;
    collect_metrics(claim.left, used);
    collect_metrics(claim.right, used);
    const MetricSource source = metric_source(experiment);
    for (const Expression* one : used) {
        if (auto wrong = metrics.problem(one->metric, source)) {
            problems.add(claim.part(one->span), *wrong);
            good = false;
        }
    }
    if (used.empty()) {
        problems.add(claim.place, "this claim has no metric in it");
        good = false;
    }
    if (claim.at_equal) {
        const auto wrong = metrics.problem(claim.at_equal->metric, source);
        if (wrong) {
            problems.add(claim.part(claim.at_equal->metric_span), *wrong);
            good = false;
        }
    }
    return good;
}

/// Where the engine is swept, what each of the claim's metrics is asked of.
bool check_picked_metrics(const Claim& claim, const Experiment& experiment, const BoundClaim& bound,
                          const MetricNames& metrics, Problems& problems) {
    std::vector<const Expression*> used;
    collect_metrics(claim.left, used);
    collect_metrics(claim.right, used);
    const MetricOf none;
    const Evaluator evaluator(experiment, bound, none);
    bool good = true;
    for (const std::vector<size_t>& point : bound.points) {
        const std::vector<size_t> trials = evaluator.trials_at(point);
        for (size_t i = 0; i < used.size(); ++i) {
            const bool estimate = experiment.trials[trials[i]].engine == "estimate";
            const MetricSource source{experiment.mode == Mode::realtime, estimate};
            if (const auto wrong = metrics.problem(used[i]->metric, source)) {
                problems.add(claim.part(used[i]->span), *wrong);
                good = false;
            }
        }
    }
    return good;
}

bool bind_claim(Claim& claim, const Experiment& experiment, const std::vector<SweepAxis>& written,
                const MetricNames& metrics, Problems& problems) {
    bool good = check_metrics(claim, experiment, metrics, problems);
    const BoundClaim bound = experiment::bind(claim, experiment.axes);
    if (!bound.problems.empty() && experiment::bind(claim, written).problems.empty()) {
        claim.not_asked = bound.problems.front().message;
        return good;
    }
    for (const BindingProblem& problem : bound.problems) {
        problems.add(claim.part(problem.span), problem.message);
        good = false;
    }
    return good && check_picked_metrics(claim, experiment, bound, metrics, problems);
}

ClaimResult check_claim(const Claim& claim, const Experiment& experiment,
                        const MetricOf& metric_of) {
    ClaimResult result;
    result.text = claim.text;
    result.notes = claim.notes;
    if (!claim.not_asked.empty()) {
        result.verdict = Verdict::not_asked;
        result.reason = claim.not_asked;
        return result;
    }
    result.verdict = Verdict::holds;
    const BoundClaim bound = experiment::bind(claim, experiment.axes);
    Evaluator evaluator(experiment, bound, metric_of);
    const Claim measured = measured_claim(claim);
    std::set<std::vector<size_t>> seen;
    for (const std::vector<size_t>& point : bound.points) {
        // Points that differ in nothing that the picked trials have are one.
        if (!seen.insert(evaluator.trials_at(point)).second) {
            continue;
        }
        ClaimPoint row;
        row.where = point_text(experiment, bound.free_axes, point);
        try {
            row.left = evaluator.left(claim, point);
            row.right = evaluator.right_of(claim, point);
            if (!row.right) continue;  // the left side is beyond the ends of the right one's curve
            row.verdict =
                relation_holds(claim, *row.left, *row.right) ? Verdict::holds : Verdict::fails;
            if (has_metric(claim.left)) row.measured_left = evaluator.left(measured, point);
            if (has_metric(claim.right)) row.measured_right = evaluator.right_of(measured, point);
            row.difference = difference_at(claim, experiment.repeat, point, evaluator);
        } catch (const NoValue& none) {
            row.verdict = Verdict::error;
            row.reason = none.reason;
        }
        result.verdict = worse(result.verdict, row.verdict);
        result.points.push_back(std::move(row));
    }
    if (result.points.empty()) {
        result.verdict = Verdict::error;
        result.reason = "the two sides have no range of " + claim.at_equal->metric + " in common";
    } else if (result.verdict == Verdict::error) {
        for (const ClaimPoint& row : result.points) {
            if (row.verdict == Verdict::error) {
                result.reason = row.reason;
                break;
            }
        }
    }
    if (!claim.notes.because.empty() && result.verdict != Verdict::error) {
        const bool holds = result.verdict == Verdict::holds;
        result.verdict = holds ? Verdict::fails : Verdict::differs;
        result.reason =
            holds ? "it is marked as one that does not reproduce, and holds" : claim.notes.because;
    }
    return result;
}

}  // namespace lsm::experiment
