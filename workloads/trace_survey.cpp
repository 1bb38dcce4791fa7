// Reading a trace through before it is replayed: how long it is, which one it is, and all that is
// wrong with it.
#include <algorithm>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "workloads/trace.hpp"

namespace lsm::workloads {

namespace {

constexpr uint64_t kFingerprints = 1'000'000'000'000'000;
constexpr uint64_t kMostProblems = 20;  // that are told of one trace

}  // namespace

void check_fingerprint(const Phase& phase, uint64_t fingerprint) {
    if (phase.fingerprint == 0 || phase.fingerprint == fingerprint) return;
    throw Error(
        ErrorKind::config,
        "the trace is not the one that fingerprint names: it has " + format_number(fingerprint),
        {phase.path.empty() ? phase.file : phase.path, {}, {}, {}},
        "leave fingerprint out where any trace will do");
}

void survey_trace(Phase& phase, FileSystem& files) {
    const std::string& path = phase.path.empty() ? phase.file : phase.path;
    uint64_t problems = 0;
    std::string text;
    TraceReader trace(files, path, phase.format, [&](const Error& error) {
        if (++problems <= kMostProblems)
            text += std::string(text.empty() ? "" : "\n") + error.what();
    });
    TraceOperation operation;
    uint64_t operations = 0;
    uint64_t largest = 1;
    phase.first_ttl = 0;
    while ((phase.limit == 0 || operations < phase.limit) && trace.next(operation)) {
        ++operations;
        largest = std::max(largest, operation.value_bytes);
        if (operation.ttl > 0 && phase.first_ttl == 0) phase.first_ttl = trace.line();
    }
    if (problems > kMostProblems)
        text += "\nand " + format_number(problems - kMostProblems) + " more in " + path;
    if (problems > 0) throw Error(ErrorKind::config, text);
    if (operations == 0)
        throw Error(ErrorKind::config, "the trace has no operation", {path, {}, {}, {}});
    const uint64_t fingerprint = std::max<uint64_t>(trace.fingerprint() % kFingerprints, 1);
    check_fingerprint(phase, fingerprint);
    phase.fingerprint = fingerprint;
    phase.operations = operations;
    phase.value = {largest};
}

}  // namespace lsm::workloads
