#include "framework/tree/write_batch.hpp"

#include "framework/base/error.hpp"

namespace lsm {

void check_limits(std::string_view key, std::string_view value) {
    if (key.size() > kMaxKeyBytes) {
        throw Error(ErrorKind::usage, "a key of " + std::to_string(key.size()) + " bytes is above the limit of 64 KiB");
    }
    if (value.size() > kMaxValueBytes) {
        throw Error(ErrorKind::usage, "a value of " + std::to_string(value.size()) + " bytes is above the limit of 1 GiB");
    }
}

void WriteBatch::add(std::string_view key, std::string_view value, Kind kind) {
    check_limits(key, value);
    operations_.push_back({static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value.size()), kind});
    bytes_.append(key).append(value);
}

}  // namespace lsm
