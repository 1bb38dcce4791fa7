#include "framework/torture/run_cases.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <vector>

#include "framework/os/clock.hpp"
#include "framework/os/threads.hpp"

namespace lsm::torture {

namespace {

constexpr size_t kShrunk = 3;  // more would take long and say little

}  // namespace

Report run_cases(const Options& options, uint64_t count,
                 const std::function<std::string(uint64_t number)>& name,
                 const std::function<void(uint64_t number, Tally& tally)>& perform) {
    const uint64_t began = system_clock().nanoseconds();
    const auto over = [&] {
        const auto spent = static_cast<double>(system_clock().nanoseconds() - began);
        return options.minutes > 0 && spent > options.minutes * 60e9;
    };
    const uint64_t threads = std::max<uint64_t>(1, std::min(options.threads, count));
    std::vector<Tally> tallies(threads);
    std::atomic<uint64_t> next{0};
    std::atomic<bool> complete{true};
    std::atomic<bool> enough{false};
    run_together(threads, [&](uint64_t thread) {
        for (uint64_t number = next++; number < count; number = next++) {
            if (enough) return;
            if (over()) {
                complete = false;
                return;
            }
            try {
                perform(number, tallies[thread]);
            } catch (const std::exception& error) {
                tallies[thread].fail(name(number), error.what());
            }
            if (options.first && tallies[thread].failed() > 0) enough = true;
        }
    });
    Report report;
    for (const Tally& tally : tallies) report.tally.add(tally);
    report.complete = complete;
    report.seconds = static_cast<double>(system_clock().nanoseconds() - began) / 1e9;
    return report;
}

void shrink_failures(const Options& options, Report& report,
                     const std::function<std::optional<Failure>(const Failure&)>& shorter) {
    if (!options.shrink) return;
    report.tally.rewrite_failures(
        kShrunk, [&](const Failure& failure) { return shorter(failure).value_or(failure); });
}

}  // namespace lsm::torture
