#include "framework/base/size.hpp"

#include <array>
#include <cctype>

namespace lsm {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr uint64_t kLimit = uint64_t{1} << 63;
constexpr std::string_view kPrefixes = "kmgtpe";

/// A number as it was written: digits * 10^exponent.
struct Decimal {
    uint64_t digits = 0;
    int exponent = 0;
};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool same_word(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    for (size_t i = 0; i < left.size(); ++i) {
        if (lower(left[i]) != lower(right[i])) return false;
    }
    return true;
}

void skip_spaces(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

/// Takes "e6", "E-2" off the front, when a number follows the letter.
std::optional<int> take_exponent(std::string_view& text) {
    if (text.size() < 2 || lower(text[0]) != 'e') return 0;
    size_t at = 1;
    const bool negative = text[at] == '-';
    if (text[at] == '-' || text[at] == '+') ++at;
    if (at == text.size() || !is_digit(text[at])) return 0;
    int exponent = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
        exponent = exponent * 10 + (text[at] - '0');
        if (exponent > 100) return std::nullopt;
    }
    text.remove_prefix(at);
    return negative ? -exponent : exponent;
}

/// Takes a number off the front of the text. Underscores may stand between digits.
std::optional<Decimal> take_decimal(std::string_view& text) {
    Decimal number;
    bool any = false;
    bool in_fraction = false;
    size_t at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.' && !in_fraction) {
            in_fraction = true;
        } else if (is_digit(c)) {
            any = true;
            if (number.digits > (UINT64_MAX - 9) / 10) return std::nullopt;
            number.digits = number.digits * 10 + static_cast<uint64_t>(c - '0');
            number.exponent -= in_fraction ? 1 : 0;
        } else if (c != '_' || at == 0 || !is_digit(text[at - 1]) || at + 1 == text.size() ||
                   !is_digit(text[at + 1])) {
            break;
        }
    }
    if (!any) return std::nullopt;
    text.remove_prefix(at);
    const auto exponent = take_exponent(text);
    if (!exponent) return std::nullopt;
    number.exponent += *exponent;
    return number;
}

/// number * unit, when that is whole and within the limit.
std::optional<uint64_t> whole_product(Decimal number, uint64_t unit) {
    Wide value = Wide{number.digits} * unit;
    for (; number.exponent > 0 && value != 0; --number.exponent) {
        value *= 10;
        if (value > kLimit) return std::nullopt;
    }
    for (; number.exponent < 0 && value != 0; ++number.exponent) {
        if (value % 10 != 0) return std::nullopt;
        value /= 10;
    }
    if (value > kLimit) return std::nullopt;
    return static_cast<uint64_t>(value);
}

/// "1e" is a number that lacks its exponent, not an exabyte.
bool may_stand_alone(char letter) { return lower(letter) != 'e'; }

/// base^(1 + place of the letter in kPrefixes), when the letter is one.
std::optional<uint64_t> prefix_unit(char letter, uint64_t base) {
    const size_t place = kPrefixes.find(lower(letter));
    if (place == std::string_view::npos) return std::nullopt;
    uint64_t unit = base;
    for (size_t i = 0; i < place; ++i) unit *= base;
    return unit;
}

std::optional<uint64_t> size_unit(std::string_view word) {
    if (word.empty() || same_word(word, "b") || same_word(word, "bytes") || same_word(word, "byte"))
        return 1;
    const std::string_view rest = word.substr(1);
    if (same_word(rest, "ib")) return prefix_unit(word[0], 1024);
    if (rest.empty() ? may_stand_alone(word[0]) : same_word(rest, "b"))
        return prefix_unit(word[0], 1000);
    return std::nullopt;
}

constexpr std::array<const char*, 7> kUnitNames = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

/// The largest power of 1024 that is not above the size.
size_t largest_unit(uint64_t bytes) {
    size_t unit = 0;
    while (unit + 1 < kUnitNames.size() && (bytes >> (10 * (unit + 1))) > 0) ++unit;
    return unit;
}

std::string tenths_text(uint64_t tenths) {
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
    return text;
}

}  // namespace

std::optional<uint64_t> parse_size(std::string_view text) {
    skip_spaces(text);
    const auto number = take_decimal(text);
    if (!number) return std::nullopt;
    skip_spaces(text);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    const auto unit = size_unit(text);
    return unit ? whole_product(*number, *unit) : std::nullopt;
}

std::optional<uint64_t> parse_count(std::string_view text, std::string_view word) {
    skip_spaces(text);
    const auto number = take_decimal(text);
    if (!number) return std::nullopt;
    uint64_t unit = 1;
    skip_spaces(text);
    if (!text.empty() && (text.size() == 1 || text[1] == ' ')) {
        const auto found = prefix_unit(text[0], 1000);
        if (!found || !may_stand_alone(text[0])) return std::nullopt;
        unit = *found;
        text.remove_prefix(1);
        skip_spaces(text);
    }
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    if (!text.empty() && (word.empty() || !same_word(text, word))) return std::nullopt;
    return whole_product(*number, unit);
}

std::string format_size(uint64_t bytes) {
    size_t unit = largest_unit(bytes);
    uint64_t tenths = 0;
    for (;; ++unit) {
        const Wide scale = Wide{1} << (10 * unit);
        tenths = static_cast<uint64_t>((Wide{bytes} * 10 + scale / 2) / scale);
        // Rounding may reach the next unit: 1023.96 KiB is 1 MiB.
        if (tenths < 10240 || unit + 1 == kUnitNames.size()) break;
    }
    const bool whole = (bytes & ((uint64_t{1} << (10 * unit)) - 1)) == 0;
    std::string text = tenths_text(tenths);
    // "64.0 MiB" says that it is not quite 64.
    if (!whole && tenths % 10 == 0) text += ".0";
    return text + " " + kUnitNames[unit];
}

std::string format_size_exactly(uint64_t bytes) {
    size_t unit = largest_unit(bytes);
    while ((Wide{bytes} * 10) % (Wide{1} << (10 * unit)) != 0) --unit;
    const auto tenths = static_cast<uint64_t>((Wide{bytes} * 10) >> (10 * unit));
    if (unit == 0) return std::to_string(bytes) + " B";
    return tenths_text(tenths) + " " + kUnitNames[unit];
}

std::string format_count(uint64_t count) {
    constexpr std::string_view kLetters = "kMGTPE";
    uint64_t unit = 1;
    size_t place = 0;
    while (place < kLetters.size() && count / unit >= 1000) {
        unit *= 1000;
        ++place;
    }
    if (place > 0 && count % (unit / 10) == 0)
        return tenths_text(count / (unit / 10)) + kLetters[place - 1];
    std::string text = std::to_string(count);
    for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

}  // namespace lsm
