// What may be asked of a trial on the estimate: exactly the metrics that it has values of.
#include <gtest/gtest.h>

#include <cmath>

#include "framework/base/error.hpp"
#include "framework/experiment/estimate_run.hpp"
#include "framework/experiment/experiment_reader.hpp"
#include "framework/os/file_system.hpp"
#include "source_dir.hpp"

namespace lsm::experiment {
namespace {

const std::string kTrial =
    "experiment: e\nengine: estimate\ndevice: {model: nvme}\ntree: {memtable: {size: 64 KiB}}\n"
    "workload:\n  - load: {records: 20k}\n  - run: {operations: 20k, update: 1}\n";

Experiment read(const std::string& text) {
    const auto context =
        make_read_context(posix_file_system(), std::string(LSMLAB_SOURCE_DIR) + "/experiments");
    return read_experiment("e.yaml", text, context);
}

std::string error_of(const std::string& text) {
    try {
        read(text);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

TEST(Estimate, LacksTheMetricsThatAreRefusedAndNoOthers) {
    const TrialResult result = run_trial(read(kTrial).trials.front());
    const auto context = make_read_context(posix_file_system(), "");
    std::vector<std::string> lacking;
    for (const std::string& name : context.metrics.always) {
        double value = std::nan("");
        for (const auto& [metric, known] : result.metrics) value = metric == name ? known : value;
        if (std::isnan(value)) lacking.push_back(name);
    }
    EXPECT_EQ(lacking, metrics_beyond_estimate());
}

TEST(Estimate, RefusesClaimsAndPlotsOfWhatItDoesNotMeasure) {
    const std::string reason =
        "`engine: estimate` has no value of `mean_read_amplification_empty`: it knows no lookups";
    const std::string claim = "expect:\n  - mean_read_amplification_empty < 2\n";
    EXPECT_NE(error_of(kTrial + claim).find("e.yaml:9:5: " + reason), std::string::npos)
        << error_of(kTrial + claim);
    const std::string plot = "plots:\n  - {y: mean_read_amplification_empty, x: operations}\n";
    EXPECT_NE(error_of(kTrial + plot).find("e.yaml:9:9: " + reason), std::string::npos)
        << error_of(kTrial + plot);
    EXPECT_EQ(error_of(kTrial + "expect:\n  - mean_write_amplification < 99\n"), "");
}

TEST(Estimate, IsRefusedWhereASweptEngineIsIt) {
    const std::string swept =
        "experiment: e\nsweep: {engine: [simulator, estimate]}\n"
        "workload:\n  - load: {records: 20k}\nexpect:\n  - ";
    EXPECT_EQ(error_of(swept + "tables_probed(simulator) < 2\n"), "");
    EXPECT_NE(error_of(swept + "tables_probed(estimate) < 2\n").find("has no value of"),
              std::string::npos);
    EXPECT_NE(error_of(swept + "tables_probed < 2\n").find("has no value of"), std::string::npos);
    EXPECT_EQ(error_of(swept + "tables < 2000\n"), "");
}

}  // namespace
}  // namespace lsm::experiment
