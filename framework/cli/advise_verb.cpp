#include <algorithm>
#include <cmath>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/base/text.hpp"
#include "framework/cli/command_line.hpp"
#include "framework/experiment/adviser.hpp"
#include "framework/experiment/experiment_reader.hpp"
#include "framework/experiment/trial_runner.hpp"
#include "framework/experiment/yaml_node.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/summary.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

using experiment::Advice;
using experiment::AdviceRequest;
using report::readable_number;
using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

const std::string kSimulator = "simulator";
constexpr double kMostConfirmed = 3e6;      // entries of a run that confirms
constexpr double kMostFlushes = 5000;       // of such a run
constexpr double kMostStored = 1ull << 30;  // bytes of entries that the engine is to hold in memory
constexpr double kLeastEntries = 16;        // that the memory must hold

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
        "confirm", text("N"), "run the best N, scaled down (default: 3; 0: none)")(
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

/// From a workload file, or from the first trial of an experiment file.
experiment::WorkloadMix read_workload(const std::string& file) {
    FileSystem& files = posix_file_system();
    if (!files.exists(file)) throw Error(ErrorKind::usage, "there is no file " + file);
    const std::string text = read_text_file(files, file);
    experiment::Problems ignored;
    const auto root =
        experiment::read_yaml(std::make_shared<experiment::SourceText>(file, text), ignored);
    if (root.find("experiment") == nullptr) return experiment::read_mix(file, text);
    const auto context = experiment::make_read_context(files, file);
    return mix_of(experiment::read_experiment(file, text, context).trials.front());
}

AdviceRequest read_request(const options::variables_map& values) {
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
    request.mix = read_workload(values["file"].as<std::vector<std::string>>().front());
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

/// What a design came to when it was run.
struct Confirmed {
    std::string engine;
    double shrink = 1;
    experiment::TrialResult result;
};

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

Confirmed confirm(const Advice& advice, const AdviceRequest& request, double shrink,
                  const std::string& engine) {
    Confirmed confirmed{engine, shrink, {}};
    const std::string yaml = advice_yaml(advice, request, confirmed.shrink, confirmed.engine);
    const auto context = experiment::make_read_context(posix_file_system(), "");
    const auto read = experiment::read_experiment("the advice", yaml, context);
    confirmed.result = experiment::run_trial(read.trials.front());
    return confirmed;
}

/// Of the printed experiment: the engine, where it can hold the data in memory.
std::string engine_for(const AdviceRequest& request) {
    const bool fits = request.mix.entries * request.mix.entry_bytes <= kMostStored;
    return fits ? "lsmlab" : kSimulator;
}

double metric(const Confirmed& confirmed, const std::string& name) {
    for (const auto& [key, value] : confirmed.result.metrics) {
        if (key == name) return value;
    }
    return std::nan("");
}

std::string cell(double value) { return std::isnan(value) ? "" : readable_number(value); }

std::string microseconds(double seconds) { return readable_number(seconds * 1e6); }

std::string setting(const Advice& advice, const std::string& path) {
    for (const auto& [key, value] : advice.settings) {
        if (key == path) return value;
    }
    return "";
}

Rows frontier_rows(const std::vector<Advice>& all, bool robust) {
    Rows rows;
    for (const Advice& one : all) {
        std::string runs = setting(one, "tree.compaction.upper_runs");
        if (!runs.empty()) runs += "/" + setting(one, "tree.compaction.last_runs");
        rows.push_back(
            {one.strategy, setting(one, "tree.compaction.size_ratio"), runs,
             format_size(static_cast<uint64_t>(one.memtable_bytes)),
             setting(one, "tree.bloom.policy") + " " + format_number(one.filter_bits),
             readable_number(one.costs.write), readable_number(one.costs.empty_lookup),
             readable_number(one.costs.found_lookup), readable_number(one.costs.short_range),
             readable_number(one.costs.space), microseconds(one.mean_seconds),
             robust ? microseconds(one.worst_seconds) : "", one.on_frontier ? "yes" : ""});
    }
    return rows;
}

void print_advice(const AdviceRequest& request, const std::vector<Advice>& all, bool colour) {
    const auto shares = request.mix.shares();
    std::cout << fmt::format("{} entries of {}, memory {}, device {};",
                             format_count(static_cast<uint64_t>(request.mix.entries)),
                             format_size(static_cast<uint64_t>(request.mix.entry_bytes)),
                             format_size(static_cast<uint64_t>(request.memory_bytes)),
                             request.device.name);
    for (size_t i = 0; i < experiment::kAdviceOperations; ++i) {
        std::cout << fmt::format("{} {} %", i == 0 ? "" : ",", readable_number(shares[i] * 100))
                  << " " << experiment::advice_operation_name(i);
    }
    if (request.rho > 0) std::cout << "; robust within " << format_number(request.rho);
    std::cout << "\n\nthe best design of each strategy, by the model:\n"
              << report::terminal_table(
                     {"strategy", "size ratio", "runs", "memtable", "filters", "write", "empty",
                      "found", "short range", "space", "us/operation",
                      request.rho > 0 ? "us at worst" : "", "frontier"},
                     frontier_rows(all, request.rho > 0), colour);
}

void print_confirmed(const std::vector<std::pair<const Advice*, Confirmed>>& confirmed,
                     bool colour) {
    if (confirmed.empty()) return;
    Rows rows;
    for (const auto& [advice, run] : confirmed) {
        for (const char* name : {"write_amplification", "read_amplification_empty",
                                 "read_amplification_found", "mean_space_amplification"}) {
            const double measured = metric(run, name);
            if (std::isnan(measured)) continue;
            rows.push_back({advice->strategy, name, cell(measured),
                            cell(metric(run, std::string("model_") + name))});
        }
    }
    std::cout << "\nconfirmed on engine " << confirmed.front().second.engine
              << ", scaled down so that the tree keeps its shape:\n"
              << report::terminal_table({"strategy", "metric", "run", "predicted for the run"},
                                        rows, colour);
}

Json advice_json(const Advice& one, const Confirmed* run) {
    Json settings = Json::object();
    for (const auto& [path, value] : one.settings) settings[path] = value;
    Json seconds = Json::object();
    for (size_t i = 0; i < experiment::kAdviceOperations; ++i) {
        seconds[experiment::advice_operation_name(i)] = one.seconds[i];
    }
    Json json = {{"strategy", one.strategy},
                 {"settings", settings},
                 {"write", one.costs.write},
                 {"empty_lookup", one.costs.empty_lookup},
                 {"found_lookup", one.costs.found_lookup},
                 {"short_range", one.costs.short_range},
                 {"space", one.costs.space},
                 {"seconds", seconds},
                 {"mean_seconds", one.mean_seconds},
                 {"worst_seconds", one.worst_seconds},
                 {"frontier", one.on_frontier}};
    if (run != nullptr) {
        Json metrics = Json::object();
        for (const auto& [name, value] : run->result.metrics) {
            if (!std::isnan(value)) metrics[name] = value;
        }
        json["confirmed"] = {
            {"engine", run->engine}, {"shrink", run->shrink}, {"metrics", metrics}};
    }
    return json;
}

}  // namespace

int advise_verb(const Arguments& arguments) {
    const auto values = read_arguments("advise", advise_options(), arguments, "file");
    if (!values) return kDone;
    const AdviceRequest request = read_request(*values);
    const uint64_t confirm_count = read_confirm(*values);
    const std::string engine = read_engine(*values);
    const std::vector<Advice> all = advise(request, all_policies());
    if (all.empty()) {
        throw Error(ErrorKind::config, "no strategy's design fits into that memory", {},
                    "give more by --memory");
    }
    const bool colour = wants_colour(Stream::output);
    const bool json = values->contains("json");
    if (!json) print_advice(request, all, colour);
    std::vector<std::pair<const Advice*, Confirmed>> confirmed;
    std::string too_long;
    for (size_t i = 0; i < all.size() && i < confirm_count; ++i) {
        const std::string& by = engine.empty() ? kSimulator : engine;
        if (const auto shrink = shrink_of(all[i], request, by)) {
            confirmed.emplace_back(&all[i], confirm(all[i], request, *shrink, by));
        } else {
            too_long += (too_long.empty() ? "" : ", ") + all[i].strategy;
        }
    }
    const std::string yaml =
        advice_yaml(all.front(), request, 1, engine.empty() ? engine_for(request) : engine);
    if (values->contains("out")) {
        write_text_file(posix_file_system(), (*values)["out"].as<std::string>(), yaml);
    }
    if (json) {
        Json designs = Json::array();
        for (const Advice& one : all) {
            const Confirmed* run = nullptr;
            for (const auto& [advice, result] : confirmed) run = advice == &one ? &result : run;
            designs.push_back(advice_json(one, run));
        }
        std::cout << Json({{"designs", designs}, {"experiment", yaml}}).dump(2) << "\n";
        return kDone;
    }
    print_confirmed(confirmed, colour);
    if (!too_long.empty()) {
        std::cout << "\nnot run, as data so much larger than the memory takes too long: "
                  << too_long << "\n";
    }
    std::cout << "\nready to run:\n\n" << yaml;
    return kDone;
}

}  // namespace lsm::cli
