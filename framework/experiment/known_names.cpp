#include "framework/experiment/known_names.hpp"

#include "framework/base/text.hpp"

namespace lsm::experiment {

std::string name_list(const std::vector<std::string>& names) {
    if (names.empty()) {
        return "none";
    }
    std::string text;
    for (size_t i = 0; i < names.size(); ++i) {
        if (i > 0) {
            text += i + 1 == names.size() ? " and " : ", ";
        }
        text += "`" + names[i] + "`";
    }
    return text;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
    const auto guess = closest_match(name, candidates);
    return guess ? "; did you mean `" + *guess + "`?" : "";
}

}  // namespace lsm::experiment
