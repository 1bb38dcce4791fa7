// Makes a trial from the settings of one point of the sweep: looks up policies, reads their
// options, fills in defaults, and checks that settings do not contradict each other. Problems go to
// the place where the setting was written.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/experiment/draft.hpp"
#include "framework/experiment/experiment.hpp"
#include "framework/experiment/read_context.hpp"
#include "framework/experiment/settings.hpp"

namespace lsm::experiment {

/// Multiplies what `--scale` scales (records, operations, key spaces and the samples' distance) and
/// rounds, to 1 at least; leaves texts that are no counts as they are.
void scale_counts(Assignments& settings, double scale);

class TrialBuilder {
  public:
    /// `scale` applies to what the draft does not hold: named workloads and defaults.
    TrialBuilder(const ReadContext& context, const Draft& draft, double scale, Problems& problems);

    struct Built {
        Trial trial;
        std::vector<ResolvedSetting> settings;  ///< as trial.columns, with the YAML text beside
    };

    /// The trial of these settings: the draft's with a point's laid over them. It may be used only
    /// when no problem was added.
    Built build(const Assignments& settings);

    /// After all trials are built: adds a problem for each of these settings below an axis that no
    /// trial's policy has.
    void report_unused(const Assignments& settings);

    /// After that: adds a problem for each of these values that is wrong by itself and was not told
    /// yet, since no trial has it. A policy's option is right where one of the policies takes it
    /// that the experiment names.
    void check_each(const std::vector<Assignment>& values);

  private:
    void read_head(const Assignments& settings, Built& built);
    void read_section(const Section& section, const Assignments& settings, Built& built);
    const PolicyInfo* find_policy(const AxisInfo& axis, const Assignments& settings);
    void read_policy(const std::string& path, const PolicyInfo& policy, const Assignments& settings,
                     EngineSettings::Part& part, Built& built);
    void read_storage(const Assignments& settings, Built& built);
    void read_device(const Assignments& settings, Built& built);
    std::optional<Device> device_model(const Assignments& settings, Built& built);
    void read_device_figures(const Assignments& settings, Built& built);
    std::optional<double> read_figure(const DeviceFigure& figure, const Assignment& given);
    void read_measure(const Assignments& settings, Built& built);
    void read_phases(const Assignments& settings, Built& built);
    workloads::Phase read_phase(const DraftPhase& draft, const Assignments& settings);
    /// Finds the phase's trace and reads it through, once for all trials.
    void survey_trace(workloads::Phase& phase, const Place& place);
    std::string find_trace(const std::string& file) const;
    std::string find_trace_or_tell(const std::string& file, const Place& place);
    Assignments phase_options(const DraftPhase& draft, const Assignments& settings,
                              std::string& use);
    void check_phases(const Trial& trial);
    void check_engine(const std::vector<workloads::Phase>& phases, const std::string& engine);
    void check_contradictions(const Assignments& settings, const Trial& trial);
    void check_policy(const Assignment& one);
    void check_value(const Assignment& one);
    void check_option_of(const AxisInfo& axis, const Assignment& one);
    void check_in_phase(const DraftPhase& phase, const Assignment& one);

    template <class Options>
    void read_field(const OptionField<Options>& field, const std::string& path,
                    const Assignments& settings, Options& options);
    Place place_of(const Assignments& settings, std::string_view path) const;
    static void add(Built& built, const std::string& path, const OptionInfo& info,
                    const std::string& text);

    struct SurveyedTrace {
        workloads::Phase phase;
        std::optional<Error> problem;
    };

    const ReadContext& context_;
    const Draft& draft_;
    double scale_;
    Problems& problems_;
    WorkloadLibrary library_;
    std::map<std::string, SurveyedTrace> traces_;  // that were read through
    bool phases_read_ = true;                      // all phases of the trial that is being built
    std::set<std::string, std::less<>> used_;      // paths that some trial's policy has
    std::set<std::string, std::less<>> unknown_axes_;  // whose policy is not known in some trial
    std::map<std::string, std::set<std::string>, std::less<>> policies_;  // of all trials, by axis
};

}  // namespace lsm::experiment
