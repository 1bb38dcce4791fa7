#include <iostream>

#include <fmt/format.h>

#include "framework/base/bug_museum.hpp"
#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/text.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/terminal_table.hpp"
#include "framework/torture/machine.hpp"
#include "framework/torture/museum_exhibits.hpp"

namespace lsm::cli {
namespace {

using torture::Machine;

constexpr double kMostScale = 10'000;

options::options_description torture_options() {
    options::options_description known("options");
    const torture::Options defaults;
    known.add_options()("seed", options::value<uint64_t>()->default_value(defaults.seed),
                        "what everything random is drawn from");
    known.add_options()("scale", options::value<double>()->default_value(defaults.scale),
                        "share of the whole target, as 0.01");
    known.add_options()("minutes", options::value<double>(),
                        "begin nothing more after so long; the digest is then of what was done");
    known.add_options()("threads", options::value<uint64_t>()->default_value(defaults.threads),
                        "cases side by side");
    known.add_options()("case", options::value<std::string>(),
                        "only this one, as a failure names it");
    known.add_options()("folder", options::value<std::string>(),
                        "a folder on a real disk to work in, for machines that need one; left out: "
                        "a temporary one");
    known.add_options()("first", "begin nothing more once something has failed");
    known.add_options()("no-shrink", "show failures as they were found, not with fewer operations");
    if (kMuseumBuild) {
        known.add_options()("bug", options::value<std::string>(),
                            "switch on this one of the museum's");
    }
    return known;
}

void switch_on_bug(const std::string& name) {
    std::vector<std::string> names;
    for (const torture::Exhibit& exhibit : torture::all_exhibits()) {
        if (exhibit.name == name) return switch_on(exhibit.bug);
        names.emplace_back(exhibit.name);
    }
    throw Error(ErrorKind::usage, "the museum has no bug " + name, {}, "it has " + join(names));
}

const Machine& machine_named(const std::string& name) {
    std::vector<std::string> names;
    for (const Machine& machine : torture::all_machines()) {
        if (machine.name == name) return machine;
        names.emplace_back(machine.name);
    }
    const auto guess = closest_match(name, names);
    throw Error(ErrorKind::usage,
                "unknown test machine " + name + (guess ? "; did you mean " + *guess + "?" : ""),
                {}, "machines are " + join(names));
}

void print_machines() {
    std::vector<std::vector<std::string>> rows;
    for (const Machine& machine : torture::all_machines())
        rows.push_back({machine.name, machine.about});
    std::cout << report::terminal_table({"machine", "about"}, rows, wants_colour(Stream::output))
              << "\n./lab torture MACHINE runs one; ./lab torture --help lists the options\n";
}

torture::Options read_options(const options::variables_map& values) {
    torture::Options read;
    read.seed = values["seed"].as<uint64_t>();
    read.scale = values["scale"].as<double>();
    read.threads = values["threads"].as<uint64_t>();
    if (values.contains("minutes")) read.minutes = values["minutes"].as<double>();
    if (values.contains("case")) read.only = values["case"].as<std::string>();
    if (values.contains("folder")) read.folder = values["folder"].as<std::string>();
    read.first = values.contains("first");
    read.shrink = !values.contains("no-shrink");
    if (values.contains("bug")) switch_on_bug(values["bug"].as<std::string>());
    if (!(read.scale > 0) || !(read.scale <= kMostScale))
        throw Error(ErrorKind::usage,
                    "--scale must be above 0, and at most " + format_number(kMostScale), {},
                    "1 is the whole target");
    if (values.contains("case") && read.only.empty())
        throw Error(ErrorKind::usage, "--case is empty", {}, "leave it out to run all cases");
    if (values.contains("minutes") && !(read.minutes > 0))
        throw Error(ErrorKind::usage, "--minutes must be above 0");
    if (read.threads == 0) throw Error(ErrorKind::usage, "--threads must be at least 1");
    return read;
}

/// `more`: options that a repetition needs too.
void print_report(const Machine& machine, const torture::Options& asked,
                  const torture::Report& report, const std::string& more) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, value] : report.tally.figures())
        rows.push_back({name, format_number(value)});
    rows.push_back({"failures", format_number(report.tally.failed())});
    std::cout << report::terminal_table({machine.name, ""}, rows, wants_colour(Stream::output));
    if (!report.rows.empty()) {
        std::cout << '\n'
                  << report::terminal_table(report.header, report.rows,
                                            wants_colour(Stream::output));
    }
    std::cout << fmt::format("\nseed {}, scale {}, digest {:016x}, {:.1f} s{}\n", asked.seed,
                             format_number(asked.scale), report.tally.digest(), report.seconds,
                             report.complete ? "" : "; stopped by --minutes before the end");
    for (const std::string& note : report.notes) std::cout << note << '\n';
    for (const torture::Failure& failure : report.tally.failures()) {
        std::cout << fmt::format(
            "\nFAILED: {}\n  repeat: ./lab torture {} --seed {} --scale {}{} --case '{}'\n",
            failure.what, machine.name, asked.seed, format_number(asked.scale), more, failure.only);
    }
    const uint64_t told = report.tally.failures().size();
    if (report.tally.failed() > told)
        std::cout << fmt::format("\nand {} failures more\n", report.tally.failed() - told);
}

}  // namespace

int torture_verb(const Arguments& arguments) {
    const auto values = read_arguments("torture", torture_options(), arguments, "machine");
    if (!values) return kDone;
    if (values->count("machine") == 0) {
        print_machines();
        return kDone;
    }
    const auto names = (*values)["machine"].as<std::vector<std::string>>();
    const torture::Options asked = read_options(*values);
    std::vector<const Machine*> machines;
    for (const std::string& name : names) machines.push_back(&machine_named(name));
    int status = kDone;
    for (const Machine* machine : machines) {
        const torture::Report report = machine->run(asked);
        print_report(*machine, asked, report,
                     values->contains("bug") ? " --bug " + (*values)["bug"].as<std::string>() : "");
        if (report.tally.failed() > 0) status = kClaimFailed;
    }
    return status;
}

}  // namespace lsm::cli
