// Words for messages about names that are not known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lsm::experiment {

/// "`a`, `b` and `c`"; "none" when there are none.
std::string name_list(const std::vector<std::string>& names);

/// "; did you mean `x`?" when one of the candidates is close, else nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace lsm::experiment
