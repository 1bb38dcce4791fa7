// Takes a fuzzer's bytes apart, and makes findings loud.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/log/record.hpp"

namespace lsm::fuzz {

class FuzzInput {
  public:
    explicit FuzzInput(std::string_view bytes) : bytes_(bytes) {}

    bool empty() const { return bytes_.empty(); }
    /// 0 at the end.
    uint8_t byte() {
        if (bytes_.empty()) return 0;
        const auto first = static_cast<uint8_t>(bytes_.front());
        bytes_.remove_prefix(1);
        return first;
    }
    std::string_view take(size_t size) {
        const std::string_view taken = bytes_.substr(0, size);
        bytes_.remove_prefix(taken.size());
        return taken;
    }
    /// Two bytes of length, then so many bytes, or what is left.
    std::string_view piece() {
        const size_t low = byte();
        return take(low + 256 * size_t{byte()});
    }
    std::string_view rest() { return take(bytes_.size()); }

  private:
    std::string_view bytes_;
};

/// A file of records: its first byte even, the rest is the whole file; odd: pieces, each a record's
/// payload, framed with its checksum, and bytes behind the last piece are a tail.
inline std::string file_of_records(std::string_view bytes, uint64_t number) {
    FuzzInput input(bytes);
    const bool framed = input.byte() % 2 == 1;
    std::string file;
    while (framed && !input.empty()) {
        const std::string_view payload = input.piece();
        if (payload.empty()) break;
        file += frame_record(payload, number, file.size(), file.size());
    }
    return file.append(input.rest());
}

/// How seeds are written: the counterpart of piece().
inline std::string as_piece(std::string_view bytes) {
    std::string out;
    out.push_back(static_cast<char>(bytes.size() & 255));
    out.push_back(static_cast<char>(bytes.size() >> 8));
    return out.append(bytes);
}

/// A finding.
inline void require(bool holds) {
    if (!holds) std::abort();
}

/// Runs a decoder; errors that say that the input is wrong are right.
template <class Action>
bool decodes(Action action) {
    try {
        action();
        return true;
    } catch (const Error& error) {
        require(error.kind() == ErrorKind::corruption || error.kind() == ErrorKind::version ||
                error.kind() == ErrorKind::config);
        return false;
    }
}

}  // namespace lsm::fuzz
