// An experiment file as it was written, with places, before the sweep is spread out into trials:
// what the reader (experiment_reader.cpp) hands to the sweep and to the trial builder.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/experiment.hpp"
#include "framework/experiment/read_context.hpp"
#include "framework/experiment/yaml_node.hpp"

namespace lsm::experiment {

struct DraftPhase {
    workloads::PhaseKind kind = workloads::PhaseKind::load;
    std::string name;  ///< how paths call it: "load", or "run_2" where there are several runs
    Place place;

    std::string path() const { return "workload." + name; }
};

struct Draft {
    Place start;  ///< of the file
    std::string name;
    std::string about;
    Assignments settings;  ///< by full path, without those of the sweep
    std::vector<DraftPhase> phases;
    std::vector<SweepAxis> axes;
};

/// What paths there are: the keys of an experiment file, with what may stand there.
class KnownPaths {
  public:
    KnownPaths(const ReadContext& context, const std::vector<DraftPhase>& phases);

    /// True for a path that takes a value. Every option of every policy counts.
    bool is_setting(std::string_view path) const;
    /// True for the path of a map that `flatten` reads through.
    bool is_group(std::string_view path) const;
    /// True when the value may be a list by itself.
    bool takes_list(std::string_view path) const;
    /// How the setting's numbers are written: as real ones where any policy's option of that name
    /// is one. Nothing where it takes no single number.
    std::optional<OptionInfo> number_info(std::string_view path) const;
    /// Why a setting cannot be swept; nothing when it can.
    std::optional<std::string> not_swept_because(std::string_view path) const;
    /// Keys below a group, or at the top for the empty path.
    std::vector<std::string> keys_below(std::string_view path) const;
    /// "unknown key `x`; accepted are ...; did you mean `y`?" for a key that is none of those.
    std::string unknown_key(std::string_view path) const;
    /// The same for a whole path, as `sweep` and --set have it.
    std::string unknown_path(std::string_view path) const;

    /// Reads a node at `path` into assignments, through nested maps; a bare value of an axis is its
    /// policy. Options of policies are not looked up here: which ones there are depends on the
    /// trial.
    void flatten(const YamlNode& node, const std::string& path, const Place& key_place,
                 Assignments& out, Problems& problems) const;

  private:
    std::vector<const OptionInfo*> infos(std::string_view path) const;
    void add_setting(const std::string& path, OptionInfo info);

    std::vector<std::pair<std::string, OptionInfo>> settings_;  // several of one path are possible
    std::vector<std::string> groups_;
};

}  // namespace lsm::experiment
