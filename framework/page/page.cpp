#include "framework/page/page.hpp"

#include <algorithm>
#include <stdexcept>

namespace lsm::page {
namespace {

/// Imports of this page stand on one line each: import {a, b} from './x.js';
bool is_import(std::string_view line) { return line.starts_with("import "); }

}  // namespace

std::string_view file(std::string_view name) {
    for (const EmbeddedFile* each = page_files(); !each->name.empty(); ++each) {
        if (each->name == name) {
            return each->text();
        }
    }
    throw std::logic_error("the page has no file '" + std::string(name) + "'");
}

std::string join_modules(const std::vector<std::string_view>& names) {
    std::string script;
    for (const std::string_view name : names) {
        std::string_view text = file(name);
        while (!text.empty()) {
            const size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (is_import(line)) {
                continue;
            }
            constexpr std::string_view kExport = "export ";
            if (line.starts_with(kExport)) {
                line.remove_prefix(kExport.size());
            }
            script += line;
            script += '\n';
        }
    }
    return script;
}

std::string escape_html(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

std::string escape_script_json(std::string_view json) {
    std::string escaped;
    escaped.reserve(json.size());
    for (const char c : json) {
        // Both only ever stand inside strings, where JSON lets any character be written by its
        // code.
        if (c == '<') {
            escaped += "\\u003c";
        } else if (c == '>') {
            escaped += "\\u003e";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::string fill_template(std::string_view text,
                          const std::vector<std::pair<std::string_view, std::string>>& values) {
    std::string filled;
    while (true) {
        const size_t open = text.find("{{");
        filled += text.substr(0, open);
        if (open == std::string_view::npos) {
            return filled;
        }
        const size_t close = text.find("}}", open);
        const std::string_view name =
            close == std::string_view::npos ? "" : text.substr(open + 2, close - open - 2);
        const auto value = std::find_if(values.begin(), values.end(),
                                        [name](const auto& each) { return each.first == name; });
        if (value == values.end()) {
            throw std::logic_error("a template asks for '" + std::string(name) + "'");
        }
        filled += value->second;
        text.remove_prefix(close + 2);
    }
}

}  // namespace lsm::page
