// The index of a table made of blocks: for each block its first key, its last entry and its place.
//
// Since the last entry's sequence number is there too, a lookup of (key, sequence) knows the one
// block that holds the first entry not before it, even where the versions of a key cross a border;
// and since the first key is there, a key that falls between two blocks costs no read.
//
// In memory, the bytes that all keys share are cut off and the next eight are kept inline as an
// integer: the binary search runs over an array of those and looks at keys only among equals.
//
// On disk: varint count, then for each block: varint distance from the previous block's end, varint
// size, the first key and the last key as (varint bytes shared with the key before, length-prefixed
// rest), varint sequence of the last entry.
//
// Thread-safety: const functions, any thread. Cost of find(): O(log blocks), no allocation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/entry.hpp"
#include "framework/policy/format.hpp"

namespace lsm {

/// Thrown by whatever decodes a block's bytes; who knows the file turns it into Error(corruption).
struct DamagedBlock {
    const char* reason;
};

class FenceIndexBuilder {
  public:
    /// Blocks in order of key and of offset.
    void add(std::string_view first_key, std::string_view last_key, Sequence last_sequence,
             BlockHandle handle);
    /// The encoded index.
    std::string finish() const;

  private:
    void put_key(std::string_view key);

    uint64_t count_ = 0;
    uint64_t end_ = 0;      // of the block before
    std::string previous_;  // the key before
    std::string encoded_;
};

class FenceIndex {
  public:
    /// Throws DamagedBlock when the bytes are no index.
    explicit FenceIndex(std::string_view bytes);

    size_t size() const { return fences_.size(); }
    BlockHandle handle(size_t block) const { return fences_[block].handle; }
    std::string_view first_key(size_t block) const { return fences_[block].first.in(keys_); }
    std::string_view last_key(size_t block) const { return fences_[block].last.in(keys_); }

    /// The block with the first entry that is not before (key, sequence); size() when there is
    /// none.
    size_t find(std::string_view key, Sequence sequence) const;

    uint64_t memory_bytes() const;

  private:
    struct Slice {
        uint64_t offset = 0;
        uint64_t size = 0;
        std::string_view in(std::string_view keys) const {
            return {keys.data() + offset, static_cast<size_t>(size)};
        }
    };
    struct Fence {
        Slice first;
        Slice last;
        Sequence last_sequence = 0;
        BlockHandle handle;
    };

    void set_prefixes();
    bool is_before(const Fence& fence, std::string_view key, Sequence sequence) const;

    std::string keys_;
    std::vector<Fence> fences_;
    std::string shared_;              // first bytes of all keys
    std::vector<uint64_t> prefixes_;  // key_prefix of the last keys, behind shared_
};

}  // namespace lsm
