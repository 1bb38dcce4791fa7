#include "framework/experiment/metric_names.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "framework/experiment/known_names.hpp"

namespace lsm::experiment {
namespace {

constexpr std::string_view kPrefixes[] = {"peak_", "mean_", kFinalPrefix};
constexpr std::string_view kLevel = "level_";

/// "level_12_x" -> "x"; the name itself where it is not of that form.
std::string_view without_level(std::string_view name) {
    if (!name.starts_with(kLevel)) {
        return name;
    }
    size_t end = kLevel.size();
    while (end < name.size() && std::isdigit(static_cast<unsigned char>(name[end])) != 0) {
        ++end;
    }
    return end > kLevel.size() && end < name.size() && name[end] == '_' ? name.substr(end + 1)
                                                                        : name;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::optional<std::string> MetricNames::problem(std::string_view name,
                                                const MetricSource& source) const {
    std::vector<std::string_view> readings{name};
    for (const std::string_view prefix : kPrefixes) {
        if (name.starts_with(prefix)) {
            readings.push_back(name.substr(prefix.size()));
        }
    }
    for (const std::string_view reading : readings) {
        const std::string_view base = without_level(reading);
        if (source.estimate && contains(measured, base)) {
            return fmt::format(
                "`engine: estimate` has no value of `{}`: it knows no lookups, scans "
                "or deletes; use `engine: simulator`",
                name);
        }
        if (contains(always, base)) {
            return std::nullopt;
        }
        if (contains(realtime, base)) {
            return source.realtime
                       ? std::nullopt
                       : std::optional(fmt::format("`{}` is wall-clock time, which is measured in "
                                                   "`mode: realtime` only",
                                                   name));
        }
    }
    std::vector<std::string> all = always;
    all.insert(all.end(), realtime.begin(), realtime.end());
    return fmt::format("unknown metric `{}` (docs/metrics.md has all of them){}", name,
                       did_you_mean(name, all));
}

}  // namespace lsm::experiment
