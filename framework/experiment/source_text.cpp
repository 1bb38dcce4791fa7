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

constexpr std::string_view kDots = "...";

struct Part {
    size_t begin = 0;
    size_t end = 0;
};

/// The line, or of one that fills no terminal's width what is around the byte; whole characters.
Part part_around(std::string_view line, size_t byte) {
    constexpr size_t kWidest = 200;
    constexpr size_t kBefore = 60;
    Part part{0, line.size()};
    if (line.size() <= kWidest) return part;
    part.begin = byte > kBefore ? byte - kBefore : 0;
    while (part.begin < byte && !starts_character(line[part.begin])) ++part.begin;
    part.end = std::min(line.size(), part.begin + kWidest);
    while (part.end < line.size() && !starts_character(line[part.end])) ++part.end;
    return part;
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
    const Part shown = part_around(line, before);
    std::string pad(shown.begin > 0 ? kDots.size() : 0, ' ');
    for (const char byte : line.substr(shown.begin, before - shown.begin)) {
        if (byte == '\t') {
            pad += '\t';  // as wide as the tab above it, whatever the terminal makes of tabs
        } else if (starts_character(byte)) {
            pad += ' ';
        }
    }
    const std::string_view marked =
        line.substr(before, std::min<uint64_t>(place.length, shown.end - before));
    const uint64_t width = std::max<uint64_t>(1, count_characters(marked));
    return fmt::format("{:>5} | {}{}{}\n{:>5} | {}^{}\n", place.line, shown.begin > 0 ? kDots : "",
                       line.substr(shown.begin, shown.end - shown.begin),
                       shown.end < line.size() ? kDots : "", "", pad, std::string(width - 1, '~'));
}

}  // namespace lsm::experiment
