// What formats made of sorted blocks share, so that such a format contains only how entries lie in
// one block: it cuts entries into blocks, keeps a FenceIndex as the root, and finds and walks.
//
// A format supplies two types.
//   BlockBuilder: `add(entry)` in order; `finish() -> std::string_view`, the block's bytes, valid
//                 until the next add, which begins a new block.
//   BlockView:    made from a block's bytes, cheaply; `find(key, at, found) -> bool`, the first
//   entry
//                 of that key not newer than `at`, whose value views the block and whose key is
//                 `key`; `decode(entries, keys)` appends all entries, which view the block or bytes
//                 taken from `keys`.
// A view throws DamagedBlock when the bytes make no sense and never reads outside of them.
//
// Cost of a lookup: a binary search in memory and at most one block. A cursor decodes each block
// it enters once, as a whole. Thread-safety: a reader, any thread; writer and cursor, one.
// Leaves out: indexes of more than one level; the whole index is in memory.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/base/show_entry.hpp"
#include "framework/policy/format.hpp"
#include "framework/table/fence_index.hpp"

namespace lsm {

/// Memory for keys that a block holds in pieces. What it hands out stays until clear().
class KeyBuffer {
  public:
    char* allocate(size_t size) {
        if (size > left_) grow(size);
        char* at = next_;
        next_ += size;
        left_ -= size;
        return at;
    }
    /// Keeps the largest piece for the next block.
    void clear() {
        if (pieces_.empty()) return;
        pieces_.erase(pieces_.begin(), pieces_.end() - 1);
        next_ = pieces_.back().get();
        left_ = capacity_;
    }

  private:
    void grow(size_t size) {
        capacity_ = std::max({size, capacity_ * 2, size_t{4096}});
        pieces_.push_back(std::make_unique_for_overwrite<char[]>(capacity_));
        next_ = pieces_.back().get();
        left_ = capacity_;
    }

    std::vector<std::unique_ptr<char[]>> pieces_;
    char* next_ = nullptr;
    size_t left_ = 0;
    size_t capacity_ = 0;  // of the last piece, the largest
};

/// The error for damage that a format found in a block.
inline Error damaged_block(const BlockSource& source, BlockHandle handle,
                           const DamagedBlock& damage) {
    return Error(ErrorKind::corruption, damage.reason, {source.name(), handle.offset, {}, {}});
}

template <class BlockBuilder>
class BlockTableWriter {
  public:
    BlockTableWriter(BlockSink& sink, const TableSettings& settings, BlockBuilder builder)
        : sink_(sink), block_size_(settings.block_size), builder_(std::move(builder)) {}

    void add(const Entry& entry) {
        if (block_entries_ == 0) first_key_.assign(entry.key);
        builder_.add(entry);
        last_key_.assign(entry.key);
        last_sequence_ = entry.sequence;
        ++block_entries_;
        block_bytes_ += logical_bytes(entry);
        if (block_bytes_ >= block_size_) close_block();
    }

    BlockHandle finish() {
        if (block_entries_ > 0) close_block();
        return sink_.append(BlockKind::index, fences_.finish());
    }

  private:
    void close_block() {
        const BlockHandle handle = sink_.append(BlockKind::data, builder_.finish());
        fences_.add(first_key_, last_key_, last_sequence_, handle);
        block_entries_ = 0;
        block_bytes_ = 0;
    }

    BlockSink& sink_;
    uint64_t block_size_;
    BlockBuilder builder_;
    FenceIndexBuilder fences_;
    uint64_t block_entries_ = 0;
    uint64_t block_bytes_ = 0;  // logical
    std::string first_key_;
    std::string last_key_;
    Sequence last_sequence_ = 0;
};

template <class BlockView>
class BlockTableCursor final : public Cursor {
  public:
    BlockTableCursor(const BlockSource& source, const FenceIndex& fences,
                     const ReadContext& context)
        : source_(source), fences_(fences), context_(context) {}

