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
    folder.facts.run = name;
    folder.facts.folder = folder.path;
    folder.facts.arguments = arguments;
    folder.facts.jobs = jobs;
    folder.facts.program_fingerprint = surroundings.program_fingerprint(files);
    write_text_file(files, folder.path + "/experiment.yaml", experiment.resolved);
    write_text_file(files, folder.path + "/manifest.json",
                    manifest_json(files, experiment, folder.facts));
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
    if (start.finished) {
        throw Error(ErrorKind::usage, "this run is finished; there is nothing to resume",
                    {folder, {}, {}, {}});
    }
    ResumedRun resumed;
    const std::string file = folder + "/experiment.yaml";
    resumed.experiment = read_experiment(file, read_text_file(files, file), context);
    resumed.folder.path = folder;
    resumed.folder.name = start.run;
    resumed.folder.facts.run = start.run;
    ManifestFacts& facts = resumed.folder.facts;
    facts.started = start.started;
    facts.wall_seconds = start.wall_seconds;
    facts.arguments = start.arguments;
    facts.jobs = jobs;
    facts.folder = folder;
    facts.program_fingerprint = surroundings.program_fingerprint(files);
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
