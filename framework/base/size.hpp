// Sizes and counts as people write them. Sizes: "64 MiB", "4KiB", "100 B", "1 GB" (1000-based without the i), a bare number is
// bytes. Counts: "500k", "1M", "2G", "1e6", "10_000", "500k operations" (a trailing word is allowed where the caller names it).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lsm {

/// Bytes; nothing when the text is no size, negative, fractional in bytes, or above 2^63.
std::optional<uint64_t> parse_size(std::string_view text);
/// A whole number; nothing when it is not one.
std::optional<uint64_t> parse_count(std::string_view text);
/// "64 MiB", "1.5 KiB", "100 B": the largest binary unit that prints exactly, else one decimal.
std::string format_size(uint64_t bytes);
/// "500k", "1.5M", "123,456" style for people; exact numbers go through format_number.
std::string format_count(uint64_t count);

}  // namespace lsm
