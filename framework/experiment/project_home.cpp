#include "framework/experiment/project_home.hpp"

#include <algorithm>
#include <cstdlib>

#include "framework/base/build_info.hpp"

namespace lsm::experiment {
namespace {

constexpr int kHighest = 8;

/// The folder above, by its name alone: "a/b" -> "a", "a" -> ".", "." -> "..".
std::string folder_above(const std::string& path) {
    const size_t slash = path.rfind('/');
    const std::string last = slash == std::string::npos ? path : path.substr(slash + 1);
    if (last == "." && slash == std::string::npos) {
        return "..";
    }
    if (last == ".." || last == ".") {
        return path + "/..";
    }
    if (slash == std::string::npos) {
        return ".";
    }
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

std::vector<std::string> project_homes(FileSystem& files, const std::string& near) {
    std::vector<std::string> candidates;
    if (!near.empty()) {
        std::string folder = near;
        for (int i = 0; i < kHighest && folder != "/"; ++i) {
            folder = folder_above(folder);
            if (files.is_folder(folder + "/workloads")) {
                candidates.push_back(folder);
                break;
            }
        }
    }
    for (const char* name : {"LSMLAB_HOME", "LSMLAB_ROOT"}) {
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
            candidates.emplace_back(value);
        }
    }
    candidates.emplace_back(build_info().source_folder);

    std::vector<std::string> homes;
    for (const std::string& candidate : candidates) {
        if (std::find(homes.begin(), homes.end(), candidate) == homes.end() &&
            files.is_folder(candidate + "/workloads")) {
            homes.push_back(candidate);
        }
    }
    return homes;
}

}  // namespace lsm::experiment
