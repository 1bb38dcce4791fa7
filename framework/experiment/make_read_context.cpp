#include "framework/engines/engine.hpp"
#include "framework/experiment/device.hpp"
#include "framework/experiment/estimate_run.hpp"
#include "framework/experiment/predictions.hpp"
#include "framework/experiment/project_home.hpp"
#include "framework/experiment/read_context.hpp"
#include "framework/metrics/metrics.hpp"

namespace lsm::experiment {

ReadContext make_read_context(FileSystem& files, const std::string& near) {
    ReadContext context;
    context.files = &files;
    context.axes = describe_axes(all_policies());
    context.engines = engine_names();
    context.devices = device_names();
    for (const Metric& metric : all_metrics()) {
        (metric.realtime_only ? context.metrics.realtime : context.metrics.always)
            .push_back(metric.name);
    }
    for (const std::string& name : predicted_metric_names()) context.metrics.always.push_back(name);
    context.metrics.measured = metrics_beyond_estimate();
    bool has_defaults = false;
    for (const std::string& home : project_homes(files, near)) {
        context.workload_folders.push_back(home + "/workloads");
        const std::string defaults = home + "/policies/defaults.yaml";
        if (!has_defaults && files.exists(defaults)) {
            read_default_policies(context.axes, defaults, read_text_file(files, defaults));
            has_defaults = true;
        }
    }
    return context;
}

}  // namespace lsm::experiment
