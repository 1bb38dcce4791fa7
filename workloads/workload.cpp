#include <algorithm>
#include <map>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "workloads/client.hpp"

namespace lsm::workloads {

namespace {

double weight_sum(const Phase& phase) {
    return phase.read + phase.update + phase.insert + phase.read_modify_write + phase.scan +
           phase.remove + phase.read_missing + phase.put + phase.read_any + phase.delete_any;
}

/// Keys that the phase adds at most.
uint64_t new_keys(const Phase& phase) {
    if (phase.kind == PhaseKind::load) return phase.records;
    return phase.insert + phase.put > 0 ? phase.operations : 0;
}

}  // namespace

std::optional<WorkloadProblem> workload_problem(const std::vector<Phase>& given) {
    std::vector<Phase> phases = given;
    inherit_options(phases);
    if (phases.empty()) return WorkloadProblem{0, "a workload needs at least one phase"};
    uint64_t keys = 0;
    uint64_t writes = 0;
    for (size_t i = 0; i < phases.size(); ++i) {
        const Phase& phase = phases[i];
        if (phase.key != phases[0].key) {
            return WorkloadProblem{
                i, "key is " + format_number(phase.key) + " B, but the first phase has keys of " +
                       format_number(phases[0].key) + " B; all phases share their keys"};
        }
        if ((phase.order == "hashed") != (phases[0].order == "hashed")) {
            return WorkloadProblem{
                i, "order is " + phase.order + ", but the first phase has " + phases[0].order +
                       " keys; all phases share their keys, so set order in the first phase"};
        }
        keys += new_keys(phase);
        writes += phase.total();
        if (keys > kMaxIdentifier || std::max(keys, phase.key_space) > kMaxIdentifier) {
            return WorkloadProblem{i, "the phases up to here may insert more than 2147483647 keys"};
        }
        if (writes > UINT32_MAX)
            return WorkloadProblem{i, "the phases up to here have more than 4294967295 operations"};
    }
    return std::nullopt;
}

Workload::Workload(std::vector<Phase> phases, uint64_t seed, uint64_t clients)
    : phases_(std::move(phases)), seed_(seed), clients_(clients) {
    if (const auto problem = workload_problem(phases_)) {
        throw Error(ErrorKind::config, "phase " + format_number(uint64_t{problem->phase + 1}) +
                                           " of the workload: " + problem->message);
    }
    inherit_options(phases_);
    codec_.emplace(phases_[0].key, phases_[0].order == "hashed", seed);
    uint64_t first = 0;
    std::map<std::string, std::shared_ptr<const ValueMaker>>
        made;  // phases that write the same values share the buffer
    for (size_t i = 0; i < phases_.size(); ++i) {
        const Phase& phase = phases_[i];
        const uint64_t more = phase.kind == PhaseKind::load
                                  ? phase.records
                                  : static_cast<uint64_t>(expected_inserts(i));
        if (phase.order == "shuffled") codec_->add_shuffled_segment(first, more);
        first += more;
        std::string look;
        for (const auto& [name, text] : print_phase(phase)) {
            if (name.starts_with("value") || name == "compressibility")
                look += name + "=" + text + ";";
        }
        auto& values = made[look];
        if (!values) values = std::make_shared<const ValueMaker>(phase, seed);
        values_.push_back(values);
    }
}

uint64_t Workload::total_operations() const {
    uint64_t sum = 0;
    for (const Phase& phase : phases_) sum += phase.total();
    return sum;
}

double Workload::expected_inserts(size_t index) const {
    const Phase& phase = phases_[index];
    if (phase.kind == PhaseKind::load) return static_cast<double>(phase.records);
    return static_cast<double>(phase.operations) * (phase.insert / weight_sum(phase));
}

}  // namespace lsm::workloads
