#include <algorithm>
#include <cmath>
#include <iostream>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/base/text.hpp"
#include "framework/cli/advise_page.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/experiment/adviser.hpp"
#include "framework/experiment/experiment_reader.hpp"
#include "framework/experiment/trial_runner.hpp"
#include "framework/experiment/yaml_node.hpp"
#include "framework/os/terminal.hpp"

namespace lsm::cli {
namespace {

using experiment::Advice;
using experiment::AdviceRequest;
using Json = nlohmann::ordered_json;

const std::string kSimulator = "simulator";
constexpr double kMostConfirmed = 3e6;      // entries of a run that confirms
constexpr double kMostFlushes = 5000;       // of such a run
constexpr double kMostStored = 1ull << 30;  // bytes of entries that the engine is to hold in memory
constexpr double kLeastEntries = 16;        // that the memory must hold
constexpr size_t kMostShown = 16;           // designs of the frontier

options::options_description advise_options() {
    options::options_description known("options");
    const auto text = [](const char* name) {
        return options::value<std::string>()->value_name(name);
    };
    known.add_options()("memory", text("SIZE"),
                        "for the memtable and the filters together (default: 64 MiB)")(
        "device", text("NAME"), "whose time is minimised (default: nvme)")(
        "robust", text("RHO"),
        "minimise the worst mean within that Kullback-Leibler divergence of the mix (Endure)")(
        "entries", text("N"), "keys that are there, instead of the workload's")(
        "trial", text("N"), "of an experiment that sweeps its workload (default: 1)")(
        "confirm", text("N"), "run the best N that differ, scaled down (default: 3; 0: none)")(
        "engine", text("NAME"),
        "that runs these, and the printed experiment (default: the simulator runs these)")(
        "out", text("FILE.yaml"), "write the best design as an experiment file")(
        "json", "print JSON, for programs");
    return known;
}

std::string text_of(const options::variables_map& values, const char* name,
                    const std::string& otherwise) {
    return values.contains(name) ? values[name].as<std::string>() : otherwise;
}

/// Where the phases stand in an experiment file.
std::vector<experiment::Place> places_of_phases(const experiment::YamlNode& root) {
    std::vector<experiment::Place> places;
    if (const experiment::YamlNode* workload = root.find("workload")) {
        for (const experiment::YamlNode& item : workload->items) {
            places.push_back(item.entries.empty() ? item.place : item.entries.front().key_place);
        }
    }
    return places;
}

/// All that is set of a trial's workload.
std::string workload_text(const experiment::Trial& trial) {
    std::string text;
    for (const auto& [path, value] : trial.columns) {
        if (path.starts_with("workload.")) text += path + "=" + value + "\n";
    }
    return text;
}

struct AskedWorkload {
    experiment::WorkloadMix mix;
    std::string note;  ///< that there are others, and how to ask for them
};

/// The workload of one of the file's trials, which may have several.
AskedWorkload workload_of(const experiment::Experiment& experiment, uint64_t number,
                          const std::vector<experiment::Place>& places) {
    const uint64_t trials = experiment.trials_per_repeat;
    if (number > trials) {
        throw Error(ErrorKind::usage,
                    fmt::format("--trial {}: this experiment has {} trials", number, trials));
    }
    const experiment::Trial& trial = experiment.trials[number - 1];
    std::set<std::string> workloads;
    for (const experiment::Trial& one : experiment.trials) workloads.insert(workload_text(one));
    AskedWorkload asked{mix_of(trial, places), {}};
    if (workloads.size() > 1) {
        asked.note = fmt::format(
            "the sweep has {} workloads; this is advice for that of trial {} ({}), and --trial "
            "takes another, up to {}",
            workloads.size(), number, trial_label(experiment, trial), trials);
    }
    return asked;
}

/// From a workload file, or from a trial of an experiment file.
AskedWorkload read_workload(const std::string& file, const options::variables_map& values) {
    FileSystem& files = posix_file_system();
    if (!files.exists(file)) throw Error(ErrorKind::usage, "there is no file " + file);
    const std::string text = read_text_file(files, file);
    experiment::Problems ignored;
    const auto root =
        experiment::read_yaml(std::make_shared<experiment::SourceText>(file, text), ignored);
    const bool is_experiment = root.find("experiment") != nullptr;
    if (!is_experiment && values.contains("trial")) {
        throw Error(ErrorKind::usage, "--trial is for an experiment, and " + file + " is none");
    }
    if (!is_experiment) return {experiment::read_mix(file, text), {}};
    const std::string trial = text_of(values, "trial", "1");
    const auto number = parse_count(trial);
    if (!number || *number == 0) {
        throw Error(ErrorKind::usage, "--trial is a number from 1 on, not " + trial);
    }
    const auto context = experiment::make_read_context(files, file);
    return workload_of(experiment::read_experiment(file, text, context), *number,
                       places_of_phases(root));
}

AdviceRequest read_request(const options::variables_map& values, std::string& note) {
    if (!values.contains("file") || values["file"].as<std::vector<std::string>>().size() != 1) {
        throw Error(ErrorKind::usage, "advise needs one workload or experiment file");
    }
    AdviceRequest request;
    const std::string memory = text_of(values, "memory", "64 MiB");
    const auto bytes = parse_size(memory);
    if (!bytes || *bytes < 8192) {
        throw Error(ErrorKind::usage, "--memory is a size of at least 8 KiB, not " + memory);
    }
    request.memory_bytes = static_cast<double>(*bytes);
    const std::string device = text_of(values, "device", "nvme");
    const auto found = experiment::find_device(device);
    if (!found) {
        const auto guess = closest_match(device, experiment::device_names());
        throw Error(
            ErrorKind::usage,
            "there is no device model " + device + (guess ? "; did you mean " + *guess + "?" : ""),
            {}, "devices are " + join(experiment::device_names()));
    }
    request.device = *found;
    const std::string rho = text_of(values, "robust", "0");
    const auto number = parse_real(rho);
    if (!number || *number < 0 || *number > 100) {
        throw Error(ErrorKind::usage, "--robust is a number from 0 to 100, not " + rho);
    }
    request.rho = *number;
    const AskedWorkload asked =
        read_workload(values["file"].as<std::vector<std::string>>().front(), values);
    request.mix = asked.mix;
    note = asked.note;
    if (request.memory_bytes < kLeastEntries * request.mix.entry_bytes) {
        throw Error(ErrorKind::usage,
                    fmt::format("--memory {} holds less than {} entries of {}", memory,
                                format_number(kLeastEntries),
                                format_size(static_cast<uint64_t>(request.mix.entry_bytes))));
    }
    if (values.contains("entries")) {
        const auto entries = parse_count(values["entries"].as<std::string>());
        if (!entries || *entries == 0) {
            throw Error(ErrorKind::usage, "--entries is a count from 1 on");
        }
        request.mix.entries = static_cast<double>(*entries);
    }
    return request;
}

uint64_t read_confirm(const options::variables_map& values) {
    const std::string text = text_of(values, "confirm", "3");
    const auto count = parse_count(text);
    if (!count || *count > 100) {
        throw Error(ErrorKind::usage, "--confirm is a number from 0 to 100, not " + text);
    }
    return *count;
}

/// The engine that was asked for; empty where none was.
std::string read_engine(const options::variables_map& values) {
    const std::string name = text_of(values, "engine", "");
    const auto known = engine_names();
    if (name.empty() || std::count(known.begin(), known.end(), name) > 0) return name;
    const auto guess = closest_match(name, known);
    throw Error(ErrorKind::usage,
                "there is no engine " + name + (guess ? "; did you mean " + *guess + "?" : ""), {},
                "engines are " + join(known));
}

/// What the engine would refuse only once the search is over.
void require_runnable(const std::string& engine, const experiment::WorkloadMix& mix) {
    if (engine != "estimate") return;
    const auto write = static_cast<size_t>(experiment::AdviceOperation::write);
    for (size_t i = 0; i < mix.weights.size(); ++i) {
        if (i == write || !(mix.weights[i] > 0)) continue;
        throw Error(ErrorKind::usage,
                    fmt::format("--engine estimate knows loads, inserts and updates only, and the "
                                "workload has {}s",
                                experiment::advice_operation_name(i)),
                    {}, "take --engine simulator");
    }
}

/// Where --out can not be written, that is said before the search, which may take minutes.
void require_writable(const options::variables_map& values) {
    if (!values.contains("out")) return;
    FileSystem& files = posix_file_system();
    const auto path = values["out"].as<std::string>();
    const std::string folder = parent_folder(path);
    if (files.is_folder(path)) {
        throw Error(ErrorKind::usage, "--out " + path + " is a folder", {}, "name a file in it");
    }
    if (!files.is_folder(folder)) {
        throw Error(ErrorKind::usage, "--out " + path + ": there is no folder " + folder, {},
                    "make it first");
    }
    const std::string probe = path + ".new";  // what the file is written as, too
    files.create(probe)->close();
    files.remove(probe);
}

/// How much the design is scaled down; nothing where even so it takes too long.
std::optional<double> shrink_of(const Advice& advice, const AdviceRequest& request,
                                const std::string& engine) {
    const experiment::WorkloadMix& mix = request.mix;
    const double wanted = engine == kSimulator ? 1e6 : 2e5;  // entries
    const double least_memtable = std::max(16384.0, kLeastEntries * mix.entry_bytes);
    const double shrink =
        std::max(1.0, std::min(mix.entries / wanted, advice.memtable_bytes / least_memtable));
    // Entries and memory shrink alike, so that the flushes do not get less.
    const double flushes = mix.entries * mix.entry_bytes / advice.memtable_bytes;
    if (mix.entries / shrink > kMostConfirmed || flushes > kMostFlushes) return std::nullopt;
    return shrink;
}

ConfirmedAdvice confirm(const Advice& advice, const AdviceRequest& request, double shrink,
                        const std::string& engine) {
    ConfirmedAdvice confirmed;
    confirmed.advice = &advice;
    confirmed.engine = engine;
    confirmed.shrink = shrink;
    const std::string yaml = advice_yaml(advice, request, shrink, engine);
    const auto context = experiment::make_read_context(posix_file_system(), "");
    const auto read = experiment::read_experiment("the advice", yaml, context);
    confirmed.metrics = experiment::run_trial(read.trials.front()).metrics;
    confirmed.seconds =
        experiment::worst_mean(run_seconds(confirmed.metrics, advice, request), request);
    return confirmed;
}

/// What was counted is the same: two words for one tree. What the model predicts may differ.
bool same_figures(const ConfirmedAdvice& left, const ConfirmedAdvice& right) {
    const auto equal = [](const auto& one, const auto& other) {
        const bool both_nothing = std::isnan(one.second) && std::isnan(other.second);
        return one.first == other.first && (one.second == other.second || both_nothing ||
                                            one.first.find("model_") != std::string::npos);
    };
    return std::equal(left.metrics.begin(), left.metrics.end(), right.metrics.begin(),
                      right.metrics.end(), equal);
}

/// The designs that were run, and those that would take too long.
struct Confirmation {
    std::vector<ConfirmedAdvice> runs;
    std::vector<std::string> too_long;
};

/// Runs designs in the model's order until `count` of them came to different figures; three times
/// as many at most.
Confirmation confirm_best(const std::vector<Advice>& all, const AdviceRequest& request,
                          uint64_t count, const std::string& engine) {
    Confirmation confirmation;
    auto& runs = confirmation.runs;
    for (size_t i = 0; i < all.size() && i < 3 * count; ++i) {
        if (runs.size() + confirmation.too_long.size() >= count) break;
        const auto shrink = shrink_of(all[i], request, engine);
        if (!shrink) {
            confirmation.too_long.push_back(all[i].strategy);
            continue;
        }
        ConfirmedAdvice run = confirm(all[i], request, *shrink, engine);
        run.place = i + 1;
        const auto twin = std::find_if(runs.begin(), runs.end(),
                                       [&](const auto& other) { return same_figures(run, other); });
        if (twin != runs.end()) {
            twin->same.push_back(all[i].strategy);
        } else {
            runs.push_back(std::move(run));
        }
    }
    rank(runs);
    return confirmation;
}

/// Of the printed experiment: the engine, where it can hold the data in memory.
std::string engine_for(const AdviceRequest& request) {
    const bool fits = request.mix.entries * request.mix.entry_bytes <= kMostStored;
    return fits ? "lsmlab" : kSimulator;
}

}  // namespace

int advise_verb(const Arguments& arguments) {
    const auto values = read_arguments("advise", advise_options(), arguments, "file");
    if (!values) return kDone;
    std::string note;
    const AdviceRequest request = read_request(*values, note);
    const uint64_t confirm_count = read_confirm(*values);
    const std::string engine = read_engine(*values);
    require_runnable(engine, request.mix);
    require_writable(*values);
    std::vector<Advice> all = advise(request, all_policies());
    if (all.empty()) {
        throw Error(ErrorKind::config, "no strategy's design fits into that memory", {},
                    "give more by --memory");
    }
    const std::vector<Advice> frontier = advice_frontier(request, all_policies(), all);
    const std::vector<Advice> shown = spread_out(frontier, kMostShown);
    const bool colour = wants_colour(Stream::output);
    const bool json = values->contains("json");
    if (!json) {
        std::cout << (note.empty() ? "" : note + "\n\n") << advice_page(request, all, colour)
                  << frontier_page(request, shown, frontier.size(), colour) << std::flush;
    }
    const Confirmation confirmation =
        confirm_best(all, request, confirm_count, engine.empty() ? kSimulator : engine);
    const auto& runs = confirmation.runs;
    const Advice& best = runs.empty() ? all.front() : *runs.front().advice;
    const std::string yaml =
        advice_yaml(best, request, 1, engine.empty() ? engine_for(request) : engine);
    if (values->contains("out")) {
        write_text_file(posix_file_system(), (*values)["out"].as<std::string>(), yaml);
    }
    if (json) {
        Json designs = Json::array(), others = Json::array();
        for (const Advice& one : all) {
            const auto run = std::find_if(runs.begin(), runs.end(), [&](const auto& confirmed) {
                return confirmed.advice == &one;
            });
            designs.push_back(advice_json(one, run == runs.end() ? nullptr : &*run));
        }
        for (const Advice& one : shown) others.push_back(advice_json(one, nullptr));
        Json document = {{"designs", designs}, {"frontier", others}, {"experiment", yaml}};
        if (!note.empty()) document["note"] = note;
        std::cout << document.dump(2) << "\n";
        return kDone;
    }
    std::cout << confirmed_page(runs, colour);
    if (!confirmation.too_long.empty()) {
        std::cout << "\nnot run, as data so much larger than the memory takes too long: "
                  << join(confirmation.too_long) << "\n";
    }
    std::cout << "\nready to run:\n\n" << yaml;
    return kDone;
}

}  // namespace lsm::cli
