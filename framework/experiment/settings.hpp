// The settings of an experiment that belong to no policy, declared once by the same tables as the
// policies' options: reading, range errors, listings and the schema come from here.
//
// A setting is known by its dotted path. The parts of `tree:` are sections; a section with an axis
// also takes `policy` and that policy's options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/engines/engine.hpp"
#include "framework/policy/options.hpp"

namespace lsm::experiment {

/// That an experiment may set.
inline constexpr double kLargestMemtableBytes = 0x1p34;

/// The keys at the top of an experiment file that are single values.
struct Head {
    uint64_t seed = 42;
    std::string mode = "deterministic";
    std::string engine = "lsmlab";
    uint64_t repeat = 1;
    uint64_t threads = 1;

    static OptionTable<Head> table(const std::vector<std::string>& engines);
};

struct Measure {
    uint64_t every = 10000;

    static OptionTable<Measure> table();
};

/// A part of `tree:`.
struct Section {
    std::string name;  ///< "memtable"
    bool has_axis = false;
    OptionTable<EngineSettings> own;
    bool realtime_only = false;

    std::string path() const { return "tree." + name; }
};

/// In the order in which they stand in an experiment.
const std::vector<Section>& tree_sections();
const Section* find_section(std::string_view path);

/// The part of an axis in settings.
EngineSettings::Part& engine_part(EngineSettings& settings, std::string_view axis);

/// "a.b.c" -> "c"
std::string_view last_component(std::string_view path);
/// "a.b.c" -> "a.b"
std::string_view parent_path(std::string_view path);

/// A value's text for trials.csv: sizes and counts as plain numbers.
std::string column_text(const OptionInfo& info, const std::string& text);

}  // namespace lsm::experiment
