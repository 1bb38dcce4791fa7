// Everything outside an experiment file that decides what may stand in it: the policies that were
// built, the engines, device models and metrics there are, and the named workloads. Handed over as
// data, so that tests bring their own.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/axis_info.hpp"
#include "framework/experiment/metric_names.hpp"
#include "framework/experiment/workload_library.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::experiment {

struct ReadContext {
    FileSystem* files = nullptr;
    std::vector<AxisInfo> axes;
    std::vector<std::string> engines;
    std::vector<std::string> devices;
    MetricNames metrics;
    std::vector<std::string> workload_folders;

    const AxisInfo& axis(std::string_view name) const;
};

/// The context of this binary, for an experiment file at `near` (empty: for none in particular).
/// Reads policies/defaults.yaml of the project's home for what stands for an axis that is left out.
ReadContext make_read_context(FileSystem& files, const std::string& near);

/// Fills the axes' default policies from the text of a defaults file: a map from axis to policy.
void read_default_policies(std::vector<AxisInfo>& axes, const std::string& name,
                           const std::string& text);

}  // namespace lsm::experiment
