#include "framework/table/table_file.hpp"

#include <algorithm>

#include "framework/base/error.hpp"
#include "framework/table/codec.hpp"

namespace lsm {

TableFile::TableFile(FileSystem& files, const std::string& path, TableId id, BlockCache* cache,
                     const ReadContext& opening)
    : path_(path),
      id_(id),
      cache_(cache != nullptr && cache->capacity() > 0 ? cache : nullptr),
      file_(files.open(path)),
      opening_(opening) {
    const uint64_t size = file_->size();
    std::string bytes(std::min(size, Footer::kBytes), '\0');
    file_->read(size - bytes.size(), bytes.size(), bytes.data(),
                {opening.cause, BlockKind::meta, opening.level});
    footer_ = Footer::decode(bytes, path_, size, id_);
}

BlockPin TableFile::read(BlockHandle handle, BlockKind kind, const ReadContext& context) const {
    if (is_opening_) return read_file(handle, kind, opening_);
    if (context.counts != nullptr) {
        ++(kind == BlockKind::data ? context.counts->data_blocks : context.counts->other_blocks);
    }
    if (cache_ != nullptr) {
        if (BlockPin cached = cache_->find(id_, handle.offset)) {
            if (context.counts != nullptr) ++context.counts->cache_hits;
            return cached;
        }
    }
    if (context.counts != nullptr) ++context.counts->cache_misses;
    BlockPin block = read_file(handle, kind, context);
    if (cache_ != nullptr && context.fill_cache) cache_->insert(id_, handle.offset, block);
    return block;
}

BlockPin TableFile::read_file(BlockHandle handle, BlockKind kind,
                              const ReadContext& context) const {
    const uint64_t size = file_->size();
    if (handle.offset > size || handle.size > size - handle.offset) {
        throw Error(
            ErrorKind::corruption,
            "a block of " + std::to_string(handle.size) + " bytes would end behind the file",
            {path_, handle.offset, {}, {}});
    }
    auto stored = std::make_shared_for_overwrite<char[]>(handle.size);
    file_->read(handle.offset, handle.size, stored.get(), {context.cause, kind, context.level});
    return decode_block(stored, handle.size, block_seed(id_, handle.offset), path_, handle.offset);
}

}  // namespace lsm
