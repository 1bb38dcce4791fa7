// Small helpers for words: what a message to a person needs ("did you mean leveling?"). Pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lsm {

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other,
/// each counted 1 (optimal string alignment). O(left * right) time; meant for words. Bytes, not
/// code points.
uint64_t edit_distance(std::string_view left, std::string_view right);

/// The candidate that was most likely meant by a mistyped `word`: by edit distance without regard
/// to case, at most a third of the word's length (and at least 1) away, else the only candidate
/// that starts with `word`. The first of equals; nothing when none is close.
std::optional<std::string> closest_match(std::string_view word,
                                         const std::vector<std::string>& candidates);

/// "a, b, c".
std::string join(const std::vector<std::string>& parts, std::string_view separator = ", ");
/// The parts between separators, empty ones too; one part when there is no separator.
std::vector<std::string> split(std::string_view text, char separator);
/// Without spaces, tabs and line ends at both ends; a view into `text`.
std::string_view trim(std::string_view text);

}  // namespace lsm
