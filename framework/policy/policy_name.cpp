#include "framework/policy/policy_name.hpp"

#include <algorithm>

namespace lsm::detail {

namespace {

bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }

bool is_plain(char letter) {
    return is_upper(letter) || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

}  // namespace

std::string name_of_type(std::string_view spelled) {
    for (const char* axis : {"memtable", "bloom", "filter", "format", "compaction"}) {
        const std::string scope = std::string("lsm::") + axis + "::";
        if (!spelled.starts_with(scope)) continue;
        const std::string_view type = spelled.substr(scope.size());
        if (!std::all_of(type.begin(), type.end(), is_plain)) break;
        std::string name;
        for (const char letter : type) {
            if (is_upper(letter) && !name.empty()) name += '_';
            name += is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter;
        }
        return name;
    }
    return std::string(spelled);
}

}  // namespace lsm::detail
