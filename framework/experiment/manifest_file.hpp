// manifest.json of a run: what a reader needs to judge the numbers and to make them again: the
// commit, the build, the machine, the seed, the arguments. And the fingerprints by which --resume
// knows that it would go on with the same trials in the same program.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/experiment.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::experiment {

struct ManifestFacts {
    std::string run;                     ///< the name of the run's folder
    std::vector<std::string> arguments;  ///< of the command line
    uint64_t jobs = 1;
    std::string started;   ///< UTC
    std::string finished;  ///< empty: not yet
    double wall_seconds = 0;
    std::string folder;  ///< of the run, for its file system's type
    std::string program_fingerprint;
};

/// Asks the system, git and the build for the rest.
std::string manifest_json(FileSystem& files, const Experiment& experiment,
                          const ManifestFacts& facts);

/// What --resume reads of a manifest.
struct ManifestStart {
    std::string run;
    std::string started;
    std::string program_fingerprint;
    std::string experiment_fingerprint;
    std::vector<std::string> arguments;
    double wall_seconds = 0;
    bool finished = false;
};
/// Throws Error (corruption) where it cannot be read.
ManifestStart read_manifest(const std::string& text, const std::string& file);

/// A hash of the running program's file; of its version and build where the file cannot be read.
std::string program_fingerprint(FileSystem& files);
std::string text_fingerprint(const std::string& text);

/// The commit that a source folder is at, from its .git; empty where there is none.
std::string commit_of(FileSystem& files, const std::string& folder);

}  // namespace lsm::experiment
