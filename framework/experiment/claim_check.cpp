#include "framework/experiment/claim_check.hpp"

#include <cmath>
#include <set>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/experiment/claim_binding.hpp"
#include "framework/experiment/settings.hpp"
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

    /// Metrics are met in the order of the text, on both sides together.
    void start_point() { next_metric_ = 0; }

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

    size_t trial_at(const Picks& picks, std::vector<size_t> entries) const {
        for (const auto& [axis, entry] : picks) {
            entries[axis] = entry;
        }
        return experiment_.trial_of_point[point_of(experiment_.axes, entries)];
    }

    double metric(const Expression& expression, const std::vector<size_t>& point) {
        const size_t first = trial_at(bound_.picks[next_metric_++], point);
        std::string name = expression.metric;
        if (name.starts_with(kFinalPrefix)) {
            name = name.substr(kFinalPrefix.size());
        }
        double sum = 0;
        for (uint64_t repeat = 0; repeat < experiment_.repeat; ++repeat) {
            const size_t trial = first + repeat * experiment_.trials_per_repeat;
            const auto value = metric_of_(trial, name);
            if (!value || std::isnan(*value)) {
                throw NoValue{fmt::format("trial {} has no value of {}", trial + 1, name)};
            }
            sum += *value;
        }
        return sum / static_cast<double>(experiment_.repeat);
    }

    const Experiment& experiment_;
    const BoundClaim& bound_;
    const MetricOf& metric_of_;
    size_t next_metric_ = 0;
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

std::string point_text(const Experiment& experiment, const std::vector<size_t>& free_axes,
                       const std::vector<size_t>& point) {
    std::string text;
    for (const size_t axis : free_axes) {
        for (const Assignment& one : experiment.axes[axis].entries[point[axis]].assignments) {
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

bool check_metrics(const Claim& claim, const Experiment& experiment, const MetricNames& metrics,
                   Problems& problems) {
    bool good = true;
    std::vector<const Expression*> used;
    collect_metrics(claim.left, used);
    collect_metrics(claim.right, used);
    for (const Expression* one : used) {
        if (auto wrong = metrics.problem(one->metric, experiment.mode == Mode::realtime)) {
            problems.add(claim.part(one->span), *wrong);
            good = false;
        }
    }
    if (used.empty()) {
        problems.add(claim.place, "this claim has no metric in it");
        good = false;
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
    return good;
}

ClaimResult check_claim(const Claim& claim, const Experiment& experiment,
                        const MetricOf& metric_of) {
    ClaimResult result;
    result.text = claim.text;
    if (!claim.not_asked.empty()) {
        result.verdict = Verdict::not_asked;
        result.reason = claim.not_asked;
        return result;
    }
    result.verdict = Verdict::holds;
    const BoundClaim bound = experiment::bind(claim, experiment.axes);
    Evaluator evaluator(experiment, bound, metric_of);
    std::set<std::vector<size_t>> seen;
    for (const std::vector<size_t>& point : bound.points) {
        // Points that differ in nothing that the picked trials have are one.
        if (!seen.insert(evaluator.trials_at(point)).second) {
            continue;
        }
        ClaimPoint row;
        row.where = point_text(experiment, bound.free_axes, point);
        try {
            evaluator.start_point();
            row.left = evaluator.evaluate(claim.left, point);
            row.right = evaluator.evaluate(claim.right, point);
            row.verdict =
                relation_holds(claim, *row.left, *row.right) ? Verdict::holds : Verdict::fails;
        } catch (const NoValue& none) {
            row.verdict = Verdict::error;
            row.reason = none.reason;
        }
        result.verdict = worse(result.verdict, row.verdict);
        result.points.push_back(std::move(row));
    }
    if (result.verdict == Verdict::error) {
        for (const ClaimPoint& row : result.points) {
            if (row.verdict == Verdict::error) {
                result.reason = row.reason;
                break;
            }
        }
    }
    return result;
}

}  // namespace lsm::experiment
