// Where the files that ship with the project are: experiments/, workloads/, policies/.
#pragma once

#include <string>
#include <vector>

#include "framework/os/file_system.hpp"

namespace lsm::experiment {

/// Folders to look in, best first: the folder above `near` (an experiment file, or empty) that has
/// a workloads/ folder, then $LSMLAB_HOME, $LSMLAB_ROOT (which the `lab` script sets), and the
/// source tree that this was built from. Each once, and only those that are there.
std::vector<std::string> project_homes(FileSystem& files, const std::string& near);

}  // namespace lsm::experiment
