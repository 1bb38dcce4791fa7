#include "framework/base/number.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace lsm {

std::string format_number(double value) {
    if (std::isnan(value)) return {};
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    // The two zeros are equal, so they print alike.
    if (value == 0) return "0";
    const double magnitude = std::fabs(value);
    const bool plain = magnitude >= 1e-5 && magnitude < 1e15;
    char text[64];
    const auto [end, error] =
        std::to_chars(text, text + sizeof text, value,
                      plain ? std::chars_format::fixed : std::chars_format::scientific);
    return error == std::errc() ? std::string(text, end) : std::string();
}

std::string format_number(uint64_t value) {
    char text[24];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::optional<double> parse_real(std::string_view text) {
    // from_chars would take "inf", "nan" and hexadecimal digits' letters as well.
    if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
        return std::nullopt;
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end) return std::nullopt;
    return value;
}

}  // namespace lsm
