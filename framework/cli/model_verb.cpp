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
#include "framework/cli/experiment_options.hpp"
#include "framework/cli/model_page.hpp"
#include "framework/os/terminal.hpp"

namespace lsm::cli {
namespace {

using experiment::Experiment;
using experiment::TrialModel;

/// What a design's flags stand for; the tree itself is read as an experiment.
struct Flags {
    double entries = 1e9;
    uint64_t entry_size = 128;
    double range = 1000;
    std::string yaml;
    std::vector<std::string> sets;
};

options::options_description model_options() {
    using Texts = std::vector<std::string>;
    options::options_description known("options");
    const auto text = [](const char* name) {
        return options::value<std::string>()->value_name(name);
    };
    known.add_options()("policy", text("NAME"),
                        "compaction strategy, or several by commas (default: lazy_leveling)")(
        "set", options::value<Texts>()->value_name("PATH=VALUE")->composing(),
        "an option of the strategy, as size_ratio=10, or a setting by its path, as "
        "tree.format.block_size=4KiB")(
        "sweep", options::value<Texts>()->value_name("PATH=VALUES")->composing(),
        "the same for each of several values: size_ratio=2..20, or size_ratio=2,4,8")(
        "entries", text("N"), "how many keys there are (default: 1e9)")(
        "entry-size", text("BYTES"), "of a key with its value (default: 128)")(
        "memory", text("SIZE"), "of the memtable (default: 64 MiB)")(
        "bits", text("N"), "filter bits per key (default: 10)")(
        "bloom", text("NAME"), "how filter bits are spread (default: monkey)")(
        "filter", text("NAME"), "the filter's structure")(
        "range", text("N"), "entries of a long range lookup (default: 1000)")(
        "plot", text("FILE.svg"), "draw the costs over the sweep; needs gnuplot")(
        "json", "print JSON, for programs");
    return known;
}

std::string text_of(const options::variables_map& values, const char* name,
                    const std::string& otherwise) {
    return values.contains(name) ? values[name].as<std::string>() : otherwise;
}

double count_of(const options::variables_map& values, const char* name, double otherwise,
                double most) {
    if (!values.contains(name)) return otherwise;
    const std::string& text = values[name].as<std::string>();
    const auto count = parse_count(text);
    const double value = count ? static_cast<double>(*count) : 0;
    if (!count || value < 1 || value > most) {
        throw Error(ErrorKind::usage, fmt::format("--{} is a count from 1 to {}, not {}", name,
                                                  format_number(most), text));
    }
    return value;
}

/// "size_ratio" is an option of the strategy.
std::string full_path(const std::string& path) {
    return path.find('.') == std::string::npos && path != "seed" ? "tree.compaction." + path : path;
}

std::pair<std::string, std::string> split_setting(const char* option, const std::string& text) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw Error(ErrorKind::usage, fmt::format("--{} takes PATH=VALUE, not {}", option, text));
    }
    return {full_path(text.substr(0, equals)), text.substr(equals + 1)};
}

/// "2..20" is the whole numbers from 2 to 20; "2,4,8" these.
std::string swept_values(const std::string& text) {
    constexpr uint64_t kMost = 1000;
    const size_t dots = text.find("..");
    if (dots == std::string::npos) return "[" + text + "]";
    const auto from = parse_count(text.substr(0, dots));
    const auto to = parse_count(text.substr(dots + 2));
    if (!from || !to || *to < *from || *to - *from > kMost) {
        throw Error(ErrorKind::usage,
                    fmt::format("--sweep takes a range of whole numbers as 2..20, of at most {}, "
                                "not {}",
                                kMost, text));
    }
    std::vector<std::string> numbers;
    for (uint64_t value = *from; value <= *to; ++value) numbers.push_back(format_number(value));
    return "[" + join(numbers) + "]";
}

Flags read_flags(const options::variables_map& values) {
    constexpr double kMostEntries = 1e15;
    Flags flags;
    flags.entries = count_of(values, "entries", flags.entries, kMostEntries);
    flags.range = count_of(values, "range", flags.range, kMostEntries);
    const std::string size = text_of(values, "entry-size", "128");
    const auto bytes = parse_size(size);
    if (!bytes || *bytes < 2 || *bytes > (uint64_t{1} << 30)) {
        throw Error(ErrorKind::usage, "--entry-size is a size from 2 B to 1 GiB, not " + size);
    }
    flags.entry_size = *bytes;
    // What is not said stands in the file: the options of a policy that --set takes away go with
    // it.
    flags.yaml =
        "experiment: model\n"
        "tree:\n"
        "  memtable: {size: 64 MiB}\n"
        "  bloom: {policy: monkey, bits_per_key: 10}\n"
        "  compaction: {policy: lazy_leveling}\n"
        "workload:\n  - load: {records: 1}\n";
    const auto lay = [&](const char* option, const std::string& path) {
        if (!values.contains(option)) return;
        const std::string& text = values[option].as<std::string>();
        const bool several = text.find(',') != std::string::npos;
        flags.sets.push_back(path + "=" + (several ? "[" + text + "]" : text));
    };
    lay("memory", "tree.memtable.size");
    lay("policy", "tree.compaction.policy");
    lay("bloom", "tree.bloom.policy");
    lay("bits", "tree.bloom.bits_per_key");
    lay("filter", "tree.filter.policy");
    const auto add = [&](const char* option, bool sweeps) {
        if (!values.contains(option)) return;
        for (const std::string& text : values[option].as<std::vector<std::string>>()) {
            const auto [path, value] = split_setting(option, text);
            flags.sets.push_back(path + "=" + (sweeps ? swept_values(value) : value));
        }
    };
    add("set", false);
    add("sweep", true);
    return flags;
}

