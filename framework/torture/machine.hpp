// The test machines behind `./lab torture`: each makes one kind of thing go wrong in every way it
// knows (a power loss, a failing call, damaged bytes, a kill, an unlucky interleaving) and holds
// the tree to its contract (docs/durability.md).
//
// A machine draws all it does from the seed, and its digest is a sum over its cases: the same seed,
// scale and build give the same digest, whatever the number of threads. A failure names the case,
// as `--case` takes it, so that one line repeats it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/torture/tally.hpp"

namespace lsm::torture {

struct Options {
    uint64_t seed = 42;
    double scale = 1;      // share of the machine's target, above 0
    double minutes = 0;    // begins no further case after so long; 0: goes to the end
    uint64_t threads = 2;  // cases side by side
    std::string only;      // one case instead of all
    std::string folder;    // where machines work that need a real file system
    bool first = false;    // begins no further case once one has failed
    bool shrink = true;    // the first failures to fewer operations
};

struct Report {
    Tally tally;
    bool complete = true;  // false: --minutes was over before the last case
    double seconds = 0;
    std::vector<std::string> notes;  // what could not be done here, and why
    // A table beside the figures, of machines that have one.
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

struct Machine {
    const char* name;
    const char* about;
    Report (*run)(const Options& options);
};

/// In the order in which `./lab torture` lists them.
const std::vector<Machine>& all_machines();

}  // namespace lsm::torture
