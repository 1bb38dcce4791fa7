#include "framework/experiment/manifest_file.hpp"

#include <fmt/core.h>
#include <lz4.h>
#include <xxhash.h>
#include <zstd.h>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>

#include "framework/base/build_info.hpp"
#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/text.hpp"
#include "framework/os/machine.hpp"
#include "framework/os/process.hpp"

namespace lsm::experiment {
namespace {

using Json = nlohmann::ordered_json;

std::string first_line(FileSystem& files, const std::string& path) {
    if (!files.exists(path) || files.is_folder(path)) {
        return {};
    }
    const std::string text = read_text_file(files, path);
    return std::string(trim(text.substr(0, text.find('\n'))));
}

std::optional<bool> is_dirty(const std::string& folder) {
    try {
        const auto result =
            run_process({"git", "-C", folder, "status", "--porcelain", "--untracked-files=no"});
        return result.exit_status == 0 ? std::optional(!result.output.empty()) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

Json dirty_json(const SourceState& source) {
    return source.dirty ? Json(*source.dirty) : Json(nullptr);
}

SourceState read_source(const Json& json) {
    SourceState source;
    source.commit = json.at("commit");
    if (json.at("dirty").is_boolean()) {
        source.dirty = json.at("dirty").get<bool>();
    }
    return source;
}

std::string hexadecimal(uint64_t word) { return fmt::format("{:016x}", word); }

Json libraries() {
    return {
        {"boost", BOOST_LIB_VERSION},
        {"fmt",
         fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
        {"lz4", LZ4_versionString()},
        {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                      NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
        {"xxhash",
         fmt::format("{}.{}.{}", XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE)},
        {"zstd", ZSTD_versionString()}};
}

}  // namespace

std::string commit_of(FileSystem& files, const std::string& folder) {
    const std::string git = folder + "/.git";
    try {
        if (!files.is_folder(git)) {
            return {};
        }
        const std::string head = first_line(files, git + "/HEAD");
        if (!head.starts_with("ref: ")) {
            return head;
        }
        const std::string reference = head.substr(5);
        if (std::string commit = first_line(files, git + "/" + reference); !commit.empty()) {
            return commit;
        }
        if (files.exists(git + "/packed-refs")) {
            for (const std::string& line :
                 split(read_text_file(files, git + "/packed-refs"), '\n')) {
                if (line.ends_with(" " + reference)) {
                    return line.substr(0, line.find(' '));
                }
            }
        }
    } catch (const Error&) {
        // A manifest without a commit is better than no run.
    }
    return {};
}

std::string text_fingerprint(const std::string& text) { return hexadecimal(hash_bytes(text, 0)); }

std::string program_fingerprint(FileSystem& files) {
    try {
        const std::string program = program_file();
        if (!program.empty()) {
            return text_fingerprint(read_text_file(files, program));
        }
    } catch (const Error&) {
        // Below is what is known without the file.
    }
    const BuildInfo& build = build_info();
    return text_fingerprint(fmt::format("{} {} {}", build.version, build.compiler, build.flags));
}

SourceState source_state(FileSystem& files) {
    const std::string folder(build_info().source_folder);
    SourceState source;
    source.commit = commit_of(files, folder);
    if (!source.commit.empty()) {
        source.dirty = is_dirty(folder);
    }
    return source;
}

std::string manifest_json(const Experiment& experiment, const ManifestFacts& facts) {
    const BuildInfo& build = build_info();
    const Machine machine = this_machine();
    Json json;
    json["experiment"] = experiment.name;
    json["run"] = facts.run;
    json["file"] = experiment.file;
    json["about"] = experiment.about;
    json["mode"] = experiment.mode == Mode::realtime ? "realtime" : "deterministic";
    json["seed"] = experiment.seed;
    json["repeat"] = experiment.repeat;
    json["trials"] = experiment.trials.size();
    json["started"] = facts.started;
    json["finished"] = facts.finished.empty() ? Json(nullptr) : Json(facts.finished);
    json["wall_seconds"] = facts.wall_seconds;
    json["jobs"] = facts.jobs;
    json["reused_trials"] = facts.reused;
    json["arguments"] = facts.arguments;
    json["version"] = build.version;
    json["commit"] = facts.source.commit;
    json["dirty"] = dirty_json(facts.source);
    Json resumptions = Json::array();
    for (const Resumption& one : facts.resumptions) {
        resumptions.push_back(
            {{"time", one.time}, {"commit", one.source.commit}, {"dirty", dirty_json(one.source)}});
    }
    json["resumed"] = resumptions;
    json["compiler"] = build.compiler;
    json["build_type"] = build.build_type;
    json["flags"] = build.flags;
    json["sanitizers"] = build.sanitizers;
    json["libraries"] = libraries();
    json["machine"] = {{"system", machine.system},
                       {"processor", machine.processor},
                       {"cores", machine.cores},
                       {"memory_bytes", machine.memory_bytes}};
    json["file_system"] = file_system_type(facts.folder);
    json["fingerprints"] = {{"experiment", text_fingerprint(experiment.resolved)},
                            {"program", facts.program_fingerprint}};
    return json.dump(2) + "\n";
}

ManifestStart read_manifest(const std::string& text, const std::string& file) {
    try {
        const Json json = Json::parse(text);
        ManifestStart start;
        start.run = json.at("run");
        start.started = json.at("started");
        start.finished = !json.at("finished").is_null();
        start.wall_seconds = json.at("wall_seconds");
        start.arguments = json.at("arguments").get<std::vector<std::string>>();
        start.program_fingerprint = json.at("fingerprints").at("program");
        start.experiment_fingerprint = json.at("fingerprints").at("experiment");
        start.source = read_source(json);
        for (const Json& one : json.value("resumed", Json::array())) {
            start.resumptions.push_back({one.at("time"), read_source(one)});
        }
        start.reused = json.value("reused_trials", std::vector<uint64_t>());
        return start;
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::corruption,
                    std::string("this is no run's manifest: ") + error.what(), {file, {}, {}, {}});
    }
}

}  // namespace lsm::experiment
