// Bytes as text that can be shown and read back: printable ASCII as it is, '\' doubled, every other
// byte as \xHH in lower case. For keys in messages and events. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace lsm {

inline std::string printable(std::string_view bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size());
    for (const char character : bytes) {
        const auto byte = static_cast<unsigned char>(character);
        if (character == '\\') {
            text += "\\\\";
        } else if (byte >= 0x20 && byte < 0x7f) {
            text += character;
        } else {
            text += "\\x";
            text += kDigits[byte >> 4];
            text += kDigits[byte & 15];
        }
    }
    return text;
}

}  // namespace lsm
