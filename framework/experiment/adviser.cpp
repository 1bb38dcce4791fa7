#include "framework/experiment/adviser.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/experiment/assignment.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/phase_means.hpp"
#include "framework/experiment/yaml_node.hpp"
#include "framework/model/endure.hpp"
#include "framework/model/search.hpp"

namespace lsm::experiment {
namespace {

constexpr double kLeastMemtable = 4096;
constexpr double kLargestMemtable = 16 * 0x1p30;  // that an experiment may set

/// A workload file.
struct MixFile {
    uint64_t entries = 0;
    uint64_t key = 16;
    uint64_t value = 100;
    double empty_reads = 0;
    double found_reads = 0;
    double range_reads = 0;
    double writes = 0;
    uint64_t range_length = 50;

    static OptionTable<MixFile> table() {
        const OptionRange shares{0, 1e15};
        return {option("entries", &MixFile::entries, {1, 1e13}, "keys", "keys that are there"),
                size_option("key", &MixFile::key, {8, 65536}, "of a key"),
                size_option("value", &MixFile::value, {0, 1 << 30}, "of a value"),
                option("empty_reads", &MixFile::empty_reads, shares, "", "lookups of absent keys"),
                option("found_reads", &MixFile::found_reads, shares, "", "lookups of present keys"),
                option("range_reads", &MixFile::range_reads, shares, "", "range lookups"),
                option("writes", &MixFile::writes, shares, "", "puts"),
                option("range_length", &MixFile::range_length, {1, 1e9}, "entries",
                       "that a range lookup returns")};
    }
    std::optional<std::string> problem() const {
        if (entries == 0) return "`entries` must say how many keys there are";
        if (!(empty_reads + found_reads + range_reads + writes > 0)) {
            return "a mix needs at least one of empty_reads, found_reads, range_reads and writes";
        }
        return std::nullopt;
    }
};

/// The values of each axis that a strategy is searched over.
struct Axes {
    std::vector<std::vector<std::string>> values;
    std::vector<std::string> options;  ///< of the strategy; the last axis is bits per key
};

const std::vector<double>& bits_to_try() {
    static const std::vector<double> bits{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20};
    return bits;
}

bool has_option(const std::vector<OptionInfo>& options, const std::string& name) {
    return std::any_of(options.begin(), options.end(),
                       [&](const OptionInfo& info) { return info.name == name; });
}

Axes axes_of(const std::vector<OptionInfo>& options) {
    static const std::vector<std::pair<std::string, std::vector<std::string>>> kTried{
        {"size_ratio",
         {"2", "3", "4", "5", "6", "7", "8", "10", "12", "14", "16", "20", "24", "32", "50", "64",
          "100"}},
        {"upper_runs", {"1", "2", "3", "5", "9"}},
        {"last_runs", {"1", "2", "3"}}};
    Axes axes;
    for (const auto& [name, values] : kTried) {
        if (!has_option(options, name)) continue;
        axes.options.push_back(name);
        axes.values.push_back(values);
    }
    return axes;
}

/// One strategy with one sizing, as a function of a point of the grid.
class Candidate {
  public:
    Candidate(const AdviceRequest& request, const PolicyEntry<AnyCompaction>& strategy,
              const PolicyEntry<AnyBloomSizing>& sizing, const PolicyEntry<AnyFilter>& filter)
        : request_(request),
          strategy_(strategy),
          sizing_(sizing),
          filter_(filter),
          axes_(axes_of(strategy.options)) {}

    std::vector<size_t> sizes() const {
        std::vector<size_t> sizes;
        for (const auto& values : axes_.values) sizes.push_back(values.size());
        sizes.push_back(bits_to_try().size());
        return sizes;
    }

