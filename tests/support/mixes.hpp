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
            "db_bench/deleterandom"};
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
