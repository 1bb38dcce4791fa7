// An entry in words, as the dumps of logs and tables show it: `key @ 12 = value`. Long keys and
// values are cut, with their size. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "framework/base/entry.hpp"
#include "framework/base/printable.hpp"

namespace lsm {

/// Printable, in quotes, at most `most` bytes of it.
inline std::string shown_bytes(std::string_view bytes, size_t most = 48) {
    if (bytes.size() <= most) return "\"" + printable(bytes) + "\"";
    return "\"" + printable(bytes.substr(0, most)) + "\"... (" + std::to_string(bytes.size()) +
           " bytes)";
}

inline std::string shown_entry(const Entry& entry) {
    const std::string head = shown_bytes(entry.key) + " @ " + std::to_string(entry.sequence);
    switch (entry.kind) {
        case Kind::tombstone:
            return head + " deleted";
        case Kind::value:
            return head + " = " + shown_bytes(entry.value);
        case Kind::expiring:
            return head + " = " + shown_bytes(user_value(entry)) + " until tick " +
                   std::to_string(expires_at(entry));
        case Kind::range_tombstone:
            return head + " deleted with all keys below " + shown_bytes(entry.value);
    }
    return head;
}

}  // namespace lsm
