#include <iostream>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/base/size.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/os/file_system.hpp"
#include "framework/tree/backup.hpp"

namespace lsm::cli {
namespace {

/// What `backup` and `restore` have in common: two folders, a copy, a line about it.
template <class Copy>
int copy_verb(const std::string& verb, const Arguments& arguments, Copy copy) {
    const options::options_description known("options");
    const auto values = read_arguments(verb, known, arguments, "folder");
    if (!values) return kDone;
    std::vector<std::string> folders;
    if (values->count("folder") != 0) folders = (*values)["folder"].as<std::vector<std::string>>();
    if (folders.size() != 2) {
        throw Error(ErrorKind::usage,
                    fmt::format("{} takes two folders, got {}", verb, folders.size()), {},
                    fmt::format("write ./lab {} FROM TO", verb));
    }
    const BackupSummary done = copy(folders[0], folders[1]);
    std::cout << fmt::format("{}: {} files, {}\n", folders[1], done.files, format_size(done.bytes));
    for (const std::string& format : done.unknown_formats) {
        std::cerr << fmt::format(
            "lsmlab: warning: this program does not know the format {}: its tables were copied "
            "without a look into their blocks\n",
            format);
    }
    return kDone;
}

}  // namespace

int backup_verb(const Arguments& arguments) {
    return copy_verb("backup", arguments, [](const std::string& from, const std::string& to) {
        return backup_folder(posix_file_system(), from, to, all_policies());
    });
}

int restore_verb(const Arguments& arguments) {
    return copy_verb("restore", arguments, [](const std::string& from, const std::string& to) {
        return restore_backup(posix_file_system(), from, to);
    });
}

}  // namespace lsm::cli