/// A trial's design and its costs; `reshape` may change the data that they are of.
template <class Reshape>
ModelledTrial design_of(const Experiment& experiment, const experiment::Trial& trial, double range,
                        Reshape reshape) {
    ModelledTrial design;
    design.name = trial_label(experiment, trial);
    if (design.name.empty()) design.name = trial.settings.compaction.policy;
    design.trial = &trial;
    const auto model = TrialModel::of(trial, all_policies());
    if (const auto* reason = std::get_if<std::string>(&model)) {
        design.outside = *reason;
        return design;
    }
    design.data = std::get<TrialModel>(model).data();
    reshape(design.data);
    if (design.data.bytes() < design.data.memtable_bytes) {
        design.outside = fmt::format(
            "its data, {}, fits into the memtable of {}: no level holds "
            "any of it, and nothing is merged or looked up there",
            format_size(static_cast<uint64_t>(design.data.bytes())),
            format_size(static_cast<uint64_t>(design.data.memtable_bytes)));
        return design;
    }
    design.costs = std::get<TrialModel>(model).costs(design.data);
    design.range = std::min(range, design.data.entries);
    return design;
}

/// The designs that the flags name, each an experiment's trial.
std::vector<ModelledTrial> designs_of_flags(const Flags& flags, Experiment& read) {
    const auto context = experiment::make_read_context(posix_file_system(), "");
    experiment::ReadOptions read_options;
    read_options.sets = flags.sets;
    read = experiment::read_experiment("the command line", flags.yaml, context, read_options);
    std::vector<ModelledTrial> designs;
    for (const experiment::Trial& trial : read.trials) {
        designs.push_back(design_of(read, trial, flags.range, [&](model::DataSize& data) {
            data.entries = flags.entries;
            data.entry_bytes = static_cast<double>(flags.entry_size);
        }));
    }
    return designs;
}

std::vector<ModelledTrial> designs_of_experiment(const Experiment& experiment, double range) {
    std::vector<ModelledTrial> designs;
    for (const experiment::Trial& trial : experiment.trials) {
        if (trial.repeat > 1) continue;
        designs.push_back(design_of(experiment, trial, range, [](model::DataSize&) {}));
        if (designs.back().outside.empty()) {
            designs.back().predicted = predict(trial, all_policies());
        }
    }
    return designs;
}

void refuse_flags_beside_file(const options::variables_map& values) {
    for (const char* other :
         {"policy", "entries", "entry-size", "memory", "bits", "bloom", "filter"}) {
        if (values.contains(other)) {
            throw Error(
                ErrorKind::usage,
                fmt::format("--{} describes a design, and an experiment file has its own", other),
                {}, "lay a setting over the file's by --set, with its whole path");
        }
    }
}

void show(const std::vector<ModelledTrial>& designs, const options::variables_map& values,
          const Experiment& experiment) {
    if (values.contains("json")) {
        std::cout << model_json(designs).dump(2) << "\n";
    } else if (designs.size() == 1) {
        std::cout << design_page(designs.front(), wants_colour(Stream::output));
    } else {
        std::cout << designs_table(designs, wants_colour(Stream::output));
    }
    if (values.contains("plot")) {
        const std::string file = values["plot"].as<std::string>();
        draw_designs(designs, experiment, file);
        if (!values.contains("json")) std::cout << "\ndrawn: " << file << "\n";
    }
}

}  // namespace

int model_verb(const Arguments& arguments) {
    const auto known = model_options();
    const auto values = read_arguments("model", known, arguments, "file");
    if (!values) return kDone;
    if (!values->contains("file")) {
        Experiment read;
        const auto designs = designs_of_flags(read_flags(*values), read);
        show(designs, *values, read);
        return kDone;
    }
    refuse_flags_beside_file(*values);
    options::variables_map laid_over = *values;
    if (values->contains("sweep")) {
        std::vector<std::string> sets;
        if (values->contains("set")) sets = (*values)["set"].as<std::vector<std::string>>();
        for (const std::string& text : (*values)["sweep"].as<std::vector<std::string>>()) {
            const auto [path, value] = split_setting("sweep", text);
            sets.push_back(path + "=" + swept_values(value));
        }
        laid_over.erase("set");
        laid_over.insert({"set", options::variable_value(sets, false)});
    }
    const auto experiments = read_experiments("model", laid_over);
    for (const Experiment& experiment : experiments) {
        if (!values->contains("json")) {
            std::cout << (experiments.size() > 1 ? experiment.file + "\n" : "");
        }
        show(designs_of_experiment(experiment, count_of(*values, "range", 1000, 1e15)), *values,
             experiment);
    }
    return kDone;
}

}  // namespace lsm::cli
