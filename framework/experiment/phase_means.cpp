#include "framework/experiment/phase_means.hpp"

namespace lsm::experiment {
namespace {

double mean_value_bytes(const workloads::Phase& phase) {
    if (phase.value.size() == 1) return static_cast<double>(phase.value[0]);
    if (phase.value.size() == 2) return static_cast<double>(phase.value[0] + phase.value[1]) / 2;
    double sum = 0;
    double weights = 0;
    for (size_t i = 0; i < phase.value_sizes.size(); ++i) {
        const double weight =
            phase.value_weights.empty() ? 1 : static_cast<double>(phase.value_weights[i]);
        sum += weight * static_cast<double>(phase.value_sizes[i]);
        weights += weight;
    }
    return weights > 0 ? sum / weights : 0;
}

}  // namespace

PhaseMeans means_of(const workloads::Phase& phase) {
    PhaseMeans means;
    means.entry_bytes = static_cast<double>(phase.key) + mean_value_bytes(phase);
    if (phase.kind == workloads::PhaseKind::load) {
        means.inserts = 1;
        return means;
    }
    const double all = phase.read + phase.update + phase.insert + phase.read_modify_write +
                       phase.scan + phase.remove + phase.read_missing + phase.put + phase.read_any +
                       phase.delete_any;
    if (!(all > 0)) return means;
    means.inserts = phase.insert / all;
    means.updates = (phase.update + phase.read_modify_write) / all;
    means.puts = phase.put / all;
    means.scans = phase.scan / all;
    means.deletes = (phase.remove + phase.delete_any) / all;
    const double reads = (phase.read + phase.read_any + phase.read_modify_write) / all;
    means.empty_gets = phase.read_missing / all + reads * phase.empty_reads;
    means.found_gets = reads * (1 - phase.empty_reads);
    return means;
}

/// The phases, filled in as the runner does.
std::vector<workloads::Phase> phases_of(const Trial& trial) {
    std::vector<workloads::Phase> phases = trial.phases;
    workloads::inherit_options(phases);
    return phases;
}

}  // namespace lsm::experiment
