#include "framework/report/fail_condition.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/text.hpp"
#include "framework/report/summary.hpp"

namespace lsm::report {
namespace {

bool holds(const std::string& relation, double change, double bound) {
    if (relation == "<") return change < bound;
    if (relation == "<=") return change <= bound;
    if (relation == ">") return change > bound;
    return change >= bound;
}

std::string change_text(double change, bool relative) {
    if (!std::isfinite(change)) return "from 0";
    char text[40];
    std::snprintf(text, sizeof text, relative ? "%+.3g %%" : "%+.4g", change);
    return text;
}

}  // namespace

FailCondition parse_fail_condition(std::string_view text) {
    const auto wrong = [&](const std::string& why) {
        return Error(ErrorKind::usage, "--fail-if '" + std::string(text) + "': " + why, {},
                     "it is a metric, one of < <= > >=, and a change: 'write_amplification > +5%', "
                     "'levels > +1'");
    };
    FailCondition condition;
    condition.text = std::string(trim(text));
    const size_t relation = condition.text.find_first_of("<>");
    if (relation == std::string::npos) {
        throw wrong("it has no < or >");
    }
    const bool or_equal =
        relation + 1 < condition.text.size() && condition.text[relation + 1] == '=';
    condition.relation = condition.text.substr(relation, or_equal ? 2 : 1);
    condition.metric = trim(std::string_view(condition.text).substr(0, relation));
    std::string_view bound =
        trim(std::string_view(condition.text).substr(relation + condition.relation.size()));
    if (condition.metric.empty()) {
        throw wrong("it names no metric");
    }
    condition.relative = bound.ends_with('%');
    if (condition.relative) {
        bound = trim(bound.substr(0, bound.size() - 1));
    }
    const bool has_sign = bound.starts_with('+') || bound.starts_with('-');
    const auto number = parse_real(bound.starts_with('+') ? bound.substr(1) : bound);
    if (!number || bound.starts_with("+-")) {
        throw wrong("the change is no number");
    }
    if (!condition.relative && !has_sign) {
        throw wrong("a change has a sign or a %");
    }
    condition.bound = *number;
    return condition;
}

FailCheck check_condition(const FailCondition& condition, const Comparison& comparison) {
    require_metric(condition.metric, comparison);
    FailCheck check;
    check.text = condition.text;
    bool any = false;
    for (const ComparedTrial& trial : comparison.trials) {
        const ComparedMetric* metric = trial.find(condition.metric);
        if (metric == nullptr) continue;
        if (!metric->change) {
            check.unchecked.push_back(trial.name + ": no value in " + (metric->left ? "B" : "A"));
            continue;
        }
        any = true;
        const double change = condition.relative ? 100 * metric->relative() : metric->change->mean;
        if (!holds(condition.relation, change, condition.bound)) continue;
        std::string text = trial.name + ": " + change_text(change, condition.relative);
        if (metric->difference == Difference::noise) text += ", inside the noise";
        check.trials.push_back(std::move(text));
    }
    if (!any) {
        throw Error(ErrorKind::usage, "no trial of both runs has a value of " + condition.metric +
                                          ", so --fail-if '" + condition.text +
                                          "' cannot be checked");
    }
    for (const std::string& name : comparison.only_left) {
        check.unchecked.push_back(name + ": only in A");
    }
    for (const std::string& name : comparison.only_right) {
        check.unchecked.push_back(name + ": only in B");
    }
    return check;
}

void require_metric(const std::string& metric, const Comparison& comparison) {
    const auto& known = comparison.metrics;
    if (std::find(known.begin(), known.end(), metric) != known.end()) {
        return;
    }
    const auto guess = closest_match(metric, known);
    throw Error(
        ErrorKind::usage,
        "these runs have no metric " + metric + (guess ? "; did you mean " + *guess + "?" : ""), {},
        "the columns of trials.csv behind the settings are its metrics");
}

}  // namespace lsm::report
