#include "framework/experiment/estimate_run.hpp"

#include <algorithm>

#include "framework/base/error.hpp"
#include "framework/experiment/trial_recorder.hpp"

namespace lsm::experiment {

namespace {

double mean_value_bytes(const workloads::Phase& phase) {
    if (phase.value_sizes.empty()) {
        const auto ends =
            static_cast<double>(phase.value.front()) + static_cast<double>(phase.value.back());
        return ends / 2;
    }
    double sum = 0;
    double weights = 0;
    for (size_t i = 0; i < phase.value_sizes.size(); ++i) {
        const double weight =
            phase.value_weights.empty() ? 1 : static_cast<double>(phase.value_weights[i]);
        sum += weight * static_cast<double>(phase.value_sizes[i]);
        weights += weight;
    }
    return sum / weights;
}

uint64_t inserts_of(const workloads::Phase& phase) {
    if (phase.kind == workloads::PhaseKind::load) return phase.records;
    if (phase.insert <= 0) return 0;
    const double share = phase.insert / (phase.insert + phase.update);
    return static_cast<uint64_t>(static_cast<double>(phase.operations) * share + 0.5);
}

}  // namespace

std::optional<workloads::WorkloadProblem> estimate_problem(
    const std::vector<workloads::Phase>& given) {
    std::vector<workloads::Phase> phases = given;
    workloads::inherit_options(phases);
    double keys = 0;
    for (size_t i = 0; i < phases.size(); ++i) {
        const workloads::Phase& phase = phases[i];
        keys += static_cast<double>(inserts_of(phase));
        if (keys > 0x1p31 && phase.key < 16) {
            return workloads::WorkloadProblem{
                i, "so many keys do not fit into so few bytes; give them 16 B"};
        }
        if (phase.order == "sequential") {
            return workloads::WorkloadProblem{
                i, "the estimate takes keys to lie evenly; order is hashed or shuffled"};
        }
        if (phase.key != phases[0].key) {
            return workloads::WorkloadProblem{i, "all phases share their keys' size"};
        }
        if (phase.ttl > 0) {
            return workloads::WorkloadProblem{i, "the estimate knows no entries that expire"};
        }
        if (phase.kind == workloads::PhaseKind::load) continue;
        const double others = phase.read + phase.read_modify_write + phase.scan + phase.remove +
                              phase.read_missing + phase.put + phase.read_any + phase.delete_any +
                              phase.delete_range;
        if (others > 0 || phase.insert + phase.update <= 0) {
            return workloads::WorkloadProblem{i,
                                              "the estimate knows loads, inserts and updates only"};
        }
        // What a phase has that says nothing: each key as likely.
        if (phase.update > 0 && phase.distribution != workloads::Phase().distribution) {
            return workloads::WorkloadProblem{
                i, "the estimate knows uniform updates only, not " + phase.distribution};
        }
    }
    return std::nullopt;
}

const std::vector<std::string>& metrics_beyond_estimate() {
    static const std::vector<std::string> kNames{"read_amplification",
                                                 "read_amplification_window",
                                                 "read_amplification_empty",
                                                 "read_amplification_found",
                                                 "range_read_amplification",
                                                 "tables_probed",
                                                 "filter_probes",
                                                 "filter_false_positive_rate",
                                                 "filter_false_positive_rate_expected",
                                                 "tombstone_age_final_mean",
                                                 "model_read_amplification",
                                                 "model_read_amplification_empty",
                                                 "model_read_amplification_found"};
    return kNames;
}

TrialResult run_estimate(const Trial& trial, const TrialHooks& hooks, Engine& engine,
                         BulkEngine& bulk) {
    if (const auto problem = estimate_problem(trial.phases))
        throw Error(ErrorKind::config, problem->message);
    std::vector<workloads::Phase> phases = trial.phases;
    workloads::inherit_options(phases);
    uint64_t total = 0;
    for (const workloads::Phase& phase : phases) total += phase.total();
    const uint64_t wanted = std::max<uint64_t>(trial.measure_every, 1);
    const uint64_t every = wanted * (total / wanted / kMaxSamples + 1);

    TrialRecorder recorder(trial, engine);
    uint64_t done = 0;
    const auto sample = [&] {
        TrialRecorder::Progress progress;
        progress.operations = done;
        progress.live_entries = bulk.live_entries();
        progress.live_bytes = static_cast<uint64_t>(bulk.live_bytes() + 0.5);
        recorder.sample(progress);
    };
    for (size_t i = 0; i < phases.size(); ++i) {
        const workloads::Phase& phase = phases[i];
        recorder.note_phase(done, i + 1, phase);
        bulk.use_sizes(phase.key, mean_value_bytes(phase));
        uint64_t left = phase.total();
        uint64_t inserts_left = inserts_of(phase);
        while (left > 0) {
            const uint64_t now = std::min(left, every - done % every);
            const auto inserts =
                static_cast<uint64_t>(static_cast<double>(inserts_left) * static_cast<double>(now) /
                                          static_cast<double>(left) +
                                      0.5);
            done += now;
            recorder.set_operations(done);
            bulk.write(std::min(inserts, now), now - std::min(inserts, now));
            inserts_left -= std::min(inserts_left, inserts);
            left -= now;
            if (done % every == 0) sample();
            if (hooks.progress) hooks.progress(done, total);
            if (hooks.should_stop && hooks.should_stop()) throw TrialStopped();
        }
        if (done % every != 0) sample();
    }
    engine.settle();
    sample();
    return recorder.finish();
}

}  // namespace lsm::experiment
