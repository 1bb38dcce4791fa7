#include "framework/os/machine.hpp"

#include <sched.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

namespace lsm {
namespace {

std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line)) {
        const size_t colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return {};
}

uint64_t usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        return static_cast<uint64_t>(CPU_COUNT(&set));
    }
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? static_cast<uint64_t>(online) : 1;
}

struct TypeName {
    unsigned long number;
    const char* name;
};

constexpr TypeName kTypes[] = {
    {0xef53, "ext4"},          {0x58465342, "xfs"},  {0x9123683e, "btrfs"}, {0x01021994, "tmpfs"},
    {0x794c7630, "overlayfs"}, {0x2fc12fc1, "zfs"},  {0x6969, "nfs"},       {0xf2f52010, "f2fs"},
    {0x65735546, "fuse"},      {0x01021997, "9p"},   {0x858458f6, "ramfs"}, {0x4d44, "vfat"},
    {0xff534d42, "cifs"},      {0x00c36400, "ceph"}, {0x61756673, "aufs"},
};

}  // namespace

Machine this_machine() {
    Machine machine;
    utsname name{};
    if (uname(&name) == 0) {
        machine.system = std::string(name.sysname) + " " + name.release + " " + name.machine;
    }
    machine.processor = processor_name();
    machine.cores = usable_cores();
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_bytes = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page_bytes > 0) {
        machine.memory_bytes = static_cast<uint64_t>(pages) * static_cast<uint64_t>(page_bytes);
    }
    return machine;
}

std::string file_system_type(const std::string& path) {
    struct statfs info{};
    if (statfs(path.c_str(), &info) != 0) {
        return {};
    }
    const auto number = static_cast<unsigned long>(info.f_type);
    for (const TypeName& type : kTypes) {
        if (type.number == number) {
            return type.name;
        }
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "0x%lx", number);
    return text.data();
}

std::string program_file() {
    std::array<char, 4096> path{};
    const ssize_t size = readlink("/proc/self/exe", path.data(), path.size() - 1);
    return size > 0 ? std::string(path.data(), static_cast<size_t>(size)) : std::string();
}

}  // namespace lsm
