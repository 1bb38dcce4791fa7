#include "framework/table/codec.hpp"
#include "framework/base/bug_museum.hpp"

#include <lz4.h>
#include <zstd.h>

#include <algorithm>

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"

namespace lsm {

namespace {

// A block is closed at its block size, so it holds at most that and one entry more; anything longer
// is a damaged length, and must not become an allocation.
constexpr uint64_t kMaxDecodedBytes = uint64_t{1} << 32;

constexpr int kZstdLevel = 3;

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

ZSTD_DCtx* decompressor() {
    static thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(
        ZSTD_createDCtx());
    return context.get();
}

[[noreturn]] void damaged(const std::string& file, uint64_t offset, const std::string& what) {
    throw Error(ErrorKind::corruption, what, {file, offset, {}, {}});
}

bool decompress(Codec codec, std::string_view from, char* to, uint64_t size) {
    if (codec == Codec::lz4) {
        if (from.size() > LZ4_MAX_INPUT_SIZE || size > LZ4_MAX_INPUT_SIZE) return false;
        const int got = LZ4_decompress_safe(from.data(), to, static_cast<int>(from.size()),
                                            static_cast<int>(size));
        return got >= 0 && static_cast<uint64_t>(got) == size;
    }
    const size_t got = ZSTD_decompressDCtx(decompressor(), to, size, from.data(), from.size());
    return !ZSTD_isError(got) && got == size;
}

/// The most that `compressed` bytes can decode to; a length beyond it is damage.
uint64_t largest_decoded(Codec codec, uint64_t compressed) {
    constexpr uint64_t kLz4MostPerByte = 255;
    // A Zstandard frame consists of blocks of at most 128 KiB, which take at least 4 bytes each.
    constexpr uint64_t kZstdBlock = 128 * 1024, kZstdLeastPerBlock = 4;
    return std::min(kMaxDecodedBytes, codec == Codec::lz4
                                          ? compressed * kLz4MostPerByte + 64
                                          : (compressed / kZstdLeastPerBlock + 1) * kZstdBlock);
}

}  // namespace

const char* codec_name(Codec codec) {
    switch (codec) {
        case Codec::none:
            return "none";
        case Codec::lz4:
            return "lz4";
        case Codec::zstd:
            return "zstd";
    }
    return "unknown";
}

Codec parse_codec(std::string_view name) {
    for (const Codec codec : {Codec::none, Codec::lz4, Codec::zstd}) {
        if (name == codec_name(codec)) return codec;
    }
    throw Error(ErrorKind::config, "unknown codec '" + std::string(name) + "'", {},
                "use none, lz4 or zstd");
}

uint64_t block_seed(uint64_t table_id, uint64_t offset) { return mix64(table_id) ^ offset; }

struct BlockEncoder::Workspace {
    std::unique_ptr<ZSTD_CCtx, FreeCompressor> zstd;
};

BlockEncoder::BlockEncoder(Codec codec) : codec_(codec), workspace_(new Workspace) {
    if (codec_ != Codec::zstd) return;
    workspace_->zstd.reset(ZSTD_createCCtx());
    if (!workspace_->zstd) throw Error(ErrorKind::io, "out of memory for zstd");
}

BlockEncoder::~BlockEncoder() = default;

std::string_view BlockEncoder::encode(std::string_view bytes, uint64_t seed) {
    stored_.clear();
    Codec used = codec_;
    if (codec_ == Codec::none || !compress(bytes)) {
        used = Codec::none;
        stored_.assign(bytes);
    }
    stored_.push_back(static_cast<char>(used));
    put_fixed32(stored_, checksum32(stored_, seed));
    return stored_;
}

bool BlockEncoder::compress(std::string_view bytes) {
    put_varint(stored_, bytes.size());
    const size_t head = stored_.size();
    size_t compressed = 0;
    if (codec_ == Codec::lz4) {
        if (bytes.size() > LZ4_MAX_INPUT_SIZE) return false;
        const int room = LZ4_compressBound(static_cast<int>(bytes.size()));
        stored_.resize(head + static_cast<size_t>(room));
        compressed = static_cast<size_t>(LZ4_compress_default(
            bytes.data(), stored_.data() + head, static_cast<int>(bytes.size()), room));
        if (compressed == 0) return false;
    } else {
        const size_t room = ZSTD_compressBound(bytes.size());
        stored_.resize(head + room);
        compressed = ZSTD_compressCCtx(workspace_->zstd.get(), stored_.data() + head, room,
                                       bytes.data(), bytes.size(), kZstdLevel);
        if (ZSTD_isError(compressed)) {
            throw Error(ErrorKind::io, std::string("zstd: ") + ZSTD_getErrorName(compressed));
        }
    }
    stored_.resize(head + compressed);
    return stored_.size() <= bytes.size() - bytes.size() / 8;
}

BlockPin decode_block(const std::shared_ptr<const char[]>& stored, uint64_t size, uint64_t seed,
                      const std::string& file, uint64_t offset) {
    if (size < kBlockTrailerBytes) damaged(file, offset, "a block is shorter than its trailer");
    const uint64_t payload_size = size - kBlockTrailerBytes;
    const std::string_view checked(stored.get(), payload_size + 1);
    if (checksum32(checked, seed) != get_fixed32(stored.get() + payload_size + 1) &&
        !bug(Bug::checksum_not_verified)) {
        damaged(file, offset, "a block's checksum does not match");
    }
    const auto codec = static_cast<Codec>(checked.back());
    const std::string_view payload = checked.substr(0, payload_size);
    if (codec == Codec::none) return {stored, payload};
    if (codec != Codec::lz4 && codec != Codec::zstd) {
        damaged(file, offset, "a block has an unknown codec");
    }
    Decoder decoder(payload);
    const uint64_t decoded_size = decoder.varint();
    const std::string_view compressed = decoder.raw(decoder.remaining());
    if (decoder.failed() || decoded_size > largest_decoded(codec, compressed.size())) {
        damaged(file, offset, "a compressed block has a damaged length");
    }
    auto decoded = std::make_shared_for_overwrite<char[]>(decoded_size);
    if (!decompress(codec, compressed, decoded.get(), decoded_size)) {
        damaged(file, offset, std::string("a block does not decode as ") + codec_name(codec));
    }
    const std::string_view view(decoded.get(), decoded_size);
    return {std::move(decoded), view};
}

}  // namespace lsm
