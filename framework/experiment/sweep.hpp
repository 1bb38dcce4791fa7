// The sweep of an experiment: reading `sweep:`, laying `--set` over it, and walking its grid.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "framework/experiment/draft.hpp"

namespace lsm::experiment {

/// More points than this are refused: nobody means them, and each is a trial.
inline constexpr uint64_t kMaxPoints = 10000;

/// Reads the map below `sweep:`. An entry's key is the path of a setting (its entries are values,
/// or ranges of them), of a group such as tree.compaction (entries are maps below it), or a label
/// of its own, whose entries are maps from paths to values; below a label may also stand one map
/// from paths to lists, whose values go together. Entries below a label may have a `name`
/// (entry_names.hpp).
std::vector<SweepAxis> read_sweep(const YamlNode& node, const KnownPaths& known,
                                  Problems& problems);

/// Lays one `--set path=value` over the draft. A single value takes the place of whatever the file
/// says, and is the one value of its axis where the sweep has the setting; a list becomes the
/// sweep's axis, unless the setting takes lists.
void apply_override(Draft& draft, const std::string& argument, uint64_t number,
                    const std::shared_ptr<const SourceText>& source, const KnownPaths& known,
                    Problems& problems);

/// After all overrides: takes out what the file says of options that only policies had which
/// `--set` took away, `written` being the file alone. What `--set` itself says stays, and is told.
void drop_lost_options(Draft& draft, const Draft& written, const ReadContext& context);

/// How many points the axes span; 1 without axes.
uint64_t count_points(const std::vector<SweepAxis>& axes);

/// The axes' entries at a point; the first axis is the slowest.
std::vector<size_t> entries_at(const std::vector<SweepAxis>& axes, size_t point);
size_t point_of(const std::vector<SweepAxis>& axes, const std::vector<size_t>& entries);

/// The settings of a point: the draft's with the entries' laid over them.
Assignments settings_at(const Draft& draft, size_t point);

}  // namespace lsm::experiment
