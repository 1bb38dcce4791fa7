#include "framework/tree/write_batch.hpp"

#include <algorithm>

#include "framework/base/error.hpp"

namespace lsm {

void check_limits(std::string_view key, std::string_view value) {
    if (key.size() > kMaxKeyBytes) {
        throw Error(ErrorKind::usage, "a key of " + std::to_string(key.size()) +
                                          " bytes is above the limit of 64 KiB");
    }
    if (value.size() > kMaxValueBytes) {
        throw Error(ErrorKind::usage, "a value of " + std::to_string(value.size()) +
                                          " bytes is above the limit of 1 GiB");
    }
}

uint64_t grown_record(uint64_t record_bytes, std::string_view key, std::string_view value) {
    constexpr uint64_t kFirstBytes = 20;                    // sequence number and count
    constexpr uint64_t kOperationBytes = 9 + kExpiryBytes;  // kind, lengths, time
    const uint64_t grown =
        std::max(record_bytes, kFirstBytes) + kOperationBytes + key.size() + value.size();
    if (grown > UINT32_MAX) {
        throw Error(ErrorKind::usage,
                    "a batch of " + std::to_string(grown) + " bytes is above the limit of 4 GiB",
                    {}, "write it as several batches");
    }
    return grown;
}

void WriteBatch::put(std::string_view key, std::string_view value, uint64_t ttl) {
    if (ttl == 0) {
        throw Error(ErrorKind::config, "a value with a time to live of 0 ticks", {},
                    "give at least 1, or no time to live for a value that stays");
    }
    add(key, value, Kind::expiring, ttl);
}

void WriteBatch::remove_range(std::string_view first, std::string_view last) {
    if (first >= last) {
        throw Error(ErrorKind::config, "the range to remove ends before it begins, or is empty", {},
                    "the first key must be below the last, which itself is not removed");
    }
    check_limits(last, {});
    add(first, last, Kind::range_tombstone);
}

void WriteBatch::add(std::string_view key, std::string_view value, Kind kind, uint64_t ttl) {
    check_limits(key, value);
    record_bytes_ = grown_record(record_bytes_, key, value);
    operations_.push_back(
        {static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value.size()), kind, ttl});
    bytes_.append(key).append(value);
}

}  // namespace lsm
