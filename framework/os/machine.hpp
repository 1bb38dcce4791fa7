// What a run's manifest says about the machine. Asked of the system at each call; whatever it does
// not say is empty or 0. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace lsm {

struct Machine {
    std::string system;     ///< Linux 6.1.0-18-amd64 x86_64
    std::string processor;  ///< as /proc/cpuinfo names it
    uint64_t cores = 1;     ///< that this process may use
    uint64_t memory_bytes = 0;
};

Machine this_machine();

/// The type of the file system that holds `path`: "ext4", "tmpfs", ..., or its number in
/// hexadecimal.
std::string file_system_type(const std::string& path);

/// The path of the running program's file; empty where the system does not tell.
std::string program_file();

}  // namespace lsm
