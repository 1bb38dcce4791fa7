// How a block lies on disk: its bytes, compressed or not, then one codec byte and a 32-bit
// checksum.
//
//     stored block = payload, codec (1 byte), checksum32(payload + codec, seed) (4 bytes)
//
// The seed binds a block to its table's number and its offset, so that a block of another table, or
// of another place in the same one, does not pass. Compression that saves less than 1/8 is not
// worth its decoding: such a block is stored plain, whatever codec was asked for.
//
// Thread-safety: an encoder belongs to one thread; decode_block may be called from any.
// Leaves out: dictionaries, compression levels.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "framework/policy/format.hpp"

namespace lsm {

enum class Codec : uint8_t { none = 0, lz4 = 1, zstd = 2 };

/// "none", "lz4", "zstd".
const char* codec_name(Codec codec);
/// The codec of that name; Error(config) that lists the known ones.
Codec parse_codec(std::string_view name);

inline constexpr uint64_t kBlockTrailerBytes = 5;

/// What a block's checksum is seeded with.
uint64_t block_seed(uint64_t table_id, uint64_t offset);

/// Turns blocks into their stored form with one codec; keeps the codec's working memory.
class BlockEncoder {
  public:
    explicit BlockEncoder(Codec codec);
    ~BlockEncoder();
    BlockEncoder(const BlockEncoder&) = delete;
    BlockEncoder& operator=(const BlockEncoder&) = delete;

    /// The stored form; valid until the next call. Error(io) when the codec runs out of memory.
    std::string_view encode(std::string_view bytes, uint64_t seed);

  private:
    struct Workspace;

    /// Puts length and compressed bytes into stored_; false when that does not pay.
    bool compress(std::string_view bytes);

    Codec codec_;
    std::unique_ptr<Workspace> workspace_;
    std::string stored_;
};

/// The bytes of a stored block of `size` bytes that begins at `offset` of `file` (both for
/// messages). An uncompressed block is not copied: the pin shares `stored`. Error(corruption) on
/// any damage.
BlockPin decode_block(const std::shared_ptr<const char[]>& stored, uint64_t size, uint64_t seed,
                      const std::string& file, uint64_t offset);

}  // namespace lsm
