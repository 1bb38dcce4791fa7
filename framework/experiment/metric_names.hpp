// The names that claims and plots may use.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsm::experiment {

/// What the trials are that a metric is asked of.
struct MetricSource {
    bool realtime = false;
    bool estimate = false;  ///< on `engine: estimate`
};

struct MetricNames {
    std::vector<std::string> always;
    std::vector<std::string> realtime;  ///< measured in realtime mode only
    std::vector<std::string> measured;  ///< of `always`, those that the estimate has no value of

    /// What is wrong with the name, which may have peak_, mean_ or final_ before it, or speak of
    /// one level ("level_2_write_amplification"); nothing when such trials have that metric.
    std::optional<std::string> problem(std::string_view name, const MetricSource& source) const;
};

inline constexpr std::string_view kFinalPrefix = "final_";

}  // namespace lsm::experiment
