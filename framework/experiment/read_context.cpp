#include "framework/experiment/read_context.hpp"

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/project_home.hpp"
#include "framework/experiment/yaml_node.hpp"

namespace lsm::experiment {

const AxisInfo& ReadContext::axis(std::string_view name) const {
    for (const AxisInfo& info : axes) {
        if (info.name == name) {
            return info;
        }
    }
    throw Error(ErrorKind::usage, "there is no axis " + std::string(name));
}

void read_default_policies(std::vector<AxisInfo>& axes, const std::string& name,
                           const std::string& text) {
    Problems problems;
    const YamlNode root = read_yaml(std::make_shared<SourceText>(name, text), problems);
    for (const YamlEntry& entry : root.entries) {
        bool known = false;
        for (AxisInfo& axis : axes) {
            if (axis.name == entry.key) {
                axis.default_policy = entry.value.text;
                known = true;
            }
        }
        if (!known) {
            std::vector<std::string> names;
            for (const AxisInfo& axis : axes) {
                names.push_back(axis.name);
            }
            problems.add(entry.key_place, fmt::format("unknown axis `{}`; there are {}", entry.key,
                                                      name_list(names)));
        }
    }
    problems.throw_if_any();
}

}  // namespace lsm::experiment
