// What one operation of a phase does, on average: for the cost model and the adviser. Pure.
#pragma once

#include <vector>

#include "framework/experiment/trial.hpp"

namespace lsm::experiment {

struct PhaseMeans {
    double entry_bytes = 0;
    double inserts = 0;
    double updates = 0;
    double puts = 0;  ///< of keys that are there or not
    double deletes = 0;
    double empty_gets = 0;
    double found_gets = 0;
    double scans = 0;

    double writes() const { return inserts + updates + puts; }
};

PhaseMeans means_of(const workloads::Phase& phase);

/// The trial's phases with what they left out filled in, as the runner does.
std::vector<workloads::Phase> phases_of(const Trial& trial);

}  // namespace lsm::experiment
