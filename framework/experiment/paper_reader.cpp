#include "framework/experiment/paper_reader.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "framework/experiment/known_names.hpp"
#include "framework/experiment/settings.hpp"

namespace lsm::experiment {
namespace {

using Field = std::pair<const char*, std::string Paper::*>;
const std::vector<Field>& fields() {
    static const std::vector<Field> all = {{"title", &Paper::title},
                                           {"figure", &Paper::figure},
                                           {"setup", &Paper::setup},
                                           {"scaling", &Paper::scaling}};
    return all;
}

std::vector<std::string> field_names() {
    std::vector<std::string> names;
    for (const auto& [name, member] : fields()) names.emplace_back(name);
    return names;
}

}  // namespace

Paper read_paper(const YamlNode& node, Problems& problems) {
    Paper paper;
    if (!node.is_map()) {
        problems.add(node.place, fmt::format("`paper` is a map of {}, and this is {}",
                                             name_list(field_names()), yaml_kind_name(node.kind)));
        return paper;
    }
    for (const YamlEntry& entry : node.entries) {
        bool known = false;
        for (const auto& [name, member] : fields()) {
            if (entry.key != name) continue;
            known = true;
            if (!entry.value.is_scalar()) {
                problems.add(entry.value.place, fmt::format("`{}` is one text", name));
            } else {
                paper.*member = entry.value.text;
            }
        }
        if (!known) {
            problems.add(entry.key_place, fmt::format("unknown key `{}`; `paper` has {}{}",
                                                      entry.key, name_list(field_names()),
                                                      did_you_mean(entry.key, field_names())));
        }
    }
    for (const auto& [name, member] : fields()) {
        if ((paper.*member).empty()) {
            problems.add(node.place, fmt::format("`paper` needs a `{}`", name));
        }
    }
    return paper;
}

std::string paper_yaml(const Paper& paper) {
    if (paper.title.empty()) return {};
    std::string text = "paper:\n";
    for (const auto& [name, member] : fields()) {
        text += std::string("  ") + name + ": " + yaml_scalar(paper.*member) + "\n";
    }
    return text;
}

}  // namespace lsm::experiment
