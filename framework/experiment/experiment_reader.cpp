#include "framework/experiment/experiment_reader.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/experiment/claim_check.hpp"
#include "framework/experiment/claims_reader.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/paper_reader.hpp"
#include "framework/experiment/plots_reader.hpp"
#include "framework/experiment/resolved_yaml.hpp"
#include "framework/experiment/sweep.hpp"
#include "framework/experiment/trial_builder.hpp"
#include "framework/experiment/written_values.hpp"

namespace lsm::experiment {
namespace {

constexpr size_t kLongestName = 64;

class Reader {
  public:
    Reader(const ReadContext& context, const ReadOptions& options)
        : context_(context), options_(options) {}

    Experiment read(const std::string& file, const std::string& text) {
        const auto source = std::make_shared<SourceText>(file, text);
        const YamlNode root = read_yaml(source, problems_);
        draft_.start.source = source;
        if (!root.is_map()) {
            problems_.add(draft_.start,
                          "an experiment file is a map of keys, `experiment:`, `tree:`, "
                          "`workload:` and so on");
            problems_.throw_if_any();
        }
        read_phase_names(root);
        const KnownPaths known(context_, draft_.phases);
        read_settings(root, known);
        if (const YamlNode* sweep = root.find("sweep")) {
            const size_t before = problems_.count();
            draft_.axes = read_sweep(*sweep, known, problems_);
            sweep_is_whole_ = problems_.count() == before;
        }
        written_ = draft_;
        values_.remember(draft_);
        apply_options(known);
        drop_lost_options(draft_, written_, context_);
        read_name();
        scale_counts(draft_.settings, options_.scale);
        for (SweepAxis& axis : draft_.axes) {
            scale_axis(axis);
        }
        for (SweepAxis& axis : written_.axes) {
            scale_axis(axis);
        }
        experiment_.file = file;
        experiment_.axes = draft_.axes;
        build_trials();
        read_claims(root);
        read_plots(root, known);
        problems_.throw_if_any();
        experiment_.resolved = resolved_yaml(experiment_, settings_);
        return std::move(experiment_);
    }

  private:
    // The paths of phases depend on how many there are of a kind, so these come first.
    void read_phase_names(const YamlNode& root) {
        const YamlNode* workload = root.find("workload");
        if (workload == nullptr) {
            problems_.add(draft_.start,
                          "`workload:` is missing: a list of phases, as in "
                          "`- load: {records: 100k}`");
            return;
        }
        if (!workload->is_list() || workload->items.empty()) {
            problems_.add(workload->place,
                          "`workload` takes a list of phases, as in "
                          "`- load: {records: 100k}`");
            return;
        }
        std::map<std::string, int> count;
        for (const YamlNode& item : workload->items) {
            if (is_phase(item)) {
                ++count[item.entries.front().key];
            }
        }
        std::map<std::string, int> seen;
        for (const YamlNode& item : workload->items) {
            if (!is_phase(item)) {
                report_phase(item);
                continue;
            }
            const YamlEntry& entry = item.entries.front();
            DraftPhase phase;
            phase.kind = *workloads::find_phase_kind(entry.key);
            phase.place = entry.key_place;
            phase.name = count[entry.key] == 1 ? entry.key
                                               : fmt::format("{}_{}", entry.key, ++seen[entry.key]);
            draft_.phases.push_back(std::move(phase));
        }
    }

    static bool is_phase(const YamlNode& item) {
        return item.is_map() && item.entries.size() == 1 &&
               workloads::find_phase_kind(item.entries.front().key).has_value();
    }

