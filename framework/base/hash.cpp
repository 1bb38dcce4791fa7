#include "framework/base/hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace lsm {

uint64_t hash_key(std::string_view key) { return XXH3_64bits(key.data(), key.size()); }

uint64_t hash_bytes(std::string_view bytes, uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

uint32_t checksum32(std::string_view bytes, uint64_t seed) {
    return static_cast<uint32_t>(hash_bytes(bytes, seed));
}

}  // namespace lsm
