// The unit that flows through the whole tree: a key, a value, the sequence number of the write and
// its kind.
//
// Order everywhere: by key ascending (bytewise), then by sequence number descending, so that of one
// key the newest version comes first. Each entry carries its key's first eight bytes as a
// big-endian integer, so that most comparisons are one integer comparison.
//
// Entries are views: who hands one out says how long its bytes stay.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lsm {

/// Position of a write in commit order; the first write has 1. Fits 56 bits, so that it packs with
/// a kind.
using Sequence = uint64_t;
inline constexpr Sequence kMaxSequence = (uint64_t{1} << 56) - 1;

/// What a write did to its key. Memtables and formats carry kinds as they are and need to know none
/// of them; they meet all but range_tombstone.
enum class Kind : uint8_t {
    tombstone = 0,  // no value
    value = 1,
    expiring = 2,         // a value with a time: its first kExpiryBytes say until when it is there
    range_tombstone = 3,  // deletes all keys from `key` to below `value`; in batches and logs only
};
inline constexpr uint64_t kKindCount = 4;

inline constexpr uint64_t kMaxKeyBytes = 64 * 1024;
inline constexpr uint64_t kMaxValueBytes = uint64_t{1} << 30;
inline constexpr uint64_t kExpiryBytes = 8;

/// The first eight bytes as a big-endian integer, padded with zeros. prefix(a) < prefix(b) implies
/// a < b; equal prefixes say nothing.
inline uint64_t key_prefix(std::string_view key) {
    unsigned char bytes[8] = {};
    if (!key.empty()) std::memcpy(bytes, key.data(), key.size() < 8 ? key.size() : 8);
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
    return word;
}

/// <0, 0, >0 as for memcmp, given the prefixes.
inline int compare_keys(uint64_t left_prefix, std::string_view left, uint64_t right_prefix,
                        std::string_view right) {
    if (left_prefix != right_prefix) return left_prefix < right_prefix ? -1 : 1;
    return left.compare(right);
}

struct Entry {
    std::string_view key;
    std::string_view value;
    Sequence sequence = 0;
    Kind kind = Kind::value;
    uint64_t prefix = 0;  // key_prefix(key)

    static Entry make(std::string_view key, std::string_view value, Sequence sequence, Kind kind) {
        return Entry{key, value, sequence, kind, key_prefix(key)};
    }
};

/// The order of the tree: key ascending, sequence descending.
inline int compare_entries(const Entry& left, const Entry& right) {
    const int by_key = compare_keys(left.prefix, left.key, right.prefix, right.key);
    if (by_key != 0) return by_key;
    if (left.sequence != right.sequence) return left.sequence > right.sequence ? -1 : 1;
    return 0;
}

/// What policies count as an entry's size: the bytes of key and value, before codec, headers and
/// padding. The time of an expiring one does not count; of a range tombstone both keys do.
inline uint64_t logical_bytes(const Entry& entry) {
    return entry.key.size() + entry.value.size() -
           (entry.kind == Kind::expiring ? kExpiryBytes : 0);
}

/// An expiring entry's value begins with the tick from which on it is not there any more,
/// little-endian.
inline void put_expiry(char* bytes, uint64_t tick) {
    for (uint64_t i = 0; i < kExpiryBytes; ++i) bytes[i] = static_cast<char>(tick >> (8 * i));
}
inline uint64_t expires_at(const Entry& expiring) {
    uint64_t tick = 0;
    for (uint64_t i = 0; i < kExpiryBytes; ++i)
        tick |= uint64_t{static_cast<unsigned char>(expiring.value[i])} << (8 * i);
    return tick;
}
/// Of a key or of a range.
inline bool is_delete(const Entry& entry) {
    return entry.kind == Kind::tombstone || entry.kind == Kind::range_tombstone;
}

inline bool is_expired(const Entry& entry, uint64_t now) {
    return entry.kind == Kind::expiring && expires_at(entry) <= now;
}
/// The value as its writer gave it.
inline std::string_view user_value(const Entry& entry) {
    return entry.kind == Kind::expiring ? entry.value.substr(kExpiryBytes) : entry.value;
}

/// Up to 64 entries that a cursor hands over in one call. The views stay valid until the cursor's
/// next call.
struct EntryBatch {
    static constexpr uint32_t kCapacity = 64;
    uint32_t count = 0;
    std::array<Entry, kCapacity> entries;

    bool full() const { return count == kCapacity; }
    bool empty() const { return count == 0; }
    void clear() { count = 0; }
    void push(const Entry& entry) { entries[count++] = entry; }
    const Entry* begin() const { return entries.data(); }
    const Entry* end() const { return entries.data() + count; }
    const Entry& operator[](uint32_t index) const { return entries[index]; }
};

}  // namespace lsm
