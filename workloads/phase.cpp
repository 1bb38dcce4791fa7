#include "workloads/phase.hpp"

#include <utility>

#include "framework/base/entry.hpp"

namespace lsm::workloads {

namespace {

// Key identifiers are 31 bits, so that twice as many numbers fit 8 hexadecimal digits
// (key_codec.hpp).
constexpr double kMaxKeys = 2147483647.0;
constexpr double kMaxWeight = 1e9;

/// The option says nothing by itself: what it is comes from the phase before.
template <class P>
OptionField<P> inherited(OptionField<P> field) {
    field.info.default_text.clear();
    return field;
}

/// A list that may be written without brackets when it has one item, and is printed so.
template <class P>
OptionField<P> scalar_or_list(OptionField<P> field, std::vector<uint64_t> Phase::* member) {
    auto parse = field.parse;
    auto print = field.print;
    field.parse = [parse](P& phase, const OptionValue& value) {
        OptionValue list = value;
        list.is_list = true;
        return parse(phase, list);
    };
    field.print = [print, member](const P& phase) {
        const std::string text = print(phase);
        const bool one = (phase.*member).size() == 1 && text.size() > 2 && text.front() == '[';
        return one ? text.substr(1, text.size() - 2) : text;
    };
    return field;
}

template <class P>
OptionField<P> size_list_option(std::string name, std::vector<uint64_t> Phase::* member,
                                OptionRange range, std::string about) {
    OptionInfo info{std::move(name), OptionType::size_list, range, {},
                    "bytes",         std::move(about),      {}};
    return lsm::detail::make_field<P, std::vector<uint64_t>>(std::move(info), member);
}

template <class P>
OptionField<P> weight(std::string name, double Phase::* member, std::string about) {
    return option<P>(std::move(name), member, {0, kMaxWeight}, "", std::move(about));
}

/// What both kinds of phase say about keys and values.
template <class P>
OptionTable<P> data_options() {
    const OptionRange value_range{0, static_cast<double>(kMaxValueBytes)};
    return {
        inherited(
            size_option<P>("key", &Phase::key, {8, static_cast<double>(kMaxKeyBytes)},
                           "size of a key; the first phase has 16 B, later ones go on with it")),
        inherited(scalar_or_list(size_list_option<P>("value", &Phase::value, value_range,
                                                     "size of a value, or [smallest, largest] for "
                                                     "uniform between them; first 1000 B, then as "
                                                     "in the phase before"),
                                 &Phase::value)),
        inherited(size_list_option<P>("value_sizes", &Phase::value_sizes, value_range,
                                      "sizes of values to choose from, instead of value")),
        inherited(
            list_option<P>("value_weights", &Phase::value_weights, {0, kMaxWeight}, "",
                           "how often each of value_sizes is chosen; equally often when left out")),
        inherited(option<P>("compressibility", &Phase::compressibility, {0, 1}, "",
                            "share of a value's bytes that a codec can save; first 0.5, then as in "
                            "the phase before")),
        inherited(choice_option<P>(
            "order", &Phase::order, {"hashed", "sequential", "shuffled"},
            "where inserted keys fall: scattered by a hash, ascending, or ascending numbers in "
            "random order; first hashed, then as in the phase before")),
    };
}

template <class P>
std::optional<std::string> data_problem(const P& phase) {
    if (phase.value.size() > 2)
        return "value is one size or [smallest, largest]; for a list use value_sizes";
    if (phase.value.size() == 2 && phase.value[0] > phase.value[1]) {
        return "value is [smallest, largest], and the first is larger than the second";
    }
    if (!phase.value.empty() && !phase.value_sizes.empty())
        return "value and value_sizes exclude each other";
    if (phase.value_weights.empty()) return std::nullopt;
    if (phase.value_weights.size() != phase.value_sizes.size()) {
        return "value_weights needs one weight for each of value_sizes";
    }
    for (const uint64_t one : phase.value_weights) {
        if (one > 0) return std::nullopt;
    }
    return "all of value_weights are 0";
}

template <class P>
void append(OptionTable<P>& table, OptionTable<P> more) {
    for (auto& field : more) table.push_back(std::move(field));
}

OptionTable<RunPhase> weight_options() {
    using P = RunPhase;
    return {
        weight<P>("read", &Phase::read, "weight of looking up a live key"),
        weight<P>("update", &Phase::update, "weight of overwriting a live key"),
        weight<P>("insert", &Phase::insert, "weight of adding a new key"),
        weight<P>("read_modify_write", &Phase::read_modify_write,
                  "weight of looking up a live key and overwriting it"),
        weight<P>("scan", &Phase::scan, "weight of reading a range that starts at a live key"),
        weight<P>("delete", &Phase::remove, "weight of deleting a live key"),
        weight<P>("read_missing", &Phase::read_missing,
                  "weight of looking up a key that never was there, between those that are"),
        weight<P>("put", &Phase::put, "weight of writing any key of the key space, there or not"),
        weight<P>("read_any", &Phase::read_any,
                  "weight of looking up any key of the key space, there or not"),
        weight<P>("delete_any", &Phase::delete_any,
                  "weight of deleting any key of the key space, there or not"),
    };
}

OptionTable<RunPhase> choice_options() {
    using P = RunPhase;
    return {
        choice_option<P>(
            "distribution", &Phase::distribution,
            {"uniform", "zipfian", "latest", "hotspot", "sequential"},
            "which keys are asked for; zipfian is scrambled as in YCSB, latest prefers young keys"),
        option<P>("zipf_constant", &Phase::zipf_constant, {0, 0.999}, "",
                  "skew of zipfian and latest; 0 is uniform"),
        option<P>("hot_keys", &Phase::hot_keys, {0, 1}, "",
                  "share of the keys that hotspot prefers"),
        option<P>("hot_operations", &Phase::hot_operations, {0, 1}, "",
                  "share of the operations that hotspot sends to them"),
        option<P>("key_space", &Phase::key_space, {0, kMaxKeys}, "keys",
                  "keys that put, read_any and delete_any choose from; 0: those of the phases "
                  "before, or as many as "
                  "operations when there are none"),
        option<P>("empty_reads", &Phase::empty_reads, {0, 1}, "",
                  "share of the reads that look for a key that never was there"),
        scalar_or_list(
            list_option<P>("scan_length", &Phase::scan_length, {1, 1e9}, "entries",
                           "entries per scan, or [fewest, most] for uniform between them"),
            &Phase::scan_length),
        choice_option<P>("scan_direction", &Phase::scan_direction, {"forward", "backward"},
                         "which way scans go"),
        option<P>("check", &Phase::check, {0, kMaxKeys}, "",
                  "every how many-th answer of the store is checked; 0: none"),
    };
}

template <class P>
std::vector<std::pair<std::string, std::string>> print_kind(const Phase& phase) {
    P of_kind;
    static_cast<Phase&>(of_kind) = phase;
    auto texts = print_options<P>(of_kind);
    std::erase_if(texts, [&](const auto& text) {
        if (text.first == "key") return phase.key == 0;
        if (text.first == "compressibility") return phase.compressibility < 0;
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

const char* phase_kind_name(PhaseKind kind) { return kind == PhaseKind::load ? "load" : "run"; }

OptionTable<LoadPhase> LoadPhase::table() {
    OptionTable<LoadPhase> table{
        option<LoadPhase>("records", &Phase::records, {1, 1e13}, "keys", "keys to insert")};
    append(table, data_options<LoadPhase>());
    return table;
}

std::optional<std::string> LoadPhase::problem() const {
    if (records == 0) return "a load phase needs records";
    return data_problem(*this);
}

OptionTable<RunPhase> RunPhase::table() {
    OptionTable<RunPhase> table{option<RunPhase>("operations", &Phase::operations, {1, 1e13},
                                                 "operations", "operations to perform")};
    append(table, weight_options());
    append(table, choice_options());
    append(table, data_options<RunPhase>());
    return table;
}

std::optional<std::string> RunPhase::problem() const {
    if (operations == 0) return "a run phase needs operations";
    const double sum = read + update + insert + read_modify_write + scan + remove + read_missing +
                       put + read_any + delete_any;
    if (!(sum > 0)) {
        return "a run phase needs the weight of at least one operation (read, update, insert, "
               "...), or use: with a named "
               "mix";
    }
    if (scan_length.empty() || scan_length.size() > 2)
        return "scan_length is one number or [fewest, most]";
    if (scan_length.size() == 2 && scan_length[0] > scan_length[1]) {
        return "scan_length is [fewest, most], and the first is larger than the second";
    }
    return data_problem(*this);
}

std::vector<OptionInfo> describe_phase(PhaseKind kind) {
    return kind == PhaseKind::load ? describe_options<LoadPhase>() : describe_options<RunPhase>();
}

Phase read_phase(PhaseKind kind, const std::string& name, const OptionValues& values,
                 std::vector<OptionProblem>& problems) {
    Phase phase = kind == PhaseKind::load ? read_kind<LoadPhase>(values, problems)
                                          : read_kind<RunPhase>(values, problems);
    phase.kind = kind;
    phase.name = name;
    return phase;
}

std::vector<std::pair<std::string, std::string>> print_phase(const Phase& phase) {
    return phase.kind == PhaseKind::load ? print_kind<LoadPhase>(phase)
                                         : print_kind<RunPhase>(phase);
}

void inherit_options(std::vector<Phase>& phases) {
    Phase before;
    before.key = 16;
    before.value = {1000};
    before.compressibility = 0.5;
    before.order = "hashed";
    for (Phase& phase : phases) {
        if (phase.key == 0) phase.key = before.key;
        if (phase.value.empty() && phase.value_sizes.empty()) {
            phase.value = before.value;
            phase.value_sizes = before.value_sizes;
            phase.value_weights = before.value_weights;
        }
        if (phase.compressibility < 0) phase.compressibility = before.compressibility;
        if (phase.order.empty()) phase.order = before.order;
        before = phase;
    }
}

}  // namespace lsm::workloads
