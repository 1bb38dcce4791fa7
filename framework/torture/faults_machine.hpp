// The faults machine: workloads on a tree of which the n-th call to the file system, or the n-th
// allocation, fails: for every n until the workload ends untouched, in every way, once and for
// good. What must hold is in faults_run.hpp.
#pragma once

#include "framework/torture/machine.hpp"

namespace lsm::torture {

/// At scale 1 six scripts in three sync modes.
Report run_faults_machine(const Options& options);

}  // namespace lsm::torture
