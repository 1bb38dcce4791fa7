#include "framework/experiment/claim_binding.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/settings.hpp"
#include "framework/experiment/sweep.hpp"

namespace lsm::experiment {
namespace {

/// A path that an axis sets.
struct SweptPath {
    size_t axis = 0;
    std::string path;
};

std::optional<double> as_number(const std::string& text) {
    if (const auto number = parse_real(text)) {
        return number;
    }
    if (const auto count = parse_count(text)) {
        return static_cast<double>(*count);
    }
    if (const auto size = parse_size(text)) {
        return static_cast<double>(*size);
    }
    return std::nullopt;
}

bool same_value(const std::string& left, const std::string& right) {
    if (left == right) {
        return true;
    }
    const auto left_number = as_number(left);
    const auto right_number = as_number(right);
    return left_number && right_number && *left_number == *right_number;
}

bool holds(const std::string& left, Relation relation, const std::string& right) {
    if (relation == Relation::equal) {
        return same_value(left, right);
    }
    if (relation == Relation::not_equal) {
        return !same_value(left, right);
    }
    const auto left_number = as_number(left);
    const auto right_number = as_number(right);
    if (!left_number || !right_number) {
        return false;
    }
    switch (relation) {
        case Relation::less:
            return *left_number < *right_number;
        case Relation::less_equal:
            return *left_number <= *right_number;
        case Relation::greater:
            return *left_number > *right_number;
        default:
            return *left_number >= *right_number;
    }
}

std::optional<std::string> entry_value(const SweepEntry& entry, const std::string& path) {
    for (const Assignment& assignment : entry.assignments) {
        if (assignment.path == path) {
            return yaml_text(assignment.value);
        }
    }
    return std::nullopt;
}

class Binder {
  public:
    Binder(const Claim& claim, const std::vector<SweepAxis>& axes) : claim_(claim), axes_(axes) {
        for (size_t axis = 0; axis < axes.size(); ++axis) {
            for (const std::string& path : axes[axis].paths()) {
                swept_.push_back({axis, path});
            }
        }
    }

    BoundClaim bind() {
        std::vector<const Expression*> metrics;
        collect_metrics(claim_.left, metrics);
        result_.left_metrics = metrics.size();
        collect_metrics(claim_.right, metrics);
        for (const Expression* metric : metrics) {
            result_.picks.push_back(pick(*metric));
        }
        for (const Picks& picks : result_.picks) {
            for (const auto& [axis, entry] : picks) {
                result_.bound_axes.insert(axis);
            }
        }
        if (result_.problems.empty()) {
            check_completeness(metrics);
            bind_curve(metrics.size());
            find_points();
        }
        return std::move(result_);
    }

  private:
    void problem(Span span, std::string message) {
        result_.problems.push_back({span, std::move(message)});
    }

    std::vector<std::string> swept_names() const {
        std::vector<std::string> names;
        for (const SweptPath& swept : swept_) {
            names.push_back(swept.path);
        }
        return names;
    }

    std::vector<SweptPath> find_swept(const std::string& name) const {
        std::vector<SweptPath> found;
        for (const SweptPath& swept : swept_) {
            if (swept.path == name || swept.path.ends_with("." + name)) {
                found.push_back(swept);
            }
        }
        return found;
    }

    /// The one swept path of that name, or nothing with a problem.
    std::optional<SweptPath> resolve(const std::string& name, Span span) {
        const auto found = find_swept(name);
        if (found.size() == 1) {
            return found.front();
        }
        if (found.empty()) {
            std::vector<std::string> ends = swept_names();
            for (const SweptPath& swept : swept_) {
                ends.emplace_back(last_component(swept.path));
            }
            problem(span, fmt::format("`{}` is not swept; swept are {}{}", name,
                                      name_list(swept_names()), did_you_mean(name, ends)));
        } else {
            std::vector<std::string> paths;
            for (const SweptPath& one : found) {
                paths.push_back(one.path);
            }
            problem(span, fmt::format("`{}` could be {}; write more of the path", name,
                                      name_list(paths)));
        }
        return std::nullopt;
    }

    std::vector<SweptPath> paths_with(const std::string& value) const {
        std::vector<SweptPath> found;
        for (const SweptPath& swept : swept_) {
            for (const SweepEntry& entry : axes_[swept.axis].entries) {
                const auto text = entry_value(entry, swept.path);
                if (text && same_value(*text, value)) {
                    found.push_back(swept);
                    break;
                }
            }
        }
        return found;
    }

    std::vector<std::string> all_values() const {
        std::vector<std::string> values;
        for (const SweptPath& swept : swept_) {
            for (const SweepEntry& entry : axes_[swept.axis].entries) {
                const auto text = entry_value(entry, swept.path);
                if (text && std::find(values.begin(), values.end(), *text) == values.end()) {
                    values.push_back(*text);
                }
            }
        }
        return values;
    }

    /// The swept path that a selector speaks of.
    std::optional<SweptPath> selected_path(const Selector& selector) {
        if (!selector.axis.empty()) {
            return resolve(selector.axis, selector.span);
        }
        const auto found = paths_with(selector.value);
        if (found.size() == 1) {
            return found.front();
        }
        if (found.empty()) {
            const auto values = all_values();
            problem(selector.span,
                    fmt::format("no swept value `{}`; there are {}{}", selector.value,
                                name_list(values), did_you_mean(selector.value, values)));
        } else {
            std::vector<std::string> ways;
            for (const SweptPath& one : found) {
                ways.push_back(one.path + "=" + selector.value);
            }
            problem(selector.span,
                    fmt::format("`{}` is a value of several swept settings; write one of "
                                "{}, or the end of its path",
                                selector.value, name_list(ways)));
        }
        return std::nullopt;
    }

