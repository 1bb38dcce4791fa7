#include "framework/torture/museum.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/number.hpp"
#include "framework/os/clock.hpp"
#include "framework/os/machine.hpp"
#include "framework/os/process.hpp"
#include "framework/torture/museum_exhibits.hpp"
#include "framework/torture/run_cases.hpp"

namespace lsm::torture {

namespace {

constexpr double kMinutes = 0.5;   // of a machine on a bug
constexpr int kHangSeconds = 120;  // then a machine hangs
constexpr int kTimedOut = 124;     // timeout(1) says so
constexpr int kFailureFound = 1;

const std::vector<std::string>& machines() {
    static const std::vector<std::string> kAll = [] {
        std::vector<std::string> names;
        for (const auto& machine : all_machines()) {
            if (machine.name != std::string("museum")) names.emplace_back(machine.name);
        }
        return names;
    }();
    return kAll;
}

struct Catch {
    std::string machine;
    std::string how;  // "a failure", "a crash", "a hang"
    double seconds = 0;
};

/// What the machine makes of the bug; nothing: it finds nothing.
std::optional<Catch> let_loose(const std::string& machine, Bug bug, const std::string& name,
                               const Options& options) {
    std::vector<std::string> words{"timeout",
                                   "-s",
                                   "KILL",
                                   std::to_string(kHangSeconds),
                                   program_file(),
                                   "torture",
                                   machine,
                                   "--first",
                                   "--no-shrink",
                                   "--threads",
                                   "1",
                                   "--minutes",
                                   format_number(kMinutes),
                                   "--seed",
                                   std::to_string(options.seed)};
    if (bug != Bug::none) words.insert(words.end(), {"--bug", name});
    const uint64_t began = system_clock().nanoseconds();
    const ProcessResult result = run_process(words);
    Catch found{machine, "a failure",
                static_cast<double>(system_clock().nanoseconds() - began) / 1e9};
    if (result.exit_status == 0) return std::nullopt;
    if (result.exit_status == kTimedOut || result.exit_status == 128 + 9) {
        found.how = "a hang";
    } else if (result.exit_status >= 128) {
        found.how = "a crash";
    } else if (result.exit_status != kFailureFound) {
        throw Error(ErrorKind::io, "the machine " + machine + " could not run: " + result.output);
    }
    return found;
}

std::vector<std::string> order_for(const Exhibit& exhibit) {
    std::vector<std::string> order = machines();
    std::stable_partition(order.begin(), order.end(),
                          [&](const std::string& name) { return name == exhibit.machine; });
    return order;
}

/// The machines alone, where nothing is to be found, and then every bug.
std::vector<Exhibit> exhibits_for(const Options& options) {
    std::vector<Exhibit> exhibits;
    for (const std::string& machine : machines())
        exhibits.push_back({Bug::none, "no bug", "", "", machine.c_str()});
    for (const Exhibit& exhibit : all_exhibits()) exhibits.push_back(exhibit);
    if (!options.only.empty())
        std::erase_if(exhibits, [&](const Exhibit& one) { return options.only != one.name; });
    if (exhibits.empty()) throw Error(ErrorKind::usage, "the museum has no bug " + options.only);
    return exhibits;
}

using Row = std::vector<std::string>;

Row visit_machine(const Exhibit& exhibit, const Options& options, Tally& tally) {
    const auto found = let_loose(exhibit.machine, exhibit.bug, exhibit.name, options);
    if (found) {
        tally.fail("no bug", std::string(exhibit.machine) + " finds " + found->how +
                                 " where there is no bug");
    }
    return {exhibit.name, exhibit.machine, found ? found->how : "nothing", ""};
}

Row visit_bug(const Exhibit& exhibit, const Options& options, Tally& tally) {
    tally.count("bugs");
    for (const std::string& machine : order_for(exhibit)) {
        const auto found = let_loose(machine, exhibit.bug, exhibit.name, options);
        if (!found) continue;
        tally.count("caught");
        tally.count("caught by " + machine);
        tally.explored(hash_bytes(exhibit.name + machine + found->how, 0));
        return {exhibit.name, machine, found->how, fmt::format("{:.1f}", found->seconds)};
    }
    tally.fail(exhibit.name, std::string("no machine catches ") + exhibit.name + ": " +
                                 exhibit.story + " " + exhibit.source);
    return {exhibit.name, "none", "", ""};
}

}  // namespace

Report run_museum(const Options& options) {
    if (!kMuseumBuild) {
        throw Error(ErrorKind::usage, "this build has no bugs to show", {},
                    "./lab torture museum makes one that has; by hand: -DLSMLAB_MUSEUM=ON");
    }
    const std::vector<Exhibit> exhibits = exhibits_for(options);
    std::vector<Row> rows(exhibits.size());
    Report report = run_cases(
        options, exhibits.size(), [&](uint64_t number) { return exhibits[number].name; },
        [&](uint64_t number, Tally& tally) {
            const Exhibit& exhibit = exhibits[number];
            rows[number] = exhibit.bug == Bug::none ? visit_machine(exhibit, options, tally)
                                                    : visit_bug(exhibit, options, tally);
        });
    report.header = {"bug", "caught by", "as", "seconds"};
    for (Row& row : rows) {
        if (!row.empty()) report.rows.push_back(std::move(row));
    }
    return report;
}

}  // namespace lsm::torture