    void report_phase(const YamlNode& item) {
        if (!item.is_map() || item.entries.empty()) {
            problems_.add(item.place,
                          fmt::format("a phase is a map, `load: {{...}}` or `run: {{...}}`, "
                                      "and this is {}",
                                      yaml_kind_name(item.kind)));
        } else if (item.entries.size() > 1) {
            problems_.add(
                item.entries[1].key_place,
                fmt::format("a phase has one key, {}, with its options below it; "
                            "is `{}` indented too little, or is a `-` missing?",
                            name_list(workloads::phase_kind_names()), item.entries[1].key));
        } else {
            const std::vector<std::string>& kinds = workloads::phase_kind_names();
            const std::string& key = item.entries.front().key;
            problems_.add(item.entries.front().key_place,
                          fmt::format("unknown phase `{}`; there are {}{}", key, name_list(kinds),
                                      did_you_mean(key, kinds)));
        }
    }

    void read_settings(const YamlNode& root, const KnownPaths& known) {
        for (const YamlEntry& entry : root.entries) {
            const std::string& key = entry.key;
            if (key == "sweep" || key == "expect" || key == "plots") {
                continue;
            }
            if (key == "paper") {
                experiment_.paper = read_paper(entry.value, problems_);
                continue;
            }
            if (key == "workload") {
                read_workload(entry.value, known);
            } else {
                known.flatten(entry.value, key, entry.key_place, draft_.settings, problems_);
            }
        }
    }

    void read_workload(const YamlNode& workload, const KnownPaths& known) {
        size_t next = 0;
        for (const YamlNode& item : workload.items) {
            if (is_phase(item)) {
                const YamlEntry& entry = item.entries.front();
                known.flatten(entry.value, draft_.phases[next++].path(), entry.key_place,
                              draft_.settings, problems_);
            }
        }
    }

    void apply_options(const KnownPaths& known) {
        std::string text;
        for (const std::string& argument : options_.sets) {
            text += argument + "\n";
        }
        const auto source = std::make_shared<SourceText>("--set", text);
        uint64_t number = 0;
        for (const std::string& argument : options_.sets) {
            apply_override(draft_, argument, ++number, source, known, problems_);
            values_.remember(draft_);
        }
        if (options_.seed) {
            draft_.settings["seed"] = {
                "seed", {{format_number(*options_.seed)}, false}, draft_.start, draft_.start};
        }
    }

    std::string single_text(const std::string& key) {
        const auto found = draft_.settings.find(key);
        if (found == draft_.settings.end()) {
            return {};
        }
        if (found->second.value.is_list) {
            problems_.add(found->second.place, fmt::format("`{}` is one text", key));
            return {};
        }
        return found->second.value.items.front();
    }

    void read_name() {
        experiment_.about = single_text("about");
        experiment_.name = single_text("experiment");
        const auto found = draft_.settings.find("experiment");
        if (found == draft_.settings.end()) {
            problems_.add(draft_.start,
                          "`experiment:` is missing: the name of the experiment, which its "
                          "results are kept under");
            return;
        }
        if (found->second.value.is_list) {
            return;
        }
        const std::string& name = experiment_.name;
        const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                   letter == '-' || letter == '_' || letter == '.';
        });
        if (!plain || name.empty() || name.size() > kLongestName || name.front() == '.' ||
            name.front() == '-') {
            problems_.add(
                found->second.place,
                fmt::format("an experiment's name is a folder's: up to {} lower-case letters, "
                            "digits, `-`, `_` and `.`, a letter or digit first",
                            kLongestName));
        }
    }

    void scale_axis(SweepAxis& axis) {
        for (SweepEntry& entry : axis.entries) {
            for (Assignment& assignment : entry.assignments) {
                Assignments one{{assignment.path, assignment}};
                scale_counts(one, options_.scale);
                assignment = one.begin()->second;
            }
        }
    }

