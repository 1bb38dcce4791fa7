#include "framework/experiment/source_text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace lsm::experiment {
namespace {

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

uint64_t count_characters(std::string_view bytes) {
    return static_cast<uint64_t>(std::count_if(bytes.begin(), bytes.end(), starts_character));
}

}  // namespace

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
    line_starts_.push_back(0);
    for (size_t at = 0; at < text_.size(); ++at) {
        if (text_[at] == '\n') {
            line_starts_.push_back(at + 1);
        }
    }
}

std::string_view SourceText::line(uint64_t number) const {
    if (number < 1 || number > line_starts_.size()) {
        return {};
    }
    const size_t start = line_starts_[number - 1];
    std::string_view rest = std::string_view(text_).substr(start);
    rest = rest.substr(0, rest.find('\n'));
    if (!rest.empty() && rest.back() == '\r') {
        rest.remove_suffix(1);
    }
    return rest;
}

Place Place::part(uint64_t offset, uint64_t part_length) const {
    Place result = *this;
    result.column += offset;
    result.length = part_length;
    return result;
}

std::string place_text(const Place& place) {
    const std::string_view line = place.source->line(place.line);
    const uint64_t before = std::min<uint64_t>(place.column - 1, line.size());
    const uint64_t column = count_characters(line.substr(0, before)) + 1;
    return fmt::format("{}:{}:{}", place.source->name(), place.line, column);
}

std::string show_place(const Place& place) {
    const std::string_view line = place.source->line(place.line);
    const uint64_t before = std::min<uint64_t>(place.column - 1, line.size());
    std::string pad;
    for (const char byte : line.substr(0, before)) {
        if (byte == '\t') {
            pad += '\t';  // as wide as the tab above it, whatever the terminal makes of tabs
        } else if (starts_character(byte)) {
            pad += ' ';
        }
    }
    const std::string_view marked = line.substr(before, place.length);
    const uint64_t width = std::max<uint64_t>(1, count_characters(marked));
    return fmt::format("{:>5} | {}\n{:>5} | {}^{}\n", place.line, line, "", pad,
                       std::string(width - 1, '~'));
}

}  // namespace lsm::experiment
