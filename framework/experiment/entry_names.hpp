// Names of a sweep's entries: below a label such as `strategy` an entry that is a map may say
// `name: Full`. The name is kept as if it were a setting of the trial, at the path
// "sweep.strategy": a column of trials.csv, what claims select by, and what figures and tables call
// the trial. It changes nothing of the trial itself. Pure.
#pragma once

#include <string>
#include <string_view>

namespace lsm::experiment {

/// The key of an entry that names it.
inline constexpr std::string_view kEntryName = "name";

inline std::string names_path(std::string_view label) { return "sweep." + std::string(label); }
inline bool is_names_path(std::string_view path) { return path.starts_with("sweep."); }

}  // namespace lsm::experiment
