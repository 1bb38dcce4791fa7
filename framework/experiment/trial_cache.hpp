// Results of trials that were run before, so that an unchanged trial is not run again.
//
// An entry is found by what decides a deterministic trial's result: every resolved setting (the
// phases and the distance between samples with them), the seed, the program's file and the codecs'
// versions. It holds that description in full, and a checksum: an entry that is damaged, cut off or
// of another trial with the same hash is as good as none. Trials in realtime mode are never kept:
// their result is the moment's.
//
// The folder, <results>/.cache, may be removed at any time. It is trimmed at the end of each run to
// kCacheLimit, the least recently used entries first. Several runs may use it at once. Failures to
// write are swallowed: what is not kept is run again. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/experiment/trial.hpp"
#include "framework/os/file_system.hpp"
#include "framework/os/sync.hpp"

namespace lsm::experiment {

inline constexpr uint64_t kCacheLimit = uint64_t{1} << 30;  // bytes

class TrialCache {
  public:
    /// `program`: the fingerprint of the program that runs the trials.
    TrialCache(FileSystem& files, std::string folder, std::string program)
        : files_(files), folder_(std::move(folder)), program_(std::move(program)) {}

    /// The trial's result as trial_json wrote it, or nothing.
    std::optional<std::string> find(const Trial& trial);

    /// Keeps a result; does nothing for a trial in realtime mode.
    void keep(const Trial& trial, const std::string& json);

    /// Removes what has not been used for longest, until no more than `limit` bytes are left.
    void trim(uint64_t limit = kCacheLimit);

  private:
    std::string description(const Trial& trial) const;
    void note_use(const std::string& name);
    std::vector<std::string> names_by_use();

    FileSystem& files_;
    std::string folder_;
    std::string program_;
    Mutex mutex_;
    std::vector<std::string> used_;  // entries of this run, in order of their use
};

}  // namespace lsm::experiment
