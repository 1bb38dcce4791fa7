// The named mixes: workloads/<name>.yaml, each a map of a run phase's options with an `about` line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/experiment/assignment.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::experiment {

struct NamedWorkload {
    std::string name;  ///< "ycsb/a"
    std::string about;
};

class WorkloadLibrary {
  public:
    /// `folders`: workloads/ folders, in the order in which they are searched.
    WorkloadLibrary(FileSystem& files, std::vector<std::string> folders);

    bool has(std::string_view name) const;
    std::vector<std::string> names() const;
    /// Every workload with its line; ones that cannot be read have the reason as their line.
    std::vector<NamedWorkload> list() const;
    /// The workload's options, by option name. Adds what is wrong with its file to `problems`.
    /// Precondition: has(name).
    Assignments read(std::string_view name, Problems& problems) const;

  private:
    struct File {
        std::string name;
        std::string path;
    };
    const File* find(std::string_view name) const;
    void search(const std::string& folder, const std::string& prefix, int depth);

    FileSystem& files_;
    std::vector<File> found_;  // by name, ascending
};

}  // namespace lsm::experiment