    Picks pick(const Expression& metric) {
        std::map<size_t, std::vector<size_t>> left;  // entries that are still possible, by axis
        for (const Selector& selector : metric.selectors) {
            const auto swept = selected_path(selector);
            if (!swept) {
                continue;
            }
            const auto& entries = axes_[swept->axis].entries;
            std::vector<size_t> matching;
            std::vector<std::string> values;
            for (size_t i = 0; i < entries.size(); ++i) {
                const auto text = entry_value(entries[i], swept->path);
                if (text && same_value(*text, selector.value)) {
                    matching.push_back(i);
                }
                if (text) {
                    values.push_back(*text);
                }
            }
            if (matching.empty()) {
                problem(selector.span, fmt::format("`{}` is never `{}` in this sweep; it is {}{}",
                                                   swept->path, selector.value, name_list(values),
                                                   did_you_mean(selector.value, values)));
                continue;
            }
            auto [place, first] = left.emplace(swept->axis, matching);
            if (!first) {
                std::erase_if(place->second, [&](size_t entry) {
                    return std::find(matching.begin(), matching.end(), entry) == matching.end();
                });
            }
        }
        Picks picks;
        for (const auto& [axis, entries] : left) {
            if (entries.size() == 1) {
                picks[axis] = entries.front();
            } else {
                problem(metric.span,
                        fmt::format("these selectors leave {} entries of `{}`, and one is needed",
                                    entries.size(), axes_[axis].name));
            }
        }
        return picks;
    }

    // One metric that names an axis and another that does not would compare a point with many.
    void check_completeness(const std::vector<const Expression*>& metrics) {
        for (size_t i = 0; i < metrics.size(); ++i) {
            for (const size_t axis : result_.bound_axes) {
                if (!result_.picks[i].contains(axis)) {
                    problem(
                        metrics[i]->span,
                        fmt::format("`{}` needs a value of `{}` too, since another metric of this "
                                    "claim names one",
                                    metrics[i]->metric, axes_[axis].name));
                }
            }
        }
    }

    void bind_curve(size_t metrics) {
        if (!claim_.at_equal) return;
        const auto swept = resolve(claim_.at_equal->axis, claim_.at_equal->axis_span);
        if (!swept) return;
        if (result_.bound_axes.contains(swept->axis)) {
            problem(claim_.at_equal->axis_span,
                    fmt::format("`{}` is named by the claim's selectors, so no curve goes along it",
                                claim_.at_equal->axis));
        } else if (result_.left_metrics == 0 || result_.left_metrics == metrics) {
            problem(claim_.at_equal->metric_span, "`at equal` needs a metric on both sides");
        }
        result_.curve_axis = swept->axis;
    }

    void find_points() {
        for (size_t axis = 0; axis < axes_.size(); ++axis) {
            if (!result_.bound_axes.contains(axis)) {
                result_.free_axes.push_back(axis);
            }
        }
        std::vector<SweptPath> condition_paths;
        for (const Condition& condition : claim_.conditions) {
            const auto swept = resolve(condition.axis, condition.axis_span);
            if (!swept) {
                return;
            }
            if (result_.bound_axes.contains(swept->axis)) {
                problem(
                    condition.axis_span,
                    fmt::format("`{}` is named by the claim's selectors, so `where` cannot choose "
                                "among its values",
                                condition.axis));
                return;
            }
            check_comparable(condition, *swept);
            condition_paths.push_back(*swept);
        }
        enumerate(condition_paths);
        if (result_.points.empty() && result_.problems.empty()) {
            const Condition& first = claim_.conditions.front();
            const Condition& last = claim_.conditions.back();
            problem({first.span.offset, last.span.offset + last.span.length - first.span.offset},
                    "no point of the sweep is left by `where`");
        }
    }

    void check_comparable(const Condition& condition, const SweptPath& swept) {
        if (condition.relation == Relation::equal || condition.relation == Relation::not_equal) {
            return;
        }
        bool any_number = false;
        for (const SweepEntry& entry : axes_[swept.axis].entries) {
            const auto text = entry_value(entry, swept.path);
            any_number = any_number || (text && as_number(*text));
        }
        if (!any_number || !as_number(condition.value)) {
            problem(condition.span,
                    fmt::format("`{}` compares numbers, and these are words; use == or !=",
                                relation_text(condition.relation)));
        }
    }

    void enumerate(const std::vector<SweptPath>& condition_paths) {
        const uint64_t points = count_points(axes_);
        for (size_t point = 0; point < points; ++point) {
            const std::vector<size_t> entries = entries_at(axes_, point);
            bool wanted = true;
            for (const size_t axis : result_.bound_axes) {
                wanted = wanted && entries[axis] == 0;  // once for all entries of a bound axis
            }
            for (size_t i = 0; wanted && i < condition_paths.size(); ++i) {
                const SweptPath& swept = condition_paths[i];
                const auto value =
                    entry_value(axes_[swept.axis].entries[entries[swept.axis]], swept.path);
                const Condition& condition = claim_.conditions[i];
                wanted = value && holds(*value, condition.relation, condition.value);
            }
            if (wanted) {
                result_.points.push_back(entries);
            }
        }
    }

    const Claim& claim_;
    const std::vector<SweepAxis>& axes_;
    std::vector<SweptPath> swept_;
    BoundClaim result_;
};

}  // namespace

void collect_metrics(const Expression& expression, std::vector<const Expression*>& out) {
    if (expression.kind == Expression::Kind::metric) {
        out.push_back(&expression);
    }
    for (const Expression& operand : expression.operands) {
        collect_metrics(operand, out);
    }
}

BoundClaim bind(const Claim& claim, const std::vector<SweepAxis>& axes) {
    return Binder(claim, axes).bind();
}

}  // namespace lsm::experiment