    /// The design at that point; nothing where memory or options do not allow it, or where the
    /// strategy is outside the model.
    std::optional<Advice> design(const model::GridPoint& point) const {
        OptionValues options;
        for (size_t i = 0; i < axes_.options.size(); ++i) {
            options[axes_.options[i]] = {{axes_.values[i][point[i]]}, false};
        }
        const double bits = bits_to_try()[point.back()];
        const double memtable =
            std::min(request_.memory_bytes - bits * request_.mix.entries / 8, kLargestMemtable);
        if (memtable < kLeastMemtable) return std::nullopt;
        std::vector<OptionProblem> problems;
        const auto strategy = strategy_.make(options, problems);
        const OptionValues sizing_values{{"bits_per_key", {{format_number(bits)}, false}}};
        const auto sizing = sizing_.make(sizing_values, problems);
        const auto filter = filter_.make({}, problems);
        if (!problems.empty()) return std::nullopt;
        const auto layout = model::DeclaredLayout::of(AnyCompaction(strategy), memtable);
        if (!std::holds_alternative<model::DeclaredLayout>(layout)) return std::nullopt;

        Advice advice;
        const model::DataSize data{request_.mix.entries, request_.mix.entry_bytes, memtable,
                                   request_.block_bytes};
        advice.costs = costs_of(std::get<model::DeclaredLayout>(layout), data,
                                AnyBloomSizing(sizing), AnyFilter(filter));
        advice.strategy = strategy_.name;
        advice.memtable_bytes = memtable;
        advice.filter_bits = bits;
        advice.seconds = operation_seconds(advice.costs, request_);
        const std::vector<double> shares = request_.mix.shares();
        const std::vector<double> seconds(advice.seconds.begin(), advice.seconds.end());
        advice.mean_seconds = model::robust_cost(shares, seconds, 0);
        advice.worst_seconds = model::robust_cost(shares, seconds, request_.rho);
        advice.settings.emplace_back("tree.memtable.size",
                                     format_number(static_cast<uint64_t>(memtable)));
        advice.settings.emplace_back("tree.bloom.policy", sizing_.name);
        advice.settings.emplace_back("tree.bloom.bits_per_key", format_number(bits));
        advice.settings.emplace_back("tree.filter.policy", filter_.name);
        advice.settings.emplace_back("tree.compaction.policy", strategy_.name);
        for (const auto& [name, value] : options) {
            advice.settings.emplace_back("tree.compaction." + name, value.items.front());
        }
        return advice;
    }

    std::optional<Advice> best() const {
        const model::GridPoint found =
            model::find_least(sizes(), [&](const model::GridPoint& point) {
                const auto made = design(point);
                return made ? made->worst_seconds : std::numeric_limits<double>::infinity();
            });
        return design(found);
    }

