// A table's file as formats see it: a source of decoded blocks, by way of the block cache.
//
// Thread-safety: read(), any thread. Cost of a read that is not cached: one allocation and one read
// into it; an uncompressed block is used where it was read. A cached one: the lock of one cache
// shard.
#pragma once

#include <memory>
#include <string>

#include "framework/os/file_system.hpp"
#include "framework/policy/format.hpp"
#include "framework/policy/tree_shape.hpp"
#include "framework/table/block_cache.hpp"
#include "framework/table/footer.hpp"

namespace lsm {

class TableFile final : public BlockSource {
  public:
    /// `cache` may be null and must outlive the file. Errors: io; corruption or version from the
    /// footer. The context says under which cause and level the footer and all blocks count that
    /// are read until opened() is called.
    TableFile(FileSystem& files, const std::string& path, TableId id, BlockCache* cache,
              const ReadContext& opening);

    /// From now on, reads count as their own context says.
    void opened() { is_opening_ = false; }

    const Footer& footer() const { return footer_; }
    TableId id() const { return id_; }
    uint64_t size() const { return file_->size(); }

    BlockPin read(BlockHandle handle, BlockKind kind, const ReadContext& context) const override;
    const std::string& name() const override { return path_; }

  private:
    BlockPin read_file(BlockHandle handle, BlockKind kind, const ReadContext& context) const;

    std::string path_;
    TableId id_;
    BlockCache* cache_;
    std::unique_ptr<ReadableFile> file_;
    ReadContext opening_;
    bool is_opening_ = true;
    Footer footer_;
};

}  // namespace lsm
