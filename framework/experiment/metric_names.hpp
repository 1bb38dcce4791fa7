// The names that claims and plots may use.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsm::experiment {

struct MetricNames {
    std::vector<std::string> always;
    std::vector<std::string> realtime;  ///< measured in realtime mode only

    /// What is wrong with the name, which may have peak_, mean_ or final_ before it, or speak of
    /// one level ("level_2_write_amplification"); nothing when it is a metric of that mode.
    std::optional<std::string> problem(std::string_view name, bool in_realtime) const;
};

inline constexpr std::string_view kFinalPrefix = "final_";

}  // namespace lsm::experiment
