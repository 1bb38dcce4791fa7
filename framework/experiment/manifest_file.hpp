// manifest.json of a run: what a reader needs to judge the numbers and to make them again: the
// commit, the build, the machine, the seed, the arguments. And the fingerprints by which --resume
// knows that it would go on with the same trials in the same program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/experiment/experiment.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::experiment {

/// What the source folder's git says.
struct SourceState {
    std::string commit;         ///< empty where there is none
    std::optional<bool> dirty;  ///< whether tracked files differ from it; nothing: nobody knows
    bool operator==(const SourceState&) const = default;
};

/// A later start of a run that was stopped.
struct Resumption {
    std::string time;  ///< UTC
    SourceState source;
};

struct ManifestFacts {
    std::string run;                     ///< the name of the run's folder
    std::vector<std::string> arguments;  ///< of the command line
    uint64_t jobs = 1;
    std::string started;   ///< UTC
    std::string finished;  ///< empty: not yet
    double wall_seconds = 0;
    std::string folder;  ///< of the run, for its file system's type
    std::string program_fingerprint;
    SourceState source;                   ///< when the run began
    std::vector<Resumption> resumptions;  ///< in their order
    std::vector<uint64_t> reused;         ///< trials whose results are an earlier run's
};

/// Asks the system and the build for the rest.
std::string manifest_json(const Experiment& experiment, const ManifestFacts& facts);

/// What --resume reads of a manifest.
struct ManifestStart {
    std::string run;
    std::string started;
    std::string program_fingerprint;
    std::string experiment_fingerprint;
    std::vector<std::string> arguments;
    double wall_seconds = 0;
    bool finished = false;
    SourceState source;
    std::vector<Resumption> resumptions;
    std::vector<uint64_t> reused;
};
/// Throws Error (corruption) where it cannot be read.
ManifestStart read_manifest(const std::string& text, const std::string& file);

/// A hash of the running program's file; of its version and build where the file cannot be read.
std::string program_fingerprint(FileSystem& files);
std::string text_fingerprint(const std::string& text);

/// Of the source folder that the program was built from.
SourceState source_state(FileSystem& files);

/// The commit that a source folder is at, from its .git; empty where there is none.
std::string commit_of(FileSystem& files, const std::string& folder);

}  // namespace lsm::experiment
