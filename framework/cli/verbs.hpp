// The verbs of the command line, one file each. A verb takes the arguments after its name, prints
// what was asked for to standard output and everything else to standard error, and returns the exit
// status. Errors are thrown; main prints them.
#pragma once

#include <string>
#include <vector>

namespace lsm::cli {

using Arguments = std::vector<std::string>;

int run_verb(const Arguments& arguments);
int check_verb(const Arguments& arguments);
int compare_verb(const Arguments& arguments);
int list_verb(const Arguments& arguments);
int policies_verb(const Arguments& arguments);
int schema_verb(const Arguments& arguments);
int model_verb(const Arguments& arguments);
int advise_verb(const Arguments& arguments);
int backup_verb(const Arguments& arguments);
int restore_verb(const Arguments& arguments);
int torture_verb(const Arguments& arguments);
int dump_verb(const Arguments& arguments);
int repair_verb(const Arguments& arguments);
int verify_verb(const Arguments& arguments);

struct Verb {
    const char* name;
    const char* arguments;
    const char* about;
    int (*run)(const Arguments& arguments);
};

const std::vector<Verb>& all_verbs();

/// Carries out a command line without the program's name; what main does but for printing errors.
int run_command(const Arguments& arguments);

inline constexpr int kDone = 0;
inline constexpr int kClaimFailed = 1;
inline constexpr int kInterrupted = 130;

}  // namespace lsm::cli
