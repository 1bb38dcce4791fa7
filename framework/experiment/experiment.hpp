// An experiment file, read and resolved: what it asks, the trials it stands for, its claims and its
// plots. Made by read_experiment (experiment_reader.hpp); immutable afterwards.
//
// The sweep spans a grid: every combination of one entry per axis is a point, the first axis
// slowest. A point's trial has exactly the settings that its policies have, so that points which
// differ only in an option that their policy lacks share a trial. With `repeat: N` all trials
// follow once more for each repeat, with the seed counted up: the same repeat of two trials has the
// same seed.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/assignment.hpp"
#include "framework/experiment/claim.hpp"
#include "framework/experiment/plot_spec.hpp"
#include "framework/experiment/trial.hpp"

namespace lsm::experiment {

/// One value of a swept key, or a map that sets several.
struct SweepEntry {
    std::vector<Assignment> assignments;  ///< its name first, where it has one (entry_names.hpp)

    bool has_name() const;
    bool sets_nothing() const { return assignments.size() == (has_name() ? 1 : 0); }
};

struct SweepAxis {
    std::string name;       ///< the swept path, or the label of an axis of maps
    bool is_label = false;  ///< the name is no path: entries say what they set
    Place place;            ///< of the key
    std::vector<SweepEntry> entries;

    /// The paths that its entries set, each once, in their order.
    std::vector<std::string> paths() const;
    bool has_names() const { return !entries.empty() && entries.front().has_name(); }
};

/// One setting of a trial, as YAML and as a column of trials.csv.
struct ResolvedSetting {
    std::string path;
    std::string yaml;
    std::string column;
};

/// The published figure that an experiment reproduces. All empty where there is none.
struct Paper {
    std::string title;    ///< authors or system, venue and year
    std::string figure;   ///< and section
    std::string setup;    ///< theirs
    std::string scaling;  ///< ours, and why the shape stays
};

struct Experiment {
    Paper paper;
    std::string name;
    std::string about;
    std::string file;  ///< as it was given
    uint64_t seed = 42;
    Mode mode = Mode::deterministic;
    uint64_t repeat = 1;

    std::vector<SweepAxis> axes;
    std::vector<Trial> trials;  ///< all repeats
    /// The trial (from 0, of the first repeat) of every point of the grid.
    std::vector<size_t> trial_of_point;
    uint64_t trials_per_repeat = 0;

    std::vector<Claim> claims;
    std::vector<PlotSpec> plots;
    std::string resolved;  ///< YAML with every default, which reads back as the same trials
};

/// The union of the trials' columns, so that every trial's own order is kept.
std::vector<std::string> column_union(const std::vector<Trial>& trials);

/// The end of a swept path that no other swept path ends in: "size_ratio", or "memtable.policy"
/// where two policies are swept.
std::string short_path(const std::vector<SweepAxis>& axes, const std::string& path);

/// "leveling, size_ratio=4", and the repeat where there are several: how a trial is told to people.
/// Values of policies, and names of entries, go without their key. Empty when nothing is swept.
std::string trial_label(const Experiment& experiment, const Trial& trial);

}  // namespace lsm::experiment
