// A setting's value with the places where it was written. An experiment file is read into
// assignments by dotted path; a point of the sweep lays its own over them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "framework/experiment/problems.hpp"
#include "framework/experiment/yaml_node.hpp"
#include "framework/policy/options.hpp"

namespace lsm::experiment {

struct Assignment {
    std::string path;
    OptionValue value;
    Place key_place;
    Place place;  ///< of the value
};

using Assignments = std::map<std::string, Assignment, std::less<>>;

/// The node as an option's value; nothing (and a problem) where it is a map, or a list with
/// anything but single values in it.
std::optional<OptionValue> read_value(const YamlNode& node, std::string_view key,
                                      Problems& problems);

/// The value as one would write it in YAML, quoted where YAML needs it.
std::string yaml_text(const OptionValue& value);
std::string yaml_scalar(std::string_view text);

}  // namespace lsm::experiment
