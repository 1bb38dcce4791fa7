// Bytes on disk: little-endian fixed-width integers and LEB128 varints. The Decoder checks every
// bound: a damaged length can not read past its input; it sets failed() and returns zeros, and the
// caller reports the place once.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace lsm {

inline void put_fixed32(std::string& out, uint32_t value) {
    char bytes[4];
    for (int i = 0; i < 4; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    out.append(bytes, 4);
}

inline void put_fixed64(std::string& out, uint64_t value) {
    char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    out.append(bytes, 8);
}

inline void put_varint(std::string& out, uint64_t value) {
    char bytes[10];
    size_t size = 0;
    while (value >= 0x80) {
        bytes[size++] = static_cast<char>(value | 0x80);
        value >>= 7;
    }
    bytes[size++] = static_cast<char>(value);
    out.append(bytes, size);
}

/// A varint length, then the bytes.
inline void put_bytes(std::string& out, std::string_view bytes) {
    put_varint(out, bytes.size());
    out.append(bytes);
}

inline uint32_t get_fixed32(const char* bytes) {
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value |= uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return value;
}

inline uint64_t get_fixed64(const char* bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return value;
}

/// Reads what the put_ functions wrote. After a failure all reads return empty values and failed()
/// stays true.
class Decoder {
  public:
    explicit Decoder(std::string_view input)
        : next_(input.data()), end_(input.data() + input.size()) {}

    uint32_t fixed32() {
        const char* at = take(4);
        return at ? get_fixed32(at) : 0;
    }
    uint64_t fixed64() {
        const char* at = take(8);
        return at ? get_fixed64(at) : 0;
    }
    uint8_t byte() {
        const char* at = take(1);
        return at ? static_cast<uint8_t>(*at) : 0;
    }
    uint64_t varint() {
        uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (next_ == end_) break;
            const auto byte = static_cast<unsigned char>(*next_++);
            if (shift == 63 && byte > 1) break;
            value |= uint64_t{byte & 0x7fU} << shift;
            if (byte < 0x80) return value;
        }
        fail();
        return 0;
    }
    /// `size` raw bytes, a view into the input.
    std::string_view raw(uint64_t size) {
        const char* at = take(size);
        return at ? std::string_view(at, size) : std::string_view();
    }
    /// A length-prefixed string, a view into the input.
    std::string_view bytes() { return raw(varint()); }

    bool failed() const { return failed_; }
    bool at_end() const { return next_ == end_; }
    uint64_t remaining() const { return static_cast<uint64_t>(end_ - next_); }

  private:
    const char* take(uint64_t size) {
        if (size > remaining()) {
            fail();
            return nullptr;
        }
        const char* at = next_;
        next_ += size;
        return at;
    }
    void fail() {
        failed_ = true;
        next_ = end_;
    }

    const char* next_;
    const char* end_;
    bool failed_ = false;
};

}  // namespace lsm
