#include <algorithm>
#include <iostream>
#include <optional>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/base/size.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/os/file_system.hpp"
#include "framework/tree/dump.hpp"
#include "framework/tree/repair.hpp"
#include "framework/tree/verify.hpp"

namespace lsm::cli {
namespace {

void print_files(const VerifyReport& report) {
    size_t name_width = 4;
    for (const VerifiedFile& file : report.files)
        name_width = std::max(name_width, file.name.size());
    std::cout << fmt::format("{:<{}}  {:>10}  {:<8} {}\n", "file", name_width, "bytes", "is",
                             "holds");
    for (const VerifiedFile& file : report.files) {
        const char* is = file.is_missing   ? "missing"
                         : file.damage > 0 ? "damaged"
                         : !file.is_needed ? "left"
                                           : "sound";
        std::cout << fmt::format("{:<{}}  {:>10}  {:<8} {}\n", file.name, name_width, file.bytes,
                                 is, file.holds);
    }
}

/// The one argument of a verb that looks at something; nothing when its help was asked for.
std::optional<std::string> read_place(const std::string& verb, const std::string& what,
                                      const Arguments& arguments) {
    const options::options_description known("options");
    const auto values = read_arguments(verb, known, arguments, what);
    if (!values) return std::nullopt;
    std::vector<std::string> places;
    if (values->count(what) != 0) places = (*values)[what].as<std::vector<std::string>>();
    if (places.size() == 1) return places[0];
    throw Error(ErrorKind::usage, fmt::format("{} takes one {}, got {}", verb, what, places.size()),
                {}, fmt::format("./lab {} --help tells more", verb));
}

}  // namespace

int dump_verb(const Arguments& arguments) {
    const auto path = read_place("dump", "file", arguments);
    if (!path) return kDone;
    const uint64_t damage = dump_file(posix_file_system(), *path, all_policies(),
                                      [](const std::string& line) { std::cout << line << "\n"; });
    return damage == 0 ? kDone : exit_status(ErrorKind::corruption);
}

int repair_verb(const Arguments& arguments) {
    const auto folder = read_place("repair", "folder", arguments);
    if (!folder) return kDone;
    for (const std::string& words :
         repair_folder(posix_file_system(), *folder, all_policies()).words)
        std::cout << words << "\n";
    return kDone;
}

int verify_verb(const Arguments& arguments) {
    const auto folder = read_place("verify", "folder", arguments);
    if (!folder) return kDone;
    const VerifyReport report = verify_folder(posix_file_system(), *folder, all_policies());
    print_files(report);
    for (const std::string& note : report.notes) std::cout << "note: " << note << "\n";
    for (const Error& damage : report.damage) std::cout << "damage: " << damage.what() << "\n";
    std::cout << fmt::format("{}: {} read, {} entries in tables, {} operations in logs: {}\n",
                             *folder, format_size(report.bytes), report.entries, report.log_entries,
                             report.sound() ? "sound"
                                            : fmt::format("{} damaged places, ./lab repair {} "
                                                          "makes it open again",
                                                          report.damage.size(), *folder));
    return report.sound() ? kDone : exit_status(ErrorKind::corruption);
}

}  // namespace lsm::cli
