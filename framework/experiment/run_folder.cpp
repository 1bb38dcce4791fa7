// Starting a run's folder, and finding one again: the first half of run.hpp.
#include <algorithm>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/experiment/experiment_reader.hpp"
#include "framework/experiment/run.hpp"

namespace lsm::experiment {
namespace {

/// "2026-11-21T08:30:00Z" as a folder's name; colons trouble other systems and `make`.
std::string folder_name(std::string time) {
    std::replace(time.begin(), time.end(), ':', '-');
    return time;
}

std::string state_text(const SourceState& source) {
    return (source.commit.empty() ? "no commit" : "commit " + source.commit.substr(0, 12)) +
           (source.dirty.value_or(false) ? " with changes" : "");
}

/// The program is the same, or the run would not be resumed: this is for whoever reads the source.
std::string source_warning(const SourceState& then, const SourceState& now) {
    return then == now ? ""
                       : fmt::format(
                             "the run was begun with the source at {}, which is at {} now; "
                             "manifest.json has both",
                             state_text(then), state_text(now));
}

}  // namespace

RunFolder start_run(const Experiment& experiment, const std::string& results,
                    const std::vector<std::string>& arguments, uint64_t jobs,
                    const RunSurroundings& surroundings) {
    FileSystem& files = *surroundings.files;
    const std::string parent = results + "/" + experiment.name;
    files.create_folder(parent);
    RunFolder folder;
    folder.facts.started = surroundings.clock->utc_time();
    std::string name = folder_name(folder.facts.started);
    const std::string first = name;
    // Made here or not at all: another run of this second has a folder of its own.
    for (int number = 2; !files.create_new_folder(parent + "/" + name); ++number) {
        name = fmt::format("{}-{}", first, number);
    }
    folder.path = parent + "/" + name;
    folder.name = name;
    folder.cache = results + "/.cache";
    folder.facts.run = name;
    folder.facts.folder = folder.path;
    folder.facts.arguments = arguments;
    folder.facts.jobs = jobs;
    folder.facts.program_fingerprint = surroundings.program_fingerprint(files);
    folder.facts.source = surroundings.source_state(files);
    write_text_file(files, folder.path + "/experiment.yaml", experiment.resolved);
    write_text_file(files, folder.path + "/manifest.json", manifest_json(experiment, folder.facts));
    try {
        files.link_latest(name, parent + "/latest");
    } catch (const Error& error) {
        folder.latest_problem = error.what();
    }
    return folder;
}

ResumedRun resume_run(const std::string& folder, const ReadContext& context, uint64_t jobs,
                      const RunSurroundings& surroundings) {
    FileSystem& files = *surroundings.files;
    const std::string manifest_path = folder + "/manifest.json";
    if (!files.exists(manifest_path)) {
        throw Error(ErrorKind::usage, "this is no run's folder: it has no manifest.json",
                    {folder, {}, {}, {}}, "a run's folder is results/<experiment>/<time>");
    }
    const ManifestStart start = read_manifest(read_text_file(files, manifest_path), manifest_path);
    if (is_over(files, folder, start)) {
        throw Error(ErrorKind::usage, "this run is finished; there is nothing to resume",
                    {folder, {}, {}, {}});
    }
    ResumedRun resumed;
    const std::string file = folder + "/experiment.yaml";
    resumed.experiment = read_experiment(file, read_text_file(files, file), context);
    resumed.folder.path = folder;
    resumed.folder.name = start.run;
    resumed.folder.cache = folder + "/../../.cache";
    resumed.folder.facts.run = start.run;
    ManifestFacts& facts = resumed.folder.facts;
    facts.started = start.started;
    facts.wall_seconds = start.wall_seconds;
    facts.arguments = start.arguments;
    facts.jobs = jobs;
    facts.folder = folder;
    facts.program_fingerprint = surroundings.program_fingerprint(files);
    facts.source = start.source;
    facts.reused = start.reused;
    facts.resumptions = start.resumptions;
    facts.resumptions.push_back({surroundings.clock->utc_time(), surroundings.source_state(files)});
    resumed.warning = source_warning(start.source, facts.resumptions.back().source);
    if (text_fingerprint(resumed.experiment.resolved) != start.experiment_fingerprint) {
        throw Error(
            ErrorKind::config,
            "this file is not what the run began with, so new trials would not belong to the "
            "finished ones",
            {file, {}, {}, {}}, "start a new run");
    }
    if (facts.program_fingerprint != start.program_fingerprint) {
        throw Error(
            ErrorKind::config,
            "this run was begun by another build of lsmlab, so new trials might not belong to the "
            "finished ones",
            {folder, {}, {}, {}}, "start a new run");
    }
    return resumed;
}

}  // namespace lsm::experiment
