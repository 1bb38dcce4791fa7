// The tables of what may stand in a phase: name, unit, range and meaning of every option.
#include <utility>

#include "framework/base/entry.hpp"
#include "workloads/key_codec.hpp"
#include "workloads/option_forms.hpp"

namespace lsm::workloads {

namespace {

constexpr auto kMaxKeys = static_cast<double>(kMaxIdentifier);

/// What both kinds of phase that make their own keys say about keys and values.
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
            "order", &Phase::order, {"hashed", "sequential", "shuffled", "time_series"},
            "where inserted keys fall: scattered by a hash, ascending, ascending numbers in "
            "random order, or ascending within each of several series; first hashed, then as in "
            "the phase before")),
    };
}

template <class P>
OptionTable<P> more_data_options() {
    return {
        inherited(real_list_option<P>(
            "value_pareto", &Phase::value_pareto, {-10, 1e9},
            "[shape, scale in bytes] of a generalised Pareto distribution of value sizes, instead "
            "of value")),
        silent(size_option<P>("value_limit", &Phase::value_limit, {1, 1 << 20},
                              "where value_pareto is cut off: larger values get this size")),
        silent(inherited(
            size_option<P>("entry", &Phase::entry, {9, static_cast<double>(kMaxValueBytes)},
                           "size of a key and its value together, which key_share divides"))),
        silent(inherited(option<P>("key_share", &Phase::key_share, {0, 1}, "",
                                   "share of entry that is the key, instead of key and value"))),
        silent(option<P>("section", &Phase::section, {0, 255}, "",
                         "phases of different sections have different keys, each section in a "
                         "range of its own")),
        silent(inherited(option<P>("out_of_order", &Phase::out_of_order, {0, 1}, "",
                                   "share of the keys that come earlier or later than ascending "
                                   "order says, with order: sequential"))),
        silent(inherited(option<P>("displacement", &Phase::displacement, {0, 1}, "",
                                   "how far from its place such a key is at most, as a share of "
                                   "the keys that the phase inserts; first 0.1"))),
        silent(inherited(real_list_option<P>(
            "displacement_beta", &Phase::displacement_beta, {0.5, 100},
            "the two shapes of the Beta distribution of these distances; first [1, 1], uniform"))),
        silent(inherited(option<P>("series", &Phase::series, {1, 65536}, "",
                                   "time series that take turns, with order: time_series; first "
                                   "1"))),
        silent(option<P>("ttl", &Phase::ttl, {0, 4e9}, "operations",
                         "written entries expire after so many further writes and deletes; 0: "
                         "never; deterministic mode only")),
    };
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

const std::vector<std::string>& distributions() {
    static const std::vector<std::string> names{"uniform", "zipfian",    "latest",
                                                "hotspot", "sequential", "zipf",
                                                "normal",  "beta",       "ranges"};
    return names;
}

OptionTable<RunPhase> choice_options() {
    using P = RunPhase;
    return {
        choice_option<P>("distribution", &Phase::distribution, distributions(),
                         "which keys are asked for; zipfian is scrambled as in YCSB, latest "
                         "prefers young keys, zipf, normal and beta go by age, ranges as mixgraph"),
        option<P>("zipf_constant", &Phase::zipf_constant, {0, 0.999}, "",
                  "skew of zipfian, zipf and latest; 0 is uniform"),
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

OptionField<RunPhase> own_distribution(std::string name, std::string Phase::* member,
                                       const std::string& of) {
    return silent(inherited(choice_option<RunPhase>(std::move(name), member, distributions(),
                                                    of + ", where it is not distribution")));
}

/// Options that most runs have no use for.
OptionTable<RunPhase> rare_options() {
    using P = RunPhase;
    return {
        silent(option<P>("exact", &Phase::exact,
                         "weights are numbers of operations: each is performed exactly so often, "
                         "in random order, and operations is their sum")),
        silent(weight<P>("delete_range", &Phase::delete_range,
                         "weight of deleting a range of keys that starts at a live one")),
        own_distribution("read_distribution", &Phase::read_distribution, "which keys are read"),
        own_distribution("update_distribution", &Phase::update_distribution,
                         "which keys update, read_modify_write and put write"),
        own_distribution("delete_distribution", &Phase::delete_distribution,
                         "which keys are deleted, and where range deletes start"),
        own_distribution("scan_distribution", &Phase::scan_distribution, "where scans start"),
        silent(option<P>("normal_mean", &Phase::normal_mean, {0, 1}, "",
                         "middle of normal, as a share of the keys from the oldest")),
        silent(option<P>("normal_deviation", &Phase::normal_deviation, {0.001, 10}, "",
                         "standard deviation of normal, as a share of the keys")),
        silent(real_list_option<P>("beta", &Phase::beta, {0.5, 100},
                                   "the two shapes of beta over the keys from the oldest")),
        silent(option<P>("ranges", &Phase::ranges, {1, 100000}, "",
                         "ranges of keys that ranges tells apart")),
        silent(
            real_list_option<P>("range_weights", &Phase::range_weights, {-1e6, 1e6},
                                "[a, b, c, d]: range i has the weight a e^(b i) + c e^(d i); the "
                                "ranges are shuffled")),
        silent(real_list_option<P>("range_power", &Phase::range_power, {0, 1e6},
                                   "[a, b]: the share of a range's operations that go to its x "
                                   "hottest ranks is a x^b")),
        silent(option<P>("empty_deletes", &Phase::empty_deletes, {0, 1}, "",
                         "share of the deletes that delete a key that never was there")),
        silent(option<P>("scan_selectivity", &Phase::scan_selectivity, {0, 1}, "",
                         "entries per scan as a share of the live keys; 0: scan_length says")),
        silent(inherited(real_list_option<P>("scan_pareto", &Phase::scan_pareto, {-10, 1e9},
                                             "[shape, scale in entries] of a generalised Pareto "
                                             "distribution of scan lengths, instead of "
                                             "scan_length"))),
        silent(option<P>("scan_limit", &Phase::scan_limit, {1, 1 << 20}, "entries",
                         "where scan_pareto is cut off")),
        silent(choice_option<P>("scan_start", &Phase::scan_start, {"chosen", "next"},
                                "at a chosen key, or where the scan before ended")),
        silent(option<P>("delete_selectivity", &Phase::delete_selectivity, {0, 1}, "",
                         "live keys that a range delete takes, as a share of them; one at least")),
        silent(choice_option<P>("delete_start", &Phase::delete_start, {"chosen", "oldest"},
                                "where a range delete starts: at a chosen key, or at the first "
                                "key of the next series, which holds its oldest entries")),
    };
}

}  // namespace

OptionTable<LoadPhase> LoadPhase::table() {
    OptionTable<LoadPhase> table{
        option<LoadPhase>("records", &Phase::records, {1, 1e13}, "keys", "keys to insert")};
    append(table, data_options<LoadPhase>());
    append(table, more_data_options<LoadPhase>());
    return table;
}

OptionTable<RunPhase> RunPhase::table() {
    OptionTable<RunPhase> table{option<RunPhase>("operations", &Phase::operations, {1, 1e13},
                                                 "operations", "operations to perform")};
    append(table, weight_options());
    append(table, choice_options());
    append(table, data_options<RunPhase>());
    append(table, rare_options());
    append(table, more_data_options<RunPhase>());
    return table;
}

OptionTable<ReplayPhase> ReplayPhase::table() {
    using P = ReplayPhase;
    OptionTable<P> table{
        text_option<P>("file", &Phase::file, "the trace: a path, or one below a folder workloads/"),
        choice_option<P>("format", &Phase::format, {"csv", "twitter"},
                         "csv with a line of column names, or Twitter's cache traces"),
        option<P>("limit", &Phase::limit, {0, 4e9}, "operations",
                  "operations to perform, from the first; 0: all"),
        option<P>("operations_per_second", &Phase::operations_per_second, {0, 4e9}, "operations",
                  "how many writes a second of a Twitter trace's TTL stands for; 0: nothing "
                  "expires; must be said where the trace has one"),
        option<P>("check", &Phase::check, {0, kMaxKeys}, "",
                  "every how many-th answer of the store is checked; 0: none"),
        silent(option<P>("fingerprint", &Phase::fingerprint, {0, 1e15}, "",
                         "of the trace's content, so that a run says what it replayed; 0: any")),
        inherited(option<P>("compressibility", &Phase::compressibility, {0, 1}, "",
                            "share of a value's bytes that a codec can save; first 0.5, then as in "
                            "the phase before")),
    };
    return table;
}

}  // namespace lsm::workloads
