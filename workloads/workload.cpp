#include <algorithm>
#include <map>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "workloads/client.hpp"
#include "workloads/displaced_order.hpp"
#include "workloads/trace.hpp"

namespace lsm::workloads {

namespace {

bool same_keys(const Phase& one, const Phase& other) {
    const auto kind = [](const std::string& order) {
        return order == "shuffled" ? std::string("sequential") : order;
    };
    return kind(one.order) == kind(other.order) && one.series == other.series;
}

const Phase& first_of_section(const std::vector<Phase>& phases, uint64_t section) {
    return *std::find_if(phases.begin(), phases.end(),
                         [&](const Phase& phase) { return phase.section == section; });
}

bool uses_ranges(const Phase& phase) {
    for (const std::string* name :
         {&phase.distribution, &phase.read_distribution, &phase.update_distribution,
          &phase.delete_distribution, &phase.scan_distribution}) {
        if (*name == "ranges") return true;
    }
    return false;
}

/// What is wrong with the phase beside the first one of its section.
std::optional<std::string> key_problem(const std::vector<Phase>& phases, const Phase& phase) {
    const Phase& first = first_of_section(phases, phase.section);
    if (phase.key != phases[0].key) {
        return "key is " + format_number(phase.key) + " B, but the first phase has keys of " +
               format_number(phases[0].key) + " B; all phases share their keys";
    }
    if (!same_keys(phase, first)) {
        return "order is " + phase.order + ", but the first phase has " + first.order +
               " keys; all phases of a section share their keys, so set order (and series) in the "
               "first one";
    }
    if (phase.out_of_order > 0 && phase.order != "sequential")
        return "out_of_order needs order: sequential, which it departs from";
    if (phase.out_of_order < 0 && (phase.displacement >= 0 || !phase.displacement_beta.empty()))
        return "displacement says how far keys that are out_of_order come from their place: set "
               "out_of_order";
    if (phase.series > 1 && phase.order != "time_series") return "series needs order: time_series";
    if (uses_ranges(phase) && phase.order == "hashed") {
        return "distribution: ranges needs keys with neighbours, order: shuffled or sequential in "
               "the first phase; hashed ones have none";
    }
    if (phase.delete_range > 0 && phase.delete_start == "oldest" && phase.order != "sequential" &&
        phase.order != "time_series") {
        return "delete_start: oldest needs order: sequential or time_series, where the first keys "
               "are the oldest";
    }
    return std::nullopt;
}

/// What is wrong with the first phase's keys for so many sections.
std::optional<std::string> size_problem(const std::vector<Phase>& phases, const Phase& phase) {
    const bool sections = std::any_of(phases.begin(), phases.end(), [&](const Phase& one) {
        return one.section != phase.section;
    });
    const uint64_t least = (phase.order == "time_series" ? 12U : 8U) + (sections ? 2U : 0U);
    if (phase.key >= least) return std::nullopt;
    return "key is " + format_number(phase.key) + " B, and " +
           (sections ? "sections" : "time series") + " of " + phase.order + " keys need at least " +
           format_number(least) + " B";
}

/// Traces have keys of their own, which only one client can follow.
std::optional<WorkloadProblem> replay_problem(const std::vector<Phase>& phases, uint64_t clients) {
    const bool replays = phases[0].kind == PhaseKind::replay;
    for (size_t i = 0; i < phases.size(); ++i) {
        if ((phases[i].kind == PhaseKind::replay) != replays) {
            return WorkloadProblem{i, "a workload replays traces or makes its own keys, not both"};
        }
    }
    if (replays && clients > 1)
        return WorkloadProblem{0, "a trace has one order of operations, which needs threads: 1"};
    return std::nullopt;
}

}  // namespace

std::optional<WorkloadProblem> workload_problem(const std::vector<Phase>& given, uint64_t clients) {
    std::vector<Phase> phases = given;
    inherit_options(phases);
    if (phases.empty()) return WorkloadProblem{0, "a workload needs at least one phase"};
    if (auto wrong = replay_problem(phases, clients)) return wrong;
    uint64_t keys = 0;
    uint64_t writes = 0;
    for (size_t i = 0; i < phases.size(); ++i) {
        const Phase& phase = phases[i];
        if (auto wrong = key_problem(phases, phase)) return WorkloadProblem{i, *wrong};
        if (auto wrong = size_problem(phases, phase)) return WorkloadProblem{i, *wrong};
        if (phase.delete_range > 0 && clients > 1)
            return WorkloadProblem{i, "delete_range needs threads: 1: a range has keys of all"};
        keys += phase.new_keys();
        writes += phase.total();
        if (keys > kMaxIdentifier || std::max(keys, phase.key_space) > kMaxIdentifier) {
            return WorkloadProblem{i, "the phases up to here may insert more than 2147483647 keys"};
        }
        if (writes > UINT32_MAX)
            return WorkloadProblem{i, "the phases up to here have more than 4294967295 operations"};
    }
    return std::nullopt;
}

Workload::Workload(std::vector<Phase> phases, uint64_t seed, uint64_t clients, FileSystem* files)
    : phases_(std::move(phases)),
      seed_(seed),
      clients_(clients),
      files_(files != nullptr ? *files : posix_file_system()) {
    if (const auto problem = workload_problem(phases_, clients)) {
        throw Error(ErrorKind::config, "phase " + format_number(uint64_t{problem->phase + 1}) +
                                           " of the workload: " + problem->message);
    }
    for (Phase& phase : phases_) {
        if (phase.kind == PhaseKind::replay && phase.operations == 0) survey_trace(phase, files_);
    }
    inherit_options(phases_);
    make_codecs();
    make_values();
}

void Workload::make_codecs() {
    std::map<uint64_t, size_t> index;
    for (const Phase& phase : phases_) index.emplace(phase.section, 0);
    size_t next = 0;
    for (auto& [section, place] : index) {
        place = next++;
        const Phase& first = first_of_section(phases_, section);
        KeyCodec codec(first.key, first.order == "hashed", seed_);
        if (index.size() > 1) codec.use_section(section);
        if (first.order == "time_series") {
            const uint64_t series = std::max<uint64_t>(first.series, 1);
            codec.use_series(series, std::min(total_operations(), kMaxIdentifier) / series + 1);
        }
        codecs_.push_back(std::move(codec));
    }
    std::vector<uint64_t> inserted(codecs_.size());
    for (size_t i = 0; i < phases_.size(); ++i) {
        const Phase& phase = phases_[i];
        const size_t section = index[phase.section];
        sections_.push_back(section);
        const uint64_t first = inserted[section];
        const auto more = static_cast<uint64_t>(expected_inserts(i));
        if (phase.order == "shuffled") codecs_[section].add_shuffled_segment(first, more);
        if (phase.order == "sequential" && phase.out_of_order > 0) {
            Sortedness sortedness;
            sortedness.out_of_order = phase.out_of_order;
            sortedness.displacement = phase.displacement < 0 ? 0.1 : phase.displacement;
            if (!phase.displacement_beta.empty()) {
                sortedness.first_shape = phase.displacement_beta[0];
                sortedness.second_shape = phase.displacement_beta[1];
            }
            codecs_[section].add_displaced_segment(first,
                                                   displaced_order(more, sortedness, seed_ + i));
        }
        inserted[section] += more;
    }
}

void Workload::make_values() {
    // Phases that write the same values share the buffer.
    std::map<std::string, std::shared_ptr<const ValueMaker>> made;
    for (const Phase& phase : phases_) {
        std::string look;
        if (phase.kind == PhaseKind::replay) look = format_number(phase.value.front()) + " B;";
        for (const auto& [name, text] : print_phase(phase)) {
            if (name.starts_with("value") || name == "compressibility")
                look += name + "=" + text + ";";
        }
        auto& values = made[look];
        if (!values) values = std::make_shared<const ValueMaker>(phase, seed_);
        values_.push_back(values);
    }
}

uint64_t Workload::largest_whole() const {
    return codecs_.back().whole(codecs_.back().largest_number());
}

// Numbers beyond a section's largest, and in sections that there are not, stand for no key; what
// searches among keys by number may ask for them all the same.
void Workload::encode_whole(uint64_t whole, std::string& key) const {
    const KeyCodec* codec = &codecs_.back();
    for (size_t i = codecs_.size(); i-- > 0;) {
        if (codecs_[i].section() >= whole >> KeyCodec::kWholeBits) codec = &codecs_[i];
    }
    const bool below = !codec->has_whole(whole);
    const uint64_t number = below ? 0 : codec->number_of_whole(whole);
    codec->encode(std::min(number, codec->largest_number()), key);
}

uint64_t Workload::total_operations() const {
    uint64_t sum = 0;
    for (const Phase& phase : phases_) sum += phase.total();
    return sum;
}

double Workload::expected_inserts(size_t index) const {
    const Phase& phase = phases_[index];
    if (phase.kind == PhaseKind::load) return static_cast<double>(phase.records);
    if (phase.kind == PhaseKind::replay) return 0;
    return static_cast<double>(phase.operations) * (phase.insert / phase.weight_sum());
}

}  // namespace lsm::workloads
