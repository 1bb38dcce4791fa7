// `./lab torture crash`: power losses. Workloads of a few operations (all of up to three, some of
// four, long random ones, in every sync mode) run on a file system that knows what a loss of power
// could leave at every moment (framework/os/crash_file_system.hpp); each of these disks is opened.
//
// The contract: every disk opens; it holds a prefix of the operations, batches whole; all of what
// was acknowledged durably is in it; and it keeps that through further crashes (crash_images.hpp).
#pragma once

#include "framework/torture/machine.hpp"

namespace lsm::torture {

Report run_crash_machine(const Options& options);

}  // namespace lsm::torture
