// What a run left in its folder, read back for the figures and the report. Everything here was
// written by this project, but a folder may be edited by hand or come from an older version:
// columns are found by name, and a file that is missing reads as one without rows (trials.csv alone
// must be there). Values that are no numbers read as "no value".
//
// Cost: all of the folder's CSV in memory. Not synchronised: read it once, then share it as const.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/csv.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::report {

/// No value; never equal to anything.
inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

/// A row of trials.csv.
struct Trial {
    uint64_t number = 0;
    std::map<std::string, std::string>
        settings;                           ///< by dotted path; empty where it has no such setting
    std::map<std::string, double> metrics;  ///< at the trial's end; only those with a value
};

struct Sample {
    double operations = 0;
    double user_bytes = 0;
    double value = 0;
};

/// A run of a level at one sample.
struct LevelRun {
    uint64_t operations = 0;
    uint64_t level = 0;
    uint64_t run = 0;
    uint64_t tables = 0;
    uint64_t entries = 0;
    uint64_t tombstones = 0;
    uint64_t logical_bytes = 0;
};

struct RunData {
    std::string folder;
    std::vector<Trial> trials;
    std::vector<std::string> setting_names;  ///< in the file's order, without `trial`
    std::vector<std::string> metric_names;   ///< in the file's order
    std::map<uint64_t, std::map<std::string, std::vector<Sample>>> series;  ///< by trial and metric
    std::map<uint64_t, std::vector<LevelRun>> levels;                       ///< by trial
    std::map<uint64_t, std::map<std::string, uint64_t>> events;  ///< how many, by trial and kind
    std::string experiment_yaml;
    std::string manifest_json;

    /// Throws Error (config) where the run has no such setting.
    void require_setting(const std::string& name) const;

    /// Settings with more than one value among the trials, without repeat and seed.
    std::vector<std::string> varying_settings() const;

    /// True when trials that agree in `settings` always agree in `other` too, as the options of a
    /// policy do that nobody swept.
    bool determined(const std::vector<std::string>& settings, const std::string& other) const;

    /// Places of trials that are repeats of each other: the same settings but for repeat and seed.
    /// Groups are in the order of their first trials, trials in their own.
    std::vector<std::vector<size_t>> repeat_groups() const;

    /// Varying settings that are enough to tell trials apart: names of entries first, then
    /// policies.
    std::vector<std::string> telling_settings() const;
};

/// The trial's values of these settings; empty where it has none.
std::vector<std::string> values_of(const Trial& trial, const std::vector<std::string>& settings);

/// True for a column of trials.csv that says how a trial was set up rather than what came out of
/// it.
bool is_setting(std::string_view column);

/// What helps against a damaged file of a run's folder.
std::string run_again_remedy(const std::string& folder);

/// trials.csv alone, as `compare` needs it: what is known of each trial at its end. Throws as
/// read_run does.
RunData read_run_trials(FileSystem& files, const std::string& folder);

/// Throws Error (io, corruption) where trials.csv is missing or a CSV file is broken, with file,
/// line and remedy.
RunData read_run(FileSystem& files, const std::string& folder);

}  // namespace lsm::report
