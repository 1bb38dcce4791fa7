#include "workloads/escapes.hpp"

#include <cstdint>

namespace lsm::workloads {

namespace {

int hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

int base64_digit(char digit) {
    if (digit >= 'A' && digit <= 'Z') return digit - 'A';
    if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9') return digit - '0' + 52;
    if (digit == '+') return 62;
    return digit == '/' ? 63 : -1;
}

}  // namespace

std::optional<std::string> decode_percent(std::string_view text) {
    std::string bytes;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            bytes += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return bytes;
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    std::string bytes;
    uint32_t word = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool padded = i >= text.size() - padding;
        const int digit = padded ? 0 : base64_digit(text[i]);
        if (digit < 0) return std::nullopt;
        word = (word << 6) | static_cast<uint32_t>(digit);
        if (i % 4 != 3) continue;
        for (int byte = 2; byte >= 0; --byte) bytes += static_cast<char>(word >> (8 * byte));
        word = 0;
    }
    for (size_t i = 0; i < padding; ++i) {
        if (bytes.back() != '\0') return std::nullopt;
        bytes.pop_back();
    }
    return bytes;
}

}  // namespace lsm::workloads
