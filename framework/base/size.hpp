// Sizes and counts as people write them. Sizes: "64 MiB", "4KiB", "100 B", "1 GB" (1000-based
// without the i), a bare number is bytes. Counts: "500k", "1M", "2G", "1e6", "10_000", "500k
// operations" (a trailing word is allowed where the caller names it). Units may be written in any
// case; "k" alone is 1000 in both. Decimals are read exactly, never through floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lsm {

/// Bytes; nothing when the text is no size, negative, fractional in bytes, or above 2^63.
std::optional<uint64_t> parse_size(std::string_view text);
/// A whole number, at most 2^63; nothing when it is not one. `word` may follow it: "500k
/// operations".
std::optional<uint64_t> parse_count(std::string_view text, std::string_view word = {});
/// For people: in the largest binary unit that is not above it, whole or with one decimal, rounded:
/// "64 MiB", "1.5 KiB", "100 B".
std::string format_size(uint64_t bytes);
/// For files: the largest binary unit in which at most one decimal is exact, so that parse_size
/// reads the same number back.
std::string format_size_exactly(uint64_t bytes);
/// "500k", "1.5M", "123,456" style for people; exact numbers go through format_number.
std::string format_count(uint64_t count);

}  // namespace lsm
