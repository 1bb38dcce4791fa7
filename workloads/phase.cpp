#include "workloads/phase.hpp"

#include <cmath>
#include <utility>

#include "workloads/key_ranges.hpp"
#include "workloads/option_forms.hpp"

namespace lsm::workloads {

namespace {

uint64_t entry_key(const Phase& phase) {
    return static_cast<uint64_t>(static_cast<double>(phase.entry) * phase.key_share + 0.5);
}

std::optional<std::string> pareto_problem(const std::string& name,
                                          const std::vector<double>& pareto) {
    if (pareto.empty()) return std::nullopt;
    if (pareto.size() != 2) return name + " is [shape, scale]";
    if (!(pareto[1] > 0)) return name + " is [shape, scale], and the scale is not above 0";
    return std::nullopt;
}

std::optional<std::string> entry_problem(const Phase& phase) {
    const bool has_entry = phase.entry > 0;
    if (has_entry != (phase.key_share >= 0)) return "entry and key_share need each other";
    if (!has_entry) return std::nullopt;
    const uint64_t key = entry_key(phase);
    if (key < 8 || key > phase.entry) {
        return "key_share of entry gives keys of " + format_number(key) +
               " B; a key has 8 B at least";
    }
    if ((phase.key != 0 && phase.key != key) || !phase.value_sizes.empty() ||
        !phase.value_pareto.empty() ||
        (!phase.value.empty() && phase.value != std::vector<uint64_t>{phase.entry - key})) {
        return "entry with key_share, and key with value, exclude each other";
    }
    return std::nullopt;
}

std::optional<std::string> order_problem(const Phase& phase) {
    if (phase.displacement_beta.size() != 2 && !phase.displacement_beta.empty())
        return "displacement_beta is two shapes";
    if (phase.out_of_order > 0 && !phase.order.empty() && phase.order != "sequential")
        return "out_of_order needs order: sequential, which it departs from";
    if (phase.series > 1 && !phase.order.empty() && phase.order != "time_series")
        return "series needs order: time_series";
    return std::nullopt;
}

std::optional<std::string> data_problem(const Phase& phase) {
    if (phase.value.size() > 2)
        return "value is one size or [smallest, largest]; for a list use value_sizes";
    if (phase.value.size() == 2 && phase.value[0] > phase.value[1]) {
        return "value is [smallest, largest], and the first is larger than the second";
    }
    if (!phase.value.empty() && !phase.value_sizes.empty())
        return "value and value_sizes exclude each other";
    if (!phase.value_pareto.empty() && !(phase.value.empty() && phase.value_sizes.empty()))
        return "value_pareto excludes value and value_sizes";
    if (auto wrong = pareto_problem("value_pareto", phase.value_pareto)) return wrong;
    if (auto wrong = entry_problem(phase)) return wrong;
    if (auto wrong = order_problem(phase)) return wrong;
    if (phase.value_weights.empty()) return std::nullopt;
    if (phase.value_weights.size() != phase.value_sizes.size()) {
        return "value_weights needs one weight for each of value_sizes";
    }
    for (const uint64_t one : phase.value_weights) {
        if (one > 0) return std::nullopt;
    }
    return "all of value_weights are 0";
}

std::optional<std::string> exact_problem(const Phase& phase) {
    if (phase.operations != 0)
        return "operations and exact exclude each other: the weights are counts, and operations "
               "is their sum";
    for (const double one : phase.weights()) {
        if (one != std::floor(one)) return "with exact, weights are whole numbers of operations";
    }
    return std::nullopt;
}

std::optional<std::string> distribution_problem(const Phase& phase) {
    if (phase.beta.size() != 2) return "beta is two shapes";
    if (phase.range_weights.size() != 4) return "range_weights is [a, b, c, d]";
    if (phase.range_power.size() != 2 || !(phase.range_power[0] > 0) ||
        !(phase.range_power[1] > 0)) {
        return "range_power is [a, b], both above 0";
    }
    if (range_shares(phase).empty())
        return "range_weights give a weight below 0 or too large to a range, or 0 to all";
    return pareto_problem("scan_pareto", phase.scan_pareto);
}

template <class P>
std::vector<std::pair<std::string, std::string>> print_kind(const Phase& phase) {
    P of_kind;
    static_cast<Phase&>(of_kind) = phase;
    auto texts = print_options<P>(of_kind);
    std::erase_if(texts, [&](const auto& text) {
        if (text.first == "key") return phase.key == 0;
        if (text.first == "compressibility") return phase.compressibility < 0;
        if (text.first == "operations") return phase.exact;
        return text.second.empty() || text.second == "[]";
    });
    return texts;
}

template <class P>
Phase read_kind(const OptionValues& values, std::vector<OptionProblem>& problems) {
    std::vector<OptionProblem> found;
    const P phase = read_options<P>(values, found);
    for (auto& problem : found) {
        bool known = problem.option.empty();
        for (const auto& field : P::table()) known = known || field.info.name == problem.option;
        if (!known) {
            problem.message =
                std::string("is not an option of a ") + phase_kind_name(phase.kind) + " phase";
        }
        problems.push_back(std::move(problem));
    }
    return phase;
}

}  // namespace

const char* phase_kind_name(PhaseKind kind) {
    switch (kind) {
        case PhaseKind::load:
            return "load";
        case PhaseKind::run:
            return "run";
        case PhaseKind::replay:
            return "replay";
    }
    return "?";
}

const std::vector<std::string>& phase_kind_names() {
    static const std::vector<std::string> names{"load", "run", "replay"};
    return names;
}

std::optional<PhaseKind> find_phase_kind(std::string_view name) {
    for (const PhaseKind kind : {PhaseKind::load, PhaseKind::run, PhaseKind::replay}) {
        if (name == phase_kind_name(kind)) return kind;
    }
    return std::nullopt;
}

std::array<double, 11> Phase::weights() const {
    return {read,         update, insert,   read_modify_write, scan,        remove,
            read_missing, put,    read_any, delete_any,        delete_range};
}

double Phase::weight_sum() const {
    double sum = 0;
    for (const double one : weights()) sum += one;
    return sum;
}

uint64_t Phase::new_keys() const {
    if (kind == PhaseKind::load) return records;
    if (kind == PhaseKind::replay || !(insert + put > 0)) return 0;
    return exact ? static_cast<uint64_t>(insert + put) : operations;
}

bool Phase::needs_live_keys() const {
    return kind == PhaseKind::run &&
           read + update + read_modify_write + scan + remove + delete_range > 0;
}

void scale_exact(Phase& phase, double scale) {
    if (!phase.exact || scale == 1) return;
    for (double Phase::* weight :
         {&Phase::read, &Phase::update, &Phase::insert, &Phase::read_modify_write, &Phase::scan,
          &Phase::remove, &Phase::read_missing, &Phase::put, &Phase::read_any, &Phase::delete_any,
          &Phase::delete_range}) {
        if (phase.*weight > 0)
            phase.*weight = std::fmax(1, std::floor(phase.*weight * scale + 0.5));
    }
    phase.operations = static_cast<uint64_t>(phase.weight_sum());
}

std::optional<std::string> LoadPhase::problem() const {
    if (records == 0) return "a load phase needs records";
    return data_problem(*this);
}

std::optional<std::string> RunPhase::problem() const {
    if (operations == 0 && !exact) return "a run phase needs operations";
    if (!(weight_sum() > 0)) {
        return "a run phase needs the weight of at least one operation (read, update, insert, "
               "...), or use: with a named "
               "mix";
    }
    if (exact) {
        if (auto wrong = exact_problem(*this)) return wrong;
    }
    if (scan_length.empty() || scan_length.size() > 2)
        return "scan_length is one number or [fewest, most]";
    if (scan_length.size() == 2 && scan_length[0] > scan_length[1]) {
        return "scan_length is [fewest, most], and the first is larger than the second";
    }
    if (auto wrong = distribution_problem(*this)) return wrong;
    return data_problem(*this);
}

std::optional<std::string> ReplayPhase::problem() const {
    if (file.empty()) return "a replay phase needs a file, the trace";
    if (format == "csv" && operations_per_second > 0) {
        return "operations_per_second is for `format: twitter`: the ttl of a csv is in operations "
               "already";
    }
    return std::nullopt;
}

std::vector<OptionInfo> describe_phase(PhaseKind kind) {
    switch (kind) {
        case PhaseKind::load:
            return describe_options<LoadPhase>();
        case PhaseKind::run:
            return describe_options<RunPhase>();
        case PhaseKind::replay:
            return describe_options<ReplayPhase>();
    }
    return {};
}

Phase read_phase(PhaseKind kind, const std::string& name, const OptionValues& values,
                 std::vector<OptionProblem>& problems) {
    Phase phase = kind == PhaseKind::load  ? read_kind<LoadPhase>(values, problems)
                  : kind == PhaseKind::run ? read_kind<RunPhase>(values, problems)
                                           : read_kind<ReplayPhase>(values, problems);
    phase.kind = kind;
    phase.name = name;
    if (phase.exact) phase.operations = static_cast<uint64_t>(phase.weight_sum());
    if (phase.entry > 0 && phase.key_share >= 0) {
        phase.key = entry_key(phase);
        phase.value = {phase.entry - phase.key};
    }
    return phase;
}

std::vector<std::pair<std::string, std::string>> print_phase(const Phase& phase) {
    switch (phase.kind) {
        case PhaseKind::load:
            return print_kind<LoadPhase>(phase);
        case PhaseKind::run:
            return print_kind<RunPhase>(phase);
        case PhaseKind::replay:
            return print_kind<ReplayPhase>(phase);
    }
    return {};
}

void inherit_options(std::vector<Phase>& phases) {
    Phase before;
    before.key = 16;
    before.value = {1000};
    before.compressibility = 0.5;
    before.order = "hashed";
    for (Phase& phase : phases) {
        if (phase.key == 0) phase.key = before.key;
        if (phase.value.empty() && phase.value_sizes.empty() && phase.value_pareto.empty()) {
            phase.value = before.value;
            phase.value_sizes = before.value_sizes;
            phase.value_weights = before.value_weights;
            phase.value_pareto = before.value_pareto;
            phase.value_limit = before.value_limit;
        }
        if (phase.compressibility < 0) phase.compressibility = before.compressibility;
        if (phase.order.empty()) phase.order = before.order;
        if (phase.out_of_order < 0) phase.out_of_order = before.out_of_order;
        if (phase.displacement < 0) phase.displacement = before.displacement;
        if (phase.displacement_beta.empty()) phase.displacement_beta = before.displacement_beta;
        if (phase.series == 0) phase.series = before.series;
        before = phase;
    }
}

}  // namespace lsm::workloads
