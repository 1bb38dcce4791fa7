// Phases and runs that the tests of workloads' options share: a load, a phase with a bit of
// everything, a client that goes through all phases, and what the engine was asked.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "framework/base/error.hpp"
#include "tests/support/map_engine.hpp"
#include "workloads/client.hpp"

namespace lsm::workloads {

using lsm::testing::Lie;
using lsm::testing::MapEngine;

inline Phase load_of(uint64_t records, uint64_t section = 0) {
    LoadPhase phase;
    phase.records = records;
    phase.value = {20};
    phase.section = section;
    return phase;
}

inline Phase busy_phase(uint64_t operations, uint64_t section = 0) {
    RunPhase phase;
    phase.operations = operations;
    phase.section = section;
    phase.read = phase.update = phase.insert = phase.remove = phase.scan = 1;
    phase.read_modify_write = phase.read_missing = phase.read_any = 0.5;
    phase.empty_deletes = 0.3;
    phase.scan_length = {1, 40};
    return phase;
}

inline void run_all(Client& client, const Workload& workload) {
    for (size_t i = 0; i < workload.phases().size(); ++i) {
        client.begin_phase(i);
        while (client.remaining() > 0) client.step();
    }
}

inline std::map<std::string, uint64_t> kinds_of_calls(const MapEngine& engine) {
    std::map<std::string, uint64_t> kinds;
    for (const std::string& call : engine.calls()) ++kinds[call.substr(0, call.find(' '))];
    return kinds;
}

}  // namespace lsm::workloads
