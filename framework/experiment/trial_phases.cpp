// The workload's part of a trial: named mixes laid under a phase's own options, and what phases
// have to do with each other.
#include <algorithm>

#include <fmt/format.h>

#include "framework/experiment/estimate_run.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/trial_builder.hpp"
#include "workloads/client.hpp"

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
    if (reference.value.is_list || !library_.has(name)) {
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
    return phase;
}

void TrialBuilder::check_phases(const Trial& trial) {
    const std::vector<workloads::Phase>& phases = trial.phases;
    // Phases that could not be read say nothing about each other.
    if (!phases_read_ || phases.empty()) {
        return;
    }
    const bool in_bulk = trial.engine == "estimate";
    if (const auto problem =
            in_bulk ? estimate_problem(phases) : workloads::workload_problem(phases)) {
        problems_.add(draft_.phases[problem->phase].place, problem->message);
        return;
    }
    for (size_t i = 0; i < phases.size(); ++i) {
        const workloads::Phase& phase = phases[i];
        if (phase.kind == workloads::PhaseKind::load || phase.insert + phase.put > 0) {
            return;  // from here on there are keys
        }
        if (phase.read + phase.update + phase.read_modify_write + phase.scan + phase.remove > 0) {
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
