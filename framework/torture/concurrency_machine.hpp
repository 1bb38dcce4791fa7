// The concurrency machine: clients that write, read, scan, take snapshots and checkpoints, transact
// and compact at the same time, with flushes and compactions behind them; what they saw is held
// against the order of commits (history.hpp), and so is the tree that is left, also after it was
// opened again. Two sorts of cases:
//   - "threads N": many operations on real threads. The digest covers the plan.
//   - "schedule N": a handful of operations of two to four clients on a tree with a tiny
//     memtable, one thread at a time as a seeded scheduler says (framework/os/scheduler.hpp). The
//     digest covers which thread ran when, and what came of it.
#pragma once

#include "framework/torture/machine.hpp"

namespace lsm::torture {

/// At scale 1 100 cases on real threads and 100,000 schedules.
Report run_concurrency_machine(const Options& options);

}  // namespace lsm::torture