  private:
    const AdviceRequest& request_;
    const PolicyEntry<AnyCompaction>& strategy_;
    const PolicyEntry<AnyBloomSizing>& sizing_;
    const PolicyEntry<AnyFilter>& filter_;
    Axes axes_;
};

/// Costs that the frontier is of: all the less the better.
std::array<double, 4> goals(const Advice& advice) {
    return {advice.costs.write, advice.costs.empty_lookup + advice.costs.found_lookup,
            advice.costs.short_range, advice.costs.space};
}

bool beats(const Advice& left, const Advice& right) {
    const auto a = goals(left);
    const auto b = goals(right);
    bool better = false;
    for (size_t i = 0; i < a.size(); ++i) {
        if (a[i] > b[i]) return false;
        better = better || a[i] < b[i];
    }
    return better;
}

/// For the workload first; of equals the one that costs less elsewhere, and then the one with fewer
/// options, which is the plainest word for that tree.
bool is_better(const Advice& left, const Advice& right) {
    if (left.worst_seconds != right.worst_seconds) return left.worst_seconds < right.worst_seconds;
    const auto a = goals(left);
    const auto b = goals(right);
    if (a != b) return a < b;
    return left.settings.size() < right.settings.size();
}

}  // namespace

const char* advice_operation_name(size_t operation) {
    static const std::array<const char*, kAdviceOperations> kNames{"empty lookup", "found lookup",
                                                                   "range lookup", "write"};
    return kNames.at(operation);
}

std::vector<double> WorkloadMix::shares() const {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    std::vector<double> result;
    for (const double weight : weights) result.push_back(sum > 0 ? weight / sum : 0);
    return result;
}

WorkloadMix mix_of(const Trial& trial) {
    WorkloadMix mix;
    const auto phases = phases_of(trial);
    const bool has_run = std::any_of(phases.begin(), phases.end(), [](const auto& phase) {
        return phase.kind == workloads::PhaseKind::run;
    });
    double bytes = 0;
    double scanned = 0;
    for (const workloads::Phase& phase : phases) {
        const PhaseMeans means = means_of(phase);
        const auto operations = static_cast<double>(phase.total());
        mix.entries += operations * (means.inserts - means.deletes);
        if (means.puts > 0) {
            const double live = std::max(mix.entries, 0.0);
            mix.entries = std::max(live, static_cast<double>(phase.key_space));
        }
        bytes = std::max(bytes, means.entry_bytes);
        mix.key_bytes = static_cast<double>(phase.key);
        if (has_run && phase.kind == workloads::PhaseKind::load) continue;
        mix.weights[0] += operations * means.empty_gets;
        mix.weights[1] += operations * means.found_gets;
        mix.weights[2] += operations * means.scans;
        mix.weights[3] += operations * (means.writes() + means.deletes);
        const auto& length = phase.scan_length;
        const double mean_length =
            length.empty() ? 1 : static_cast<double>(length.front() + length.back()) / 2;
        scanned += operations * means.scans * mean_length;
    }
    const bool replays = std::any_of(phases.begin(), phases.end(), [](const auto& phase) {
        return phase.kind == workloads::PhaseKind::replay;
    });
    if (replays || mix.entries < 1) {
        throw Error(ErrorKind::config,
                    replays ? "what a trace asks is not known before it is replayed: give its mix "
                              "as a map of entries, writes, found_reads and so on"
                            : "this workload leaves no entry in the tree: there is nothing to "
                              "advise on");
    }
    mix.entry_bytes = std::max(bytes, 1.0);
    if (mix.weights[2] > 0) mix.range_length = scanned / mix.weights[2];
    return mix;
}

WorkloadMix read_mix(const std::string& file, const std::string& text) {
    Problems problems;
    const auto source = std::make_shared<SourceText>(file, text);
    const YamlNode root = read_yaml(source, problems);
    Place start;
    start.source = source;
    if (!root.is_map()) {
        problems.add(start, "a workload file is a map of entries, writes, found_reads and so on");
        problems.throw_if_any();
    }
    std::vector<std::string> names;
    for (const OptionInfo& info : describe_options<MixFile>()) names.push_back(info.name);
    OptionValues values;
    std::map<std::string, Place> places;
    for (const YamlEntry& entry : root.entries) {
        if (entry.key == "about") continue;
        if (std::count(names.begin(), names.end(), entry.key) == 0) {
            problems.add(entry.key_place,
                         fmt::format("unknown key `{}`; accepted are {}{}", entry.key,
                                     name_list(names), did_you_mean(entry.key, names)));
            continue;
        }
        if (auto value = read_value(entry.value, entry.key, problems)) {
            values[entry.key] = *value;
            places[entry.key] = entry.value.place;
        }
    }
    std::vector<OptionProblem> wrong;
    const auto read = read_options<MixFile>(values, wrong);
    for (const OptionProblem& one : wrong) {
        const auto place = places.find(one.option);
        problems.add(place == places.end() ? start : place->second,
                     one.option.empty() ? one.message : "`" + one.option + "`: " + one.message);
    }
    problems.throw_if_any();
    WorkloadMix mix;
    mix.weights = {read.empty_reads, read.found_reads, read.range_reads, read.writes};
    mix.entries = static_cast<double>(read.entries);
    mix.key_bytes = static_cast<double>(read.key);
    mix.entry_bytes = static_cast<double>(read.key + read.value);
    mix.range_length = static_cast<double>(read.range_length);
    return mix;
}

std::array<double, kAdviceOperations> operation_seconds(const model::DesignCosts& costs,
                                                        const AdviceRequest& request) {
    const Device& device = request.device;
    const double block = device.read_seconds + request.block_bytes / device.read_bandwidth;
    const double selected = request.mix.range_length * request.mix.entry_bytes * costs.space;
    const double merged = request.mix.entry_bytes * (costs.write - 1);  // read, and written again
    return {costs.empty_lookup * block, costs.found_lookup * block,
            costs.short_range * block + selected / device.read_bandwidth,
            request.mix.entry_bytes * costs.write / device.write_bandwidth +
                std::max(0.0, merged) / device.read_bandwidth};
}

std::vector<Advice> advise(const AdviceRequest& request, const Registry& registry) {
    std::vector<Advice> all;
    const auto& filters = registry.filter().policies();
    if (filters.empty()) return all;
    for (const auto& strategy : registry.compaction().policies()) {
        std::optional<Advice> best;
        for (const auto& sizing : registry.bloom().policies()) {
            if (!has_option(sizing.options, "bits_per_key")) continue;
            for (const auto& filter : filters) {
                auto made = Candidate(request, strategy, sizing, filter).best();
                if (made && (!best || is_better(*made, *best))) {
                    best = std::move(made);
                }
            }
        }
        if (best) all.push_back(std::move(*best));
    }
    std::stable_sort(all.begin(), all.end(), is_better);
    for (Advice& one : all) {
        one.on_frontier = std::none_of(all.begin(), all.end(),
                                       [&](const Advice& other) { return beats(other, one); });
    }
    return all;
}

std::string advice_yaml(const Advice& advice, const AdviceRequest& request, double shrink,
                        const std::string& engine) {
    const WorkloadMix& mix = request.mix;
    const auto whole = [](double value) {
        return format_number(static_cast<uint64_t>(std::max(1.0, std::round(value))));
    };
    const double entries = std::max(1.0, mix.entries / shrink);
    const double memtable = std::max(1024.0, advice.memtable_bytes / shrink);
    std::map<std::string, std::map<std::string, std::string>> sections;
    for (const auto& [path, value] : advice.settings) {
        const size_t dot = path.rfind('.');
        sections[path.substr(5, dot - 5)][path.substr(dot + 1)] = value;
    }
    sections["memtable"]["size"] = whole(memtable) + " B";
    sections["format"] = {{"block_size", whole(request.block_bytes) + " B"},
                          {"table_size", whole(std::min(memtable, 64e6)) + " B"}};
    std::string yaml =
        "experiment: advised\nabout: A design that `lab advise` found\nengine: " + engine +
        "\ntree:\n";
    for (const auto& [section, values] : sections) {
        yaml += "  " + section + ": {";
        bool first = true;
        for (const auto& [name, value] : values) {
            yaml += (first ? "" : ", ") + name + ": " + value;
            first = false;
        }
        yaml += "}\n";
    }
    const std::vector<double> shares = mix.shares();
    const auto parts = [&](size_t kind) {
        return format_number(std::round(shares[kind] * 1e6) / 1e6);
    };
    yaml += "device: {model: " + request.device.name + "}\nworkload:\n";
    yaml += "  - load: {records: " + whole(entries) + ", key: " + whole(mix.key_bytes) +
            " B, value: " + whole(mix.entry_bytes - mix.key_bytes) + " B}\n";
    yaml += "  - run: {operations: " + whole(entries) + ", read_missing: " + parts(0) +
            ", read: " + parts(1) + ", scan: " + parts(2) + ", update: " + parts(3) +
            ", scan_length: [" + whole(mix.range_length) + ", " + whole(mix.range_length) + "]}\n";
    return yaml + "measure: {every: " + whole(std::max(1000.0, entries / 50)) + " operations}\n";
}

}  // namespace lsm::experiment
