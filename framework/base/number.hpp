// The one way that numbers become text in results: the shortest decimal that reads back as the same
// value, never locale-dependent, so that equal values are equal bytes on every machine.
// Not-a-number prints as nothing (an empty CSV field).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lsm {

std::string format_number(double value);
std::string format_number(uint64_t value);
/// A decimal number with an optional exponent, all of the text; no "nan", "inf", hexadecimal, or
/// leading '+'.
std::optional<double> parse_real(std::string_view text);

}  // namespace lsm
