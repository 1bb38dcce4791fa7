#include "framework/cli/verbs.hpp"

#include <iostream>

#include <fmt/format.h>

#include "framework/base/build_info.hpp"
#include "framework/base/error.hpp"
#include "framework/base/text.hpp"

namespace lsm::cli {
namespace {

void print_usage() {
    std::cout << "usage: ./lab VERB [arguments]\n\n";
    for (const Verb& verb : all_verbs()) {
        std::cout << fmt::format("  {:<9} {:<22} {}\n", verb.name, verb.arguments, verb.about);
    }
    std::cout
        << "\n./lab VERB --help tells more about one verb. Exit status: 0 done, 1 a claim or check "
           "failed,\n2 usage or configuration, 3 corruption, 4 locked, 5 input/output, 6 version, "
           "130 interrupted.\n";
}

int help_verb(const Arguments& arguments) {
    if (!arguments.empty()) {
        return run_command({arguments.front(), "--help"});
    }
    print_usage();
    return kDone;
}

int version_verb(const Arguments&) {
    const BuildInfo& info = build_info();
    std::cout << "lsmlab " << info.version << " (" << info.build_type << ", " << info.compiler
              << ")\n";
    return kDone;
}

}  // namespace

const std::vector<Verb>& all_verbs() {
    static const std::vector<Verb> verbs{
        {"run", "FILE...", "run experiments and draw their curves", run_verb},
        {"check", "FILE...", "validate experiment files without running them", check_verb},
        {"compare", "RUN_A RUN_B", "what changed from one run to another, and what is beyond noise",
         compare_verb},
        {"list", "", "experiments and workloads, with one line about each", list_verb},
        {"policies", "[AXIS]", "every policy by axis, with options, units and ranges",
         policies_verb},
        {"model", "[FILE...]", "what a design costs by theory, without running it", model_verb},
        {"advise", "FILE", "the cheapest designs for a workload, memory and device", advise_verb},
        {"schema", "", "the JSON Schema of experiment files, for editors", schema_verb},
        {"backup", "FOLDER TO", "copy a closed tree's folder, with checksums", backup_verb},
        {"restore", "BACKUP TO", "check a backup and make a tree's folder from it", restore_verb},
        {"torture", "MACHINE...", "crashes, faults and rot of every kind, against the contract",
         torture_verb},
        {"verify", "FOLDER", "read every byte of a tree that is not open, and name all damage",
         verify_verb},
        {"dump", "FILE", "a log, manifest or table in words, with offsets and checksums",
         dump_verb},
        {"repair", "FOLDER", "make a damaged tree open again; quarantines, and says what was lost",
         repair_verb},
        {"help", "[VERB]", "this list, or more about a verb", help_verb},
        {"version", "", "what this is and how it was built", version_verb},
    };
    return verbs;
}

int run_command(const Arguments& arguments) {
    std::string name = arguments.empty() ? "help" : arguments.front();
    if (name == "--help" || name == "-h") {
        name = "help";
    } else if (name == "--version") {
        name = "version";
    }
    const Arguments rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
    std::vector<std::string> names;
    for (const Verb& verb : all_verbs()) {
        if (verb.name == name) {
            return verb.run(rest);
        }
        names.emplace_back(verb.name);
    }
    const auto guess = closest_match(name, names);
    throw Error(ErrorKind::usage,
                "unknown verb " + name + (guess ? "; did you mean " + *guess + "?" : ""), {},
                "verbs are " + join(names));
}

}  // namespace lsm::cli
