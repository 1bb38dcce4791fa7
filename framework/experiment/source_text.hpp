// The text of an experiment file (or of the `--set` arguments), and places in it, so that an error
// can show the line with a caret below what is wrong. Immutable once made; places share it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lsm::experiment {

class SourceText {
  public:
    /// `name` is how errors call it: the file's path as the user gave it, or "--set".
    SourceText(std::string name, std::string text);

    const std::string& name() const { return name_; }
    const std::string& text() const { return text_; }
    /// The line without its end, from 1; empty beyond the last.
    std::string_view line(uint64_t number) const;

  private:
    std::string name_;
    std::string text_;
    std::vector<size_t> line_starts_;
};

/// `length` bytes of a source, at a line and column (in bytes) that both count from 1.
struct Place {
    std::shared_ptr<const SourceText> source;
    uint64_t line = 1;
    uint64_t column = 1;
    uint64_t length = 1;

    /// The part of this place that starts `offset` bytes into it.
    Place part(uint64_t offset, uint64_t part_length) const;
};

/// "file:line:column", the column in characters rather than bytes.
std::string place_text(const Place& place);

/// The line with its number, and a caret with tildes below the place. Two lines, each with a line
/// feed.
std::string show_place(const Place& place);

}  // namespace lsm::experiment
