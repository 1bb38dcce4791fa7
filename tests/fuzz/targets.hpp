// What is fuzzed: every decoder of bytes that come from a disk or a person, and operations against
// a std::map. A target takes any bytes and returns; whatever else it does is a finding. Errors that
// a decoder is meant to throw (corruption, version, config) are no finding, other kinds are.
//
// The first bytes of an input choose among ways in: checksums would keep a fuzzer out, so most ways
// take what lies behind a checksum and add it. What inputs look like stands at each target.
// seeds/<target>/ holds small inputs to begin with, found/<target>/ inputs that once found a bug:
// tests run all of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lsm::fuzz {

void log_target(std::string_view input);
void manifest_target(std::string_view input);
void table_target(std::string_view input);
void filter_target(std::string_view input);
void experiment_target(std::string_view input);
void operations_target(std::string_view input);

struct Target {
    const char* name;
    void (*run)(std::string_view input);
};

inline const std::vector<Target>& all_targets() {
    static const std::vector<Target> kTargets{
        {"log", log_target},
        {"manifest", manifest_target},
        {"table", table_target},
        {"filter", filter_target},
        {"experiment", experiment_target},
        {"operations", operations_target},
    };
    return kTargets;
}

}  // namespace lsm::fuzz
