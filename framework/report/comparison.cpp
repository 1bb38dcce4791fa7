#include "framework/report/comparison.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "framework/experiment/entry_names.hpp"
#include "framework/report/summary.hpp"

namespace lsm::report {
namespace {

using Repeats = std::vector<size_t>;

std::string value_of(const Trial& trial, const std::string& setting) {
    const auto found = trial.settings.find(setting);
    return found == trial.settings.end() ? "" : found->second;
}

std::vector<std::string> in_either(const std::vector<std::string>& left,
                                   const std::vector<std::string>& right) {
    std::vector<std::string> all = left;
    for (const std::string& one : right) {
        if (std::find(all.begin(), all.end(), one) == all.end()) {
            all.push_back(one);
        }
    }
    return all;
}

/// The values of those trials that have the setting.
std::set<std::string> values_in(const RunData& run, const std::string& setting) {
    std::set<std::string> values;
    for (const Trial& trial : run.trials) {
        if (const std::string value = value_of(trial, setting); !value.empty()) {
            values.insert(value);
        }
    }
    return values;
}

std::string all_of(const std::set<std::string>& values) {
    std::string text;
    for (const std::string& value : values) {
        text += (text.empty() ? "" : ", ") + value;
    }
    return text;
}

/// The metric's values in the order of the repeats; fewer where some have none.
std::vector<double> values_of(const RunData& run, const Repeats& repeats,
                              const std::string& metric) {
    std::vector<double> values;
    for (const size_t trial : repeats) {
        const auto found = run.trials[trial].metrics.find(metric);
        if (found != run.trials[trial].metrics.end()) {
            values.push_back(found->second);
        }
    }
    return values;
}

class Comparer {
  public:
    Comparer(const RunData& left, const RunData& right) : left_(left), right_(right) {}

    Comparison compare() {
        comparison_.left_folder = left_.folder;
        comparison_.right_folder = right_.folder;
        comparison_.metrics = in_either(left_.metric_names, right_.metric_names);
        choose_keys();
        match();
        return std::move(comparison_);
    }

  private:
    void choose_keys() {
        for (const std::string& name : in_either(left_.setting_names, right_.setting_names)) {
            if (name == "repeat") {
                continue;
            }
            const auto left = values_in(left_, name), right = values_in(right_, name);
            // Runs from before and after entries got names are still of the same settings.
            if (experiment::is_names_path(name) && (left.empty() || right.empty())) continue;
            const bool whole = left.size() <= 1 && right.size() <= 1;
            if (name == "seed" ? left != right : whole && left != right) {
                comparison_.changed.push_back({name, all_of(left), all_of(right)});
            } else if (name != "seed") {
                keys_.push_back(name);
            }
        }
    }

    void match() {
        auto others = right_.repeat_groups();
        for (const Repeats& repeats : left_.repeat_groups()) {
            const Trial& trial = left_.trials[repeats.front()];
            const auto key = report::values_of(trial, keys_);
            const auto found =
                std::find_if(others.begin(), others.end(), [&](const Repeats& other) {
                    return report::values_of(right_.trials[other.front()], keys_) == key;
                });
            if (found == others.end()) {
                comparison_.only_left.push_back(settings_name(left_, trial));
                continue;
            }
            comparison_.trials.push_back(compare_trials(repeats, *found));
            others.erase(found);
        }
        for (const Repeats& repeats : others) {
            comparison_.only_right.push_back(settings_name(right_, right_.trials[repeats.front()]));
        }
    }

    ComparedTrial compare_trials(const Repeats& left, const Repeats& right) {
        ComparedTrial compared;
        compared.name = settings_name(left_, left_.trials[left.front()]);
        compared.left = left_.trials[left.front()].number;
        compared.right = right_.trials[right.front()].number;
        const bool deterministic =
            value_of(left_.trials[left.front()], "mode") == "deterministic" &&
            value_of(right_.trials[right.front()], "mode") == "deterministic";
        const bool paired = seeds(left_, left) == seeds(right_, right);
        for (const std::string& name : comparison_.metrics) {
            const auto before = values_of(left_, left, name), now = values_of(right_, right, name);
            if (before.empty() && now.empty()) {
                continue;
            }
            ComparedMetric metric;
            metric.metric = name;
            if (!before.empty()) metric.left = experiment::estimate(before);
            if (!now.empty()) metric.right = experiment::estimate(now);
            if (metric.left && metric.right) {
                const bool in_pairs = paired && before.size() == now.size();
                metric.change = in_pairs ? experiment::paired_difference(before, now)
                                         : experiment::independent_difference(before, now);
                metric.difference = judge(*metric.change, before == now, deterministic && in_pairs);
            }
            compared.metrics.push_back(std::move(metric));
        }
        return compared;
    }

    static std::vector<std::string> seeds(const RunData& run, const Repeats& repeats) {
        std::vector<std::string> seeds;
        for (const size_t trial : repeats) {
            seeds.push_back(value_of(run.trials[trial], "seed"));
        }
        return seeds;
    }

    static Difference judge(const experiment::Estimate& change, bool same, bool exact) {
        if (same) return Difference::none;
        if (change.has_interval()) {
            // An interval that only touches 0 belongs to repeats that all agree.
            const bool beyond = change.low > 0 || change.high < 0;
            return beyond ? Difference::real : Difference::noise;
        }
        return exact ? Difference::real : Difference::unknown;
    }

    const RunData& left_;
    const RunData& right_;
    std::vector<std::string> keys_;
    Comparison comparison_;
};

}  // namespace

const char* difference_name(Difference difference) {
    switch (difference) {
        case Difference::none:
            return "none";
        case Difference::real:
            return "real";
        case Difference::noise:
            return "noise";
        case Difference::unknown:
            return "unknown";
    }
    return "unknown";
}

double ComparedMetric::relative() const {
    const double absolute = left->mean < 0 ? -left->mean : left->mean;
    if (absolute > 0) return change->mean / absolute;
    const double infinite = std::numeric_limits<double>::infinity();
    return change->mean == 0 ? 0 : change->mean > 0 ? infinite : -infinite;
}

const ComparedMetric* ComparedTrial::find(const std::string& metric) const {
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [&](const auto& one) { return one.metric == metric; });
    return found == metrics.end() ? nullptr : &*found;
}

Comparison compare_runs(const RunData& left, const RunData& right) {
    return Comparer(left, right).compare();
}

}  // namespace lsm::report
