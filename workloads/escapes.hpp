// Bytes written as text: percent escapes and base64, as traces have them for keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lsm::workloads {

/// "a%2Cb" is "a,b"; nothing when a % is not followed by two hexadecimal digits.
std::optional<std::string> decode_percent(std::string_view text);
/// RFC 4648 with padding; nothing when the text is no such thing.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace lsm::workloads