    void build_trials() {
        TrialBuilder builder(context_, draft_, options_.scale, problems_);
        std::map<std::string, size_t> known;  // a trial's columns, to the trial
        const uint64_t points = count_points(draft_.axes);
        for (size_t point = 0; point < points; ++point) {
            TrialBuilder::Built built = builder.build(settings_at(draft_, point));
            std::string identity;
            for (const auto& [path, text] : built.trial.columns) {
                identity += path + "=" + text + "\n";
            }
            const auto [place, is_new] = known.emplace(identity, experiment_.trials.size());
            experiment_.trial_of_point.push_back(place->second);
            if (is_new) {
                label(built.trial, point);
                settings_.push_back(std::move(built.settings));
                experiment_.trials.push_back(std::move(built.trial));
            }
        }
        builder.report_unused(draft_.settings);
        for (const SweepAxis& axis : draft_.axes) {
            for (const SweepEntry& entry : axis.entries) {
                Assignments swept;
                for (const Assignment& assignment : entry.assignments) {
                    swept[assignment.path] = assignment;
                }
                builder.report_unused(swept);
            }
        }
        builder.check_each(values_.all());
        number_trials();
    }

    /// The swept values that this trial really has: an option that its policy lacks is none. The
    /// name of an entry says all that it sets.
    void label(Trial& trial, size_t point) {
        const std::vector<size_t> entries = entries_at(draft_.axes, point);
        for (size_t i = 0; i < entries.size(); ++i) {
            const SweepEntry& entry = draft_.axes[i].entries[entries[i]];
            if (entry.has_name()) {
                const Assignment& name = entry.assignments.front();
                trial.label.emplace_back(name.path, name.value.items.front());
                continue;
            }
            for (const Assignment& one : entry.assignments) {
                const bool has =
                    std::any_of(trial.columns.begin(), trial.columns.end(),
                                [&](const auto& column) { return column.first == one.path; });
                if (has) {
                    trial.label.emplace_back(one.path, yaml_text(one.value));
                }
            }
        }
    }

    void number_trials() {
        std::vector<Trial>& trials = experiment_.trials;
        const Trial& first = trials.front();
        experiment_.seed = first.seed;
        experiment_.mode = first.mode;
        experiment_.repeat = first.repeat;
        experiment_.trials_per_repeat = trials.size();
        if (problems_.empty() && trials.size() * experiment_.repeat > kMaxPoints) {
            problems_.add(draft_.start, fmt::format("this makes more than {} trials", kMaxPoints));
        }
        const std::vector<Trial> once = trials;
        for (uint64_t repeat = 2; problems_.empty() && repeat <= experiment_.repeat; ++repeat) {
            trials.insert(trials.end(), once.begin(), once.end());
        }
        for (size_t i = 0; i < trials.size(); ++i) {
            trials[i].number = i + 1;
            trials[i].repeat = i / once.size() + 1;
            trials[i].seed = experiment_.seed + trials[i].repeat - 1;
            trials[i].settings.seed = trials[i].seed;
        }
    }

    void read_claims(const YamlNode& root) {
        if (const YamlNode* list = root.find("expect")) {
            experiment_.claims = experiment::read_claims(*list, experiment_,
                                                         sweep_is_whole_ ? &written_.axes : nullptr,
                                                         context_.metrics, problems_);
        }
    }

    void read_plots(const YamlNode& root, const KnownPaths& known) {
        if (const YamlNode* list = root.find("plots")) {
            experiment_.plots =
                experiment::read_plots(*list, {known, written_.axes, draft_.axes}, context_.metrics,
                                       metric_source(experiment_), problems_);
        }
    }

    const ReadContext& context_;
    const ReadOptions& options_;
    Problems problems_;
    Draft draft_;
    Experiment experiment_;
    Draft written_;  // the file alone, without --set
    WrittenValues values_;
    bool sweep_is_whole_ = true;
    std::vector<std::vector<ResolvedSetting>> settings_;  // of each trial of the first repeat
};

}  // namespace

Experiment read_experiment(const std::string& file, const std::string& text,
                           const ReadContext& context, const ReadOptions& options) {
    return Reader(context, options).read(file, text);
}

Experiment read_experiment_file(const std::string& file, const ReadContext& context,
                                const ReadOptions& options) {
    return read_experiment(file, read_text_file(*context.files, file), context, options);
}

}  // namespace lsm::experiment
