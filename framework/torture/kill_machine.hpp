// The kill machine: a child process writes to a tree on a real file system, on several threads over
// a pool executor, and is killed, at some acknowledgement or as it enters some system call: the
// n-th of its opening, recovery included, for every n, and on into its writing. What it
// acknowledged is in memory that it shares with its parent, who opens what is left and checks it.
//
// When a thread gets how far is the machine's business: the digest covers what was planned.
#pragma once

#include "framework/torture/machine.hpp"

namespace lsm::torture {

/// At scale 1 51 trees with 20 kills each, half of them in mode power.
Report run_kill_machine(const Options& options);

}  // namespace lsm::torture
