#include "framework/table/table_check.hpp"

#include <map>

#include "framework/base/error.hpp"

namespace lsm {

namespace {

/// Hands blocks on and keeps in mind which.
class NotedSource final : public BlockSource {
  public:
    explicit NotedSource(const TableFile& file) : file_(file) {}

    BlockPin read(BlockHandle handle, BlockKind kind, const ReadContext& context) const override {
        BlockPin block = file_.read(handle, kind, context);
        sizes_[handle.offset] = handle.size;
        return block;
    }
    const std::string& name() const override { return file_.name(); }

    const std::map<uint64_t, uint64_t>& sizes() const { return sizes_; }

  private:
    const TableFile& file_;
    mutable std::map<uint64_t, uint64_t> sizes_;  // by offset; read() is of one thread here
};

/// What lies between two blocks.
void check_hole(const TableFile& file, uint64_t begin, uint64_t end, const ReadContext& context) {
    if (begin == end) return;
    if (begin > end) {
        throw Error(ErrorKind::corruption, "two blocks of the table overlap",
                    {file.name(), end, {}, {}});
    }
    file.read({begin, end - begin}, BlockKind::data, context);
}

}  // namespace

void check_blocks(const TableFile& file, const AnyFormat& format, const ReadContext& context) {
    const NotedSource source(file);
    const Footer& footer = file.footer();
    if (footer.filter.size > 0) source.read(footer.filter, BlockKind::filter, context);
    source.read(footer.properties, BlockKind::meta, context);
    const auto reader = format.reader(source, footer.root);
    const auto cursor = reader->cursor(context);
    cursor->seek_first();
    for (EntryBatch batch; cursor->next(batch);) {
    }
    uint64_t end = 0;
    for (const auto& [offset, size] : source.sizes()) {
        check_hole(file, end, offset, context);
        end = offset + size;
    }
    check_hole(file, end, file.size() - Footer::kBytes, context);
}

}  // namespace lsm
