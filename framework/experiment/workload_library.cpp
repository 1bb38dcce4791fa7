#include "framework/experiment/workload_library.hpp"

#include <algorithm>
#include <utility>

#include "framework/base/error.hpp"

namespace lsm::experiment {
namespace {

constexpr std::string_view kEnding = ".yaml";
constexpr int kDeepest = 4;

}  // namespace

WorkloadLibrary::WorkloadLibrary(FileSystem& files, std::vector<std::string> folders)
    : files_(files) {
    for (const std::string& folder : folders) {
        if (files_.is_folder(folder)) {
            search(folder, "", 0);
        }
    }
    std::sort(found_.begin(), found_.end(),
              [](const File& left, const File& right) { return left.name < right.name; });
}

void WorkloadLibrary::search(const std::string& folder, const std::string& prefix, int depth) {
    for (const std::string& entry : files_.list(folder)) {
        const std::string path = folder + "/" + entry;
        if (files_.is_folder(path)) {
            if (depth < kDeepest) {
                search(path, prefix + entry + "/", depth + 1);
            }
        } else if (entry.size() > kEnding.size() && entry.ends_with(kEnding)) {
            const std::string name = prefix + entry.substr(0, entry.size() - kEnding.size());
            if (!has(name)) {
                found_.push_back({name, path});
            }
        }
    }
}

const WorkloadLibrary::File* WorkloadLibrary::find(std::string_view name) const {
    for (const File& file : found_) {
        if (file.name == name) {
            return &file;
        }
    }
    return nullptr;
}

bool WorkloadLibrary::has(std::string_view name) const { return find(name) != nullptr; }

std::vector<std::string> WorkloadLibrary::names() const {
    std::vector<std::string> names;
    for (const File& file : found_) {
        names.push_back(file.name);
    }
    return names;
}

std::vector<NamedWorkload> WorkloadLibrary::list() const {
    std::vector<NamedWorkload> workloads;
    for (const File& file : found_) {
        std::string about;
        try {
            const auto source =
                std::make_shared<SourceText>(file.path, read_text_file(files_, file.path));
            Problems problems;
            const YamlNode root = read_yaml(source, problems);
            const YamlNode* line = root.find("about");
            about = line != nullptr ? line->text : "";
        } catch (const Error& error) {
            about = error.what();
        }
        workloads.push_back({file.name, about});
    }
    return workloads;
}

Assignments WorkloadLibrary::read(std::string_view name, Problems& problems) const {
    const File& file = *find(name);
    const auto source = std::make_shared<SourceText>(file.path, read_text_file(files_, file.path));
    const YamlNode root = read_yaml(source, problems);
    Assignments assignments;
    if (!root.is_map()) {
        problems.add(root.place, "a workload is a map of a run phase's options");
        return assignments;
    }
    for (const YamlEntry& entry : root.entries) {
        if (entry.key == "about") {
            continue;
        }
        if (auto value = read_value(entry.value, entry.key, problems)) {
            assignments[entry.key] = {entry.key, *value, entry.key_place, entry.value.place};
        }
    }
    return assignments;
}

}  // namespace lsm::experiment
