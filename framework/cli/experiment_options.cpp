#include "framework/cli/experiment_options.hpp"

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/size.hpp"

namespace lsm::cli {

void add_experiment_options(options::options_description& known) {
    using Texts = std::vector<std::string>;
    known.add_options()("set", options::value<Texts>()->value_name("PATH=VALUE")->composing(),
                        "lay a setting over the file's, as in tree.compaction.size_ratio=8; a "
                        "list, [2, 4], sweeps it")(
        "seed", options::value<std::string>()->value_name("N"), "the experiment's seed")(
        "scale", options::value<std::string>()->value_name("F"),
        "multiply records, operations, key spaces and the distance between samples");
}

experiment::ReadOptions experiment_options(const options::variables_map& values) {
    experiment::ReadOptions result;
    if (values.contains("set")) {
        result.sets = values["set"].as<std::vector<std::string>>();
    }
    if (values.contains("seed")) {
        const std::string& text = values["seed"].as<std::string>();
        result.seed = parse_count(text);
        if (!result.seed) {
            throw Error(ErrorKind::usage, "--seed is a whole number, not " + text);
        }
    }
    if (values.contains("scale")) {
        const std::string& text = values["scale"].as<std::string>();
        const auto scale = parse_real(text);
        if (!scale || !(*scale > 0) || *scale > 1e6) {
            throw Error(ErrorKind::usage, "--scale is a number above 0 and up to 1e6, not " + text);
        }
        result.scale = *scale;
    }
    return result;
}

std::vector<experiment::Experiment> read_experiments(const std::string& verb,
                                                     const options::variables_map& values) {
    if (!values.contains("file")) {
        throw Error(ErrorKind::usage, verb + " needs an experiment file", {},
                    "./lab list shows those that are there");
    }
    const auto read_options = experiment_options(values);
    std::vector<experiment::Experiment> experiments;
    std::string problems;
    for (const std::string& file : values["file"].as<std::vector<std::string>>()) {
        if (!posix_file_system().exists(file)) {
            throw Error(ErrorKind::usage, "there is no file " + file, {},
                        "./lab list shows the experiments that are there");
        }
        try {
            const auto context = experiment::make_read_context(posix_file_system(), file);
            experiments.push_back(experiment::read_experiment_file(file, context, read_options));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::config) {
                throw;
            }
            problems += (problems.empty() ? "" : "\n") + std::string(error.what());
        }
    }
    if (!problems.empty()) {
        throw Error(ErrorKind::config, problems);
    }
    return experiments;
}

}  // namespace lsm::cli
