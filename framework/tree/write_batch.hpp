// Operations that take effect together or not at all: they are one record of the log and become
// visible at one moment. Copies keys and values. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/entry.hpp"

namespace lsm {

class WriteBatch {
  public:
    /// Error(usage) when the key is above 64 KiB, the value above 1 GiB, or all together about 4
    /// GiB; the batch stays as it was.
    void put(std::string_view key, std::string_view value) { add(key, value, Kind::value); }
    /// The same for `ttl` ticks from the write on. Error(config) when that is none.
    void put(std::string_view key, std::string_view value, uint64_t ttl);
    void remove(std::string_view key) { add(key, {}, Kind::tombstone); }
    /// Removes all keys from `first` to below `last`: those that were written before, also in this
    /// batch. Error(config) unless first < last; the limits are those of keys.
    void remove_range(std::string_view first, std::string_view last);

    uint64_t count() const { return operations_.size(); }
    bool empty() const { return operations_.empty(); }
    /// Keys and values, in bytes; of a range both keys.
    uint64_t bytes() const { return bytes_.size(); }
    void clear() {
        operations_.clear();
        bytes_.clear();
        record_bytes_ = 0;
    }

    /// Calls take(key, value, kind, ttl) for each operation, in order; views live as long as the
    /// batch is not changed. Of a range_tombstone the value is the end of the range; the value of
    /// an expiring one is as it was given, without its time.
    template <class Take>
    void for_each(Take take) const {
        const char* at = bytes_.data();
        for (const Operation& operation : operations_) {
            take(std::string_view(at, operation.key_bytes),
                 std::string_view(at + operation.key_bytes, operation.value_bytes), operation.kind,
                 operation.ttl);
            at += operation.key_bytes + operation.value_bytes;
        }
    }

  private:
    struct Operation {
        uint32_t key_bytes;
        uint32_t value_bytes;
        Kind kind;
        uint64_t ttl;
    };
    void add(std::string_view key, std::string_view value, Kind kind, uint64_t ttl = 0);

    std::vector<Operation> operations_;
    std::string bytes_;
    uint64_t record_bytes_ = 0;  // at most what its record in the log takes
};

/// Error(usage) when a key or value is larger than the limits.
void check_limits(std::string_view key, std::string_view value);

/// At most what a batch's record in the log takes with one more operation; `record_bytes` is what
/// this said before. Error(usage) when a record can not be that long.
uint64_t grown_record(uint64_t record_bytes, std::string_view key, std::string_view value);

}  // namespace lsm
