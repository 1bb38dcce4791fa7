#include "framework/torture/faults_machine.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/hash.hpp"
#include "framework/torture/faults_run.hpp"
#include "framework/torture/run_cases.hpp"
#include "framework/torture/shrink.hpp"

namespace lsm::torture {
namespace {

constexpr double kScripts = 6;
constexpr uint64_t kFailuresOfACase = 3;  // more of one case say little
constexpr uint64_t kShrinkSteps = 2000;   // a minute at most, with
constexpr uint64_t kShrinkRuns = 15'000;

/// Whether the run met its fault.
bool perform_run(const FaultsCase& of, const std::vector<FaultsStep>& steps, uint64_t n,
                 Tally& tally) {
    FaultsCase named = of;
    named.only = n;
    FaultsRun run(of, steps, n);
    try {
        run.run();
    } catch (const std::exception& breach) {
        tally.fail(named.text(), breach.what());
        return true;
    }
    if (!run.reached()) return false;
    tally.count("runs");
    if (run.failed()) {
        tally.count(of.fault == Fault::none ? "failed allocations" : "failed calls");
        tally.count("errors thrown", run.refused());
        if (!run.told()) tally.count("faults without a trace");
    }
    tally.explored(run.hash() ^ hash_bytes(named.text(), 0));
    return true;
}

void perform_case(const FaultsCase& of, uint64_t seed, Tally& tally) {
    const std::vector<FaultsStep> steps = faults_script(seed, of);
    if (of.only != 0) {
        perform_run(of, steps, of.only, tally);
        return;
    }
    const uint64_t before = tally.failed();
    uint64_t n = 1;
    while (perform_run(of, steps, n, tally) && tally.failed() < before + kFailuresOfACase) ++n;
    tally.count("cases");
    tally.highest("most calls of a workload", n - 1);
}

/// The same with fewer steps. Which call is to fail then is looked for from the old one down.
std::optional<Failure> shorter_script(const Failure& failure, uint64_t seed) {
    FaultsCase one = FaultsCase::parse(failure.only);
    std::optional<Failure> found;
    uint64_t runs = kShrinkRuns;
    const auto failing = [&](const std::vector<uint64_t>& kept) -> std::optional<uint64_t> {
        if (kept.empty()) return {};
        one.kept = Operations::of(kept);
        const std::vector<FaultsStep> steps = faults_script(seed, one);
        for (uint64_t n = one.only; n > 0 && runs > 0; --n, --runs) {
            Tally tally;
            perform_run(one, steps, n, tally);
            if (tally.failed() == 0) continue;
            one.only = n;
            found = tally.failures().front();
            return kept.back();
        }
        return {};
    };
    const auto all = one.kept.value_or(Operations::first(faults_script(seed, one.script).size()));
    shrink(all.numbers(), kShrinkSteps, failing);
    return found;
}

}  // namespace

Report run_faults_machine(const Options& options) {
    const auto scripts = static_cast<uint64_t>(std::ceil(kScripts * options.scale));
    std::vector<FaultsCase> cases = faults_cases(scripts);
    if (!options.only.empty()) cases = {FaultsCase::parse(options.only)};
    Report report = run_cases(
        options, cases.size(), [&](uint64_t number) { return cases[number].text(); },
        [&](uint64_t number, Tally& tally) { perform_case(cases[number], options.seed, tally); });
    shrink_failures(options, report,
                    [&](const Failure& failure) { return shorter_script(failure, options.seed); });
    return report;
}

}  // namespace lsm::torture
