// A run's folder as the experiment layer writes it, made up but shaped like the real thing: three
// compaction strategies by size ratio, sampled, with levels and events. Deterministic.
#pragma once

#include <string>
#include <vector>

#include "framework/os/file_system.hpp"

namespace lsm::report::test {

struct SyntheticOptions {
    std::vector<std::string> policies = {"leveling", "tiering", "lazy_leveling"};
    std::vector<int> size_ratios = {2, 4, 8};
    int samples = 40;
    int repeats = 1;
    std::string experiment = "compaction-strategies";
    std::string about = "How do the classic layouts trade write, read and space amplification?";
};

/// Writes experiment.yaml, manifest.json, trials.csv, series.csv, levels.csv and events.jsonl.
void write_synthetic_run(FileSystem& files, const std::string& folder,
                         const SyntheticOptions& options = {});

}  // namespace lsm::report::test
