#include "framework/experiment/assignment.hpp"

#include <fmt/format.h>

namespace lsm::experiment {
namespace {

bool is_plain(std::string_view text) {
    if (text.empty() || text.front() == ' ' || text.back() == ' ') {
        return false;
    }
    if (std::string_view("-?:,[]{}#&*!|>'\"%@`~").find(text.front()) != std::string_view::npos) {
        return false;
    }
    for (const char letter : text) {
        if (static_cast<unsigned char>(letter) < 0x20) {
            return false;
        }
    }
    return text.find(": ") == std::string_view::npos && text.find(" #") == std::string_view::npos &&
           text.find_first_of(",[]{}") == std::string_view::npos && text.back() != ':' &&
           text != "null" && text != "Null" && text != "NULL";
}

}  // namespace

std::optional<OptionValue> read_value(const YamlNode& node, std::string_view key,
                                      Problems& problems) {
    if (node.is_scalar()) {
        return OptionValue{{node.text}, false};
    }
    if (!node.is_list()) {
        problems.add(node.place, fmt::format("`{}` needs a value, and this is {}", key,
                                             yaml_kind_name(node.kind)));
        return std::nullopt;
    }
    OptionValue value;
    value.is_list = true;
    for (const YamlNode& item : node.items) {
        if (!item.is_scalar()) {
            problems.add(item.place,
                         fmt::format("the list of `{}` takes single values, and this is {}", key,
                                     yaml_kind_name(item.kind)));
            return std::nullopt;
        }
        value.items.push_back(item.text);
    }
    return value;
}

std::string yaml_scalar(std::string_view text) {
    if (is_plain(text)) {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char letter : text) {
        switch (letter) {
            case '"':
                quoted += "\\\"";
                break;
            case '\\':
                quoted += "\\\\";
                break;
            case '\n':
                quoted += "\\n";
                break;
            case '\t':
                quoted += "\\t";
                break;
            default:
                quoted += static_cast<unsigned char>(letter) < 0x20
                              ? fmt::format("\\x{:02x}", static_cast<unsigned char>(letter))
                              : std::string(1, letter);
        }
    }
    return quoted + "\"";
}

std::string yaml_text(const OptionValue& value) {
    if (!value.is_list) {
        return yaml_scalar(value.items.empty() ? "" : value.items.front());
    }
    std::string text = "[";
    for (size_t i = 0; i < value.items.size(); ++i) {
        text += (i > 0 ? ", " : "") + yaml_scalar(value.items[i]);
    }
    return text + "]";
}

}  // namespace lsm::experiment
