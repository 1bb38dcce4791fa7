#include <iostream>

#include <nlohmann/json.hpp>

#include "framework/base/error.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/experiment/project_home.hpp"
#include "framework/experiment/workload_library.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

struct Listed {
    std::string name;
    std::string about;
};

/// The experiments below a folder, by path; `about` without reading more of a file than that.
void find_experiments(FileSystem& files, const std::string& folder, const std::string& shown,
                      std::vector<Listed>& found) {
    for (const std::string& entry : files.list(folder)) {
        const std::string path = folder + "/" + entry;
        if (files.is_folder(path)) {
            find_experiments(files, path, shown + "/" + entry, found);
        } else if (entry.ends_with(".yaml")) {
            Listed one{shown + "/" + entry, ""};
            try {
                experiment::Problems problems;
                const auto root = experiment::read_yaml(
                    std::make_shared<experiment::SourceText>(path, read_text_file(files, path)),
                    problems);
                const auto* about = root.find("about");
                one.about = about != nullptr ? about->text : "";
            } catch (const Error&) {
                one.about = "(cannot be read; ./lab check tells why)";
            }
            found.push_back(one);
        }
    }
}

void print_part(const std::string& title, const std::vector<Listed>& listed) {
    std::vector<std::vector<std::string>> rows;
    for (const Listed& one : listed) {
        rows.push_back({one.name, one.about});
    }
    std::cout << report::terminal_table({title, "about"}, rows, wants_colour(Stream::output))
              << "\n";
}

nlohmann::ordered_json json_of(const std::vector<Listed>& listed) {
    auto array = nlohmann::ordered_json::array();
    for (const Listed& one : listed) {
        array.push_back({{"name", one.name}, {"about", one.about}});
    }
    return array;
}

}  // namespace

int list_verb(const Arguments& arguments) {
    options::options_description known("options");
    known.add_options()("json", "print JSON, for programs");
    const auto values = read_arguments("list", known, arguments);
    if (!values) {
        return kDone;
    }
    FileSystem& files = posix_file_system();
    std::vector<Listed> experiments, workloads;
    std::vector<std::string> folders;
    for (const std::string& home : experiment::project_homes(files, "")) {
        folders.push_back(home + "/workloads");
        if (experiments.empty() && files.is_folder(home + "/experiments")) {
            find_experiments(files, home + "/experiments", "experiments", experiments);
        }
    }
    for (const auto& workload : experiment::WorkloadLibrary(files, folders).list()) {
        workloads.push_back({workload.name, workload.about});
    }
    if (values->contains("json")) {
        const nlohmann::ordered_json json = {{"experiments", json_of(experiments)},
                                             {"workloads", json_of(workloads)}};
        std::cout << json.dump(2) << "\n";
        return kDone;
    }
    print_part("experiment", experiments);
    print_part("workload", workloads);
    return kDone;
}

}  // namespace lsm::cli
