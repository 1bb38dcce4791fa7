#include "framework/experiment/workload_mix.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/experiment/assignment.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/phase_means.hpp"
#include "framework/experiment/problems.hpp"
#include "framework/experiment/yaml_node.hpp"

namespace lsm::experiment {
namespace {

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

[[noreturn]] void refuse(const std::vector<Place>& places, size_t phase,
                         const std::string& message) {
    Problems problems;
    if (phase < places.size()) problems.add(places[phase], message);
    problems.throw_if_any();
    throw Error(ErrorKind::config, message);
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

WorkloadMix mix_of(const Trial& trial, const std::vector<Place>& places) {
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
    for (size_t i = 0; i < phases.size(); ++i) {
        if (phases[i].kind != workloads::PhaseKind::replay) continue;
        refuse(places, i,
               "what a trace asks is not known before it is replayed: give its mix as a map of "
               "entries, writes, found_reads and so on");
    }
    if (mix.entries < 1) {
        refuse(places, 0,
               "this workload leaves no entry in the tree: there is nothing to advise on");
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

}  // namespace lsm::experiment
