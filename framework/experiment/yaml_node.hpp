// A YAML document as this project reads it: scalars keep their text as written, every node and key
// knows its place, and whatever YAML readers pass over in silence is a problem: a key that is there
// twice, a second document, a key that is no plain word, a reference to an anchor.
//
// yaml-cpp does the parsing. Nothing is converted here: "no" stays the text `no`, "1e6" the text
// `1e6`; whoever knows the setting's type reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/experiment/problems.hpp"
#include "framework/experiment/source_text.hpp"

namespace lsm::experiment {

struct YamlEntry;

struct YamlNode {
    enum class Kind { nothing, scalar, list, map };
    Kind kind = Kind::nothing;
    Place place;
    std::string text;  ///< of a scalar
    /// True when the scalar stands in the source as it is in `text`, so that a place within the
    /// text is a place in the source.
    bool verbatim = false;
    std::vector<YamlNode> items;     ///< of a list
    std::vector<YamlEntry> entries;  ///< of a map, in the file's order

    /// The value of that key, or nullptr.
    const YamlNode* find(std::string_view key) const;
    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_list() const { return kind == Kind::list; }
    bool is_map() const { return kind == Kind::map; }
    bool is_nothing() const { return kind == Kind::nothing; }
};

struct YamlEntry {
    std::string key;
    Place key_place;
    YamlNode value;
};

/// "a list", "a map", ...
const char* yaml_kind_name(YamlNode::Kind kind);

/// Reads the whole source and adds to `problems` what is wrong with it. Throws Error (config) with
/// all problems where the text is no YAML at all.
YamlNode read_yaml(const std::shared_ptr<const SourceText>& source, Problems& problems);

}  // namespace lsm::experiment