    void seek_first() override { block_ = index_ = 0; }

    void seek_last() override {
        block_ = fences_.size();
        index_ = 0;
    }

    void seek(std::string_view key, Sequence sequence) override {
        block_ = fences_.find(key, sequence);
        index_ = 0;
        if (block_ == fences_.size()) return;
        load(block_);
        const Entry target = Entry::make(key, {}, sequence, Kind::value);
        const auto found = std::partition_point(
            entries_.begin(), entries_.end(),
            [&target](const Entry& entry) { return compare_entries(entry, target) < 0; });
        index_ = static_cast<size_t>(found - entries_.begin());
    }

    bool next(EntryBatch& batch) override {
        batch.clear();
        for (; block_ < fences_.size(); ++block_, index_ = 0) {
            load(block_);
            if (index_ == entries_.size()) continue;
            while (index_ < entries_.size() && !batch.full()) batch.push(entries_[index_++]);
            return true;
        }
        return false;
    }

    bool previous(EntryBatch& batch) override {
        batch.clear();
        while (index_ == 0) {
            if (block_ == 0) return false;
            load(block_ - 1);  // an error leaves the position where it is
            --block_;
            index_ = entries_.size();
        }
        load(block_);
        while (index_ > 0 && !batch.full()) batch.push(entries_[--index_]);
        return true;
    }

  private:
    static constexpr size_t kNone = static_cast<size_t>(-1);

    /// Makes entries_ those of the block.
    void load(size_t block) {
        if (loaded_ == block) return;
        loaded_ = kNone;
        entries_.clear();
        keys_.clear();
        const BlockHandle handle = fences_.handle(block);
        pin_ = source_.read(handle, BlockKind::data, context_);
        try {
            BlockView(pin_.bytes()).decode(entries_, keys_);
        } catch (const DamagedBlock& damage) {
            throw damaged_block(source_, handle, damage);
        }
        loaded_ = block;
    }

    const BlockSource& source_;
    const FenceIndex& fences_;
    const ReadContext context_;
    // The position is in front of entry index_ of block block_.
    size_t block_ = 0;
    size_t index_ = 0;
    size_t loaded_ = kNone;
    BlockPin pin_;
    std::vector<Entry> entries_;
    KeyBuffer keys_;
};

template <class BlockView>
class BlockTableReader {
  public:
    BlockTableReader(const BlockSource& source, BlockHandle root)
        : source_(source), fences_(read_fences(source, root)) {}

    bool find(std::string_view key, Sequence at, const ReadContext& context,
              PinnedEntry& found) const {
        const size_t block = fences_.find(key, at);
        if (block == fences_.size() || key < fences_.first_key(block)) return false;
        const BlockHandle handle = fences_.handle(block);
        BlockPin pin = source_.read(handle, BlockKind::data, context);
        try {
            if (!BlockView(pin.bytes()).find(key, at, found.entry)) return false;
        } catch (const DamagedBlock& damage) {
            throw damaged_block(source_, handle, damage);
        }
        found.pin = std::move(pin);
        return true;
    }

    std::unique_ptr<Cursor> cursor(const ReadContext& context) const {
        return std::make_unique<BlockTableCursor<BlockView>>(source_, fences_, context);
    }

    uint64_t memory_bytes() const { return fences_.memory_bytes(); }

    std::vector<BlockHandle> blocks() const {
        std::vector<BlockHandle> handles;
        handles.reserve(fences_.size());
        for (size_t i = 0; i < fences_.size(); ++i) handles.push_back(fences_.handle(i));
        return handles;
    }

  private:
    static FenceIndex read_fences(const BlockSource& source, BlockHandle root) {
        const BlockPin pin = source.read(root, BlockKind::index, {});
        try {
            return FenceIndex(pin.bytes());
        } catch (const DamagedBlock& damage) {
            throw damaged_block(source, root, damage);
        }
    }

    const BlockSource& source_;
    FenceIndex fences_;
};

}  // namespace lsm
