// The shipped mixes, read as the experiment reader does: a map of options beside an `about` line.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "framework/base/error.hpp"
#include "source_dir.hpp"
#include "workloads/phase.hpp"

namespace lsm::testing {

inline std::vector<std::string> mix_names() {
    return {"ycsb/a",
            "ycsb/b",
            "ycsb/c",
            "ycsb/d",
            "ycsb/e",
            "ycsb/f",
            "db_bench/fillseq",
            "db_bench/fillrandom",
            "db_bench/overwrite",
            "db_bench/readrandom",
            "db_bench/readmissing",
            "db_bench/seekrandom",
            "db_bench/deleterandom",
            "db_bench/filluniquerandom",
            "db_bench/readseq",
            "db_bench/readreverse",
            "db_bench/updaterandom",
            "db_bench/deleteseq",
            "db_bench/readrandomwriterandom",
            "db_bench/mixgraph",
            "kvbench/balanced",
            "kvbench/ingest_with_deletes",
            "kvbench/empty_reads",
            "kvbench/skewed_apart",
            "kvbench/range_scans",
            "tectonic/near_sorted",
            "tectonic/mixed_group",
            "tectonic/churn",
            "timeseries/append",
            "timeseries/append_and_read"};
}

/// A load that the mix can follow.
inline workloads::Phase load_for(const workloads::Phase& mix, uint64_t records) {
    workloads::Phase load;
    load.records = records;
    load.order = mix.order;
    load.series = mix.series;
    return load;
}

/// The mix as a run phase of so many operations.
inline workloads::Phase read_mix(const std::string& name, uint64_t operations) {
    const YAML::Node file =
        YAML::LoadFile(std::string(LSMLAB_SOURCE_DIR) + "/workloads/" + name + ".yaml");
    OptionValues values;
    values["operations"] = {{std::to_string(operations)}, false};
    bool has_about = false;
    for (const auto& item : file) {
        const auto key = item.first.as<std::string>();
        if (key == "about") {
            has_about = !item.second.as<std::string>().empty();
        } else if (item.second.IsSequence()) {
            values[key] = {item.second.as<std::vector<std::string>>(), true};
        } else {
            values[key] = {{item.second.as<std::string>()}, false};
        }
    }
    if (!has_about) throw Error(ErrorKind::config, name + " has no about line");
    std::vector<OptionProblem> problems;
    workloads::Phase phase =
        workloads::read_phase(workloads::PhaseKind::run, name, values, problems);
    if (!problems.empty())
        throw Error(ErrorKind::config,
                    name + ": " + problems[0].option + " " + problems[0].message);
    return phase;
}

}  // namespace lsm::testing
