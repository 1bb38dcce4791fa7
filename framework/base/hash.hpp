// The one hash of the project: XXH3, 64 bits. A key is hashed once and the hash is passed on
// (filters, hash memtables). checksum32 guards blocks and records; it is the low half of the same
// function, seeded by the caller with what the bytes are bound to (a log's number, say), so that
// bytes of one file do not pass in another.
#pragma once

#include <cstdint>
#include <string_view>

namespace lsm {

uint64_t hash_key(std::string_view key);
uint64_t hash_bytes(std::string_view bytes, uint64_t seed);
uint32_t checksum32(std::string_view bytes, uint64_t seed = 0);

/// A cheap, good mixer of one word (the finaliser of SplitMix64).
inline uint64_t mix64(uint64_t word) {
    word ^= word >> 30;
    word *= 0xbf58476d1ce4e5b9ULL;
    word ^= word >> 27;
    word *= 0x94d049bb133111ebULL;
    word ^= word >> 31;
    return word;
}

}  // namespace lsm
