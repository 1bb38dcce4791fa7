// The workload's part of a trial: named mixes laid under a phase's own options, and what phases
// have to do with each other.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/experiment/estimate_run.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/trial_builder.hpp"
#include "workloads/client.hpp"
#include "workloads/trace.hpp"

namespace lsm::experiment {

void TrialBuilder::read_phases(const Assignments& settings, Built& built) {
    std::vector<workloads::Phase>& phases = built.trial.phases;
    phases_read_ = true;
    for (const DraftPhase& draft : draft_.phases) {
        phases.push_back(read_phase(draft, settings));
    }
    workloads::inherit_options(phases);
    for (size_t i = 0; i < phases.size(); ++i) {
        const std::string path = draft_.phases[i].path();
        if (!phases[i].name.empty()) {
            built.settings.push_back({path + ".use", phases[i].name, phases[i].name});
        }
        const auto infos = workloads::describe_phase(phases[i].kind);
        for (const auto& printed : workloads::print_phase(phases[i])) {
            const std::string& name = printed.first;
            const auto info = std::find_if(infos.begin(), infos.end(),
                                           [&](const auto& one) { return one.name == name; });
            add(built, path + "." + name, info == infos.end() ? OptionInfo{} : *info,
                printed.second);
        }
    }
    check_phases(built.trial);
}

Assignments TrialBuilder::phase_options(const DraftPhase& draft, const Assignments& settings,
                                        std::string& use) {
    const std::string prefix = draft.path() + ".";
    Assignments own;
    for (auto found = settings.lower_bound(prefix);
         found != settings.end() && found->first.starts_with(prefix); ++found) {
        own[found->first.substr(prefix.size())] = found->second;
    }
    const auto named = own.find("use");
    if (named == own.end()) {
        return own;
    }
    const Assignment reference = named->second;
    own.erase(named);
    const std::string name = reference.value.items.empty() ? "" : reference.value.items.front();
    const auto names = library_.names();
    if (reference.value.is_list) {
        problems_.add(reference.place, "`use` takes the name of one workload, and this is a list");
        return own;
    }
    if (!library_.has(name)) {
        problems_.add(reference.place,
                      fmt::format("there is no workload `{}`; there are {}{}", name,
                                  name_list(names), did_you_mean(name, names)));
        return own;
    }
    use = name;
    Assignments options = library_.read(name, problems_);
    scale_counts(options, scale_);
    for (const auto& [option, assignment] : own) {
        options[option] = assignment;
    }
    return options;
}

workloads::Phase TrialBuilder::read_phase(const DraftPhase& draft, const Assignments& settings) {
    std::string use;
    const Assignments options = phase_options(draft, settings, use);
    OptionValues values;
    for (const auto& [option, assignment] : options) {
        values[option] = assignment.value;
    }
    // A mix that could not be found says nothing about its weights: one problem is enough.
    const bool without_mix = use.empty() && settings.contains(draft.path() + ".use");
    std::vector<OptionProblem> wrong;
    workloads::Phase phase = workloads::read_phase(draft.kind, use, values, wrong);
    workloads::scale_exact(phase, scale_);
    phases_read_ = phases_read_ && wrong.empty() && !without_mix;
    for (const OptionProblem& problem : wrong) {
        const auto found = options.find(problem.option);
        if (found != options.end()) {
            problems_.add(found->second.place,
                          fmt::format("`{}`: {}", problem.option, problem.message));
        } else if (!without_mix) {
            problems_.add(draft.place, problem.message);
        }
    }
    if (wrong.empty() && phase.kind == workloads::PhaseKind::replay) {
        const auto file = options.find("file");
        const Place& place = file != options.end() ? file->second.place : draft.place;
        survey_trace(phase, place);
        if (phase.format == "twitter" && phase.first_ttl > 0 &&
            !options.contains("operations_per_second")) {
            problems_.add(place,
                          fmt::format("line {} of the trace has a TTL in seconds: "
                                      "`operations_per_second` says how many writes a second "
                                      "stands for, and 0 that nothing expires",
                                      phase.first_ttl));
        }
    }
    return phase;
}

std::string TrialBuilder::find_trace(const std::string& file) const {
    const std::string& experiment = draft_.start.source->name();
    const size_t slash = experiment.rfind('/');
    std::vector<std::string> candidates{
        slash == std::string::npos ? file : experiment.substr(0, slash + 1) + file};
    for (const std::string& folder : context_.workload_folders) {
        candidates.push_back(folder + "/" + file);
    }
    candidates.push_back(file);
    if (file.starts_with("/")) {
        candidates = {file};
    }
    for (const std::string& path : candidates) {
        if (context_.files->exists(path) && !context_.files->is_folder(path)) {
            return path;
        }
    }
    return {};
}

std::string TrialBuilder::find_trace_or_tell(const std::string& file, const Place& place) {
    std::string path = find_trace(file);
    if (path.empty()) {
        problems_.add(place, fmt::format("there is no trace `{}` beside the experiment, below a "
                                         "folder workloads/, or below the current folder",
                                         file));
    }
    return path;
}

void TrialBuilder::survey_trace(workloads::Phase& phase, const Place& place) {
    phase.path = find_trace_or_tell(phase.file, place);
    if (phase.path.empty()) {
        phases_read_ = false;
        return;
    }
    const auto survey = [&] {
        SurveyedTrace& trace =
            traces_[fmt::format("{} {} {}", phase.format, phase.limit, phase.path)];
        workloads::Phase& known = trace.phase;
        if (!trace.problem && known.operations == 0) {
            known = phase;
            known.fingerprint = 0;
            try {
                workloads::survey_trace(known, *context_.files);
            } catch (const Error& error) {
                trace.problem = error;
            }
        }
        if (trace.problem) throw Error(*trace.problem);
        return known;
    };
    try {
        workloads::check_fingerprint(phase, survey().fingerprint);
        if (scale_ != 1) {
            const double scaled = static_cast<double>(survey().operations) * scale_ + 0.5;
            phase.limit = scaled < 1 ? 1 : static_cast<uint64_t>(scaled);
        }
        const workloads::Phase known = survey();
        phase.operations = known.operations;
        phase.fingerprint = known.fingerprint;
        phase.first_ttl = known.first_ttl;
        phase.value = known.value;
    } catch (const Error& error) {
        phases_read_ = false;
        problems_.add(place, error.what());
    }
}

/// The simulator knows keys by number.
void TrialBuilder::check_engine(const std::vector<workloads::Phase>& phases,
                                const std::string& engine) {
    if (engine != "simulator") {
        return;
    }
    for (size_t i = 0; i < phases.size(); ++i) {
        const workloads::Phase& phase = phases[i];
        if (phase.kind == workloads::PhaseKind::replay) {
            problems_.add(draft_.phases[i].place,
                          "`engine: simulator` has no bytes for a trace's keys; replay traces with "
                          "`engine: lsmlab`");
        }
    }
}

void TrialBuilder::check_phases(const Trial& trial) {
    const std::vector<workloads::Phase>& phases = trial.phases;
    // Phases that could not be read say nothing about each other.
    if (!phases_read_ || phases.empty()) {
        return;
    }
    const bool in_bulk = trial.engine == "estimate";
    if (const auto problem = in_bulk ? estimate_problem(phases)
                                     : workloads::workload_problem(phases, trial.client_threads)) {
        problems_.add(draft_.phases[problem->phase].place, problem->message);
        return;
    }
    check_engine(phases, trial.engine);
    for (size_t i = 0; i < phases.size(); ++i) {
        if (trial.mode == Mode::realtime && phases[i].ttl + phases[i].operations_per_second > 0) {
            problems_.add(draft_.phases[i].place,
                          "entries that expire need `mode: deterministic`, where time is counted "
                          "in writes: by the clock, nobody knows what a store should answer");
        }
    }
    std::set<uint64_t> filled;  // sections that have keys
    for (size_t i = 0; i < phases.size(); ++i) {
        const workloads::Phase& phase = phases[i];
        if (phase.new_keys() > 0) {
            filled.insert(phase.section);
        }
        if (phase.needs_live_keys() && !filled.contains(phase.section)) {
            problems_.add(
                draft_.phases[i].place,
                fmt::format("this phase asks for live keys ({}), but the data set is empty; put "
                            "a `load:` before it",
                            phase.distribution));
            return;
        }
    }
}

}  // namespace lsm::experiment
