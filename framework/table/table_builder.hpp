// Writes one table: the format's blocks, a filter block, the properties and the footer.
//
// Entries come in the tree's order. The builder compresses, checksums and tags what the format
// hands it, hashes each distinct key once for the filter, and keeps the figures that make up the
// table's shape. Only after finish() is there a table; a builder that is destroyed before leaves a
// file that its owner removes.
//
// Thread-safety: one thread. Cost per entry: the format's, a copy of the key, one hash.
// Errors: io from the file system; config for an unknown codec. After an error only destruction is
// left.
#pragma once

#include <algorithm>
#include <cassert>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/bug_museum.hpp"
#include "framework/base/hash.hpp"
#include "framework/os/file_system.hpp"
#include "framework/policy/filter.hpp"
#include "framework/policy/format.hpp"
#include "framework/policy/tree_shape.hpp"
#include "framework/table/codec.hpp"
#include "framework/table/footer.hpp"
#include "framework/table/properties.hpp"
#include "framework/table/range_tombstones.hpp"

namespace lsm {

/// The names under which a table's format and filter are known, as in YAML; kept in each table.
struct TablePolicyNames {
    std::string format;
    std::string filter;
};

/// Why a table is written, and what only its owner knows about the age of its entries.
struct TableOrigin {
    Cause cause = Cause::flush;
    uint8_t level = 1;
    uint64_t created_tick = 0;
    uint64_t oldest_tombstone_tick = 0;  // a lower bound; used when there are tombstones of a sort
    uint64_t newest_write_tick = 0;      // an upper bound
};

/// The version of a format policy, static or erased.
template <class F>
uint32_t format_version(const F& format) {
    if constexpr (requires { F::version; }) {
        return F::version;
    } else {
        return format.version_number();
    }
}

/// Appends stored blocks to a file and counts them.
class TableBlockSink final : public BlockSink {
  public:
    TableBlockSink(WritableFile& file, TableId table, Codec codec, Cause cause, uint8_t level)
        : file_(file), table_(table), encoder_(codec), cause_(cause), level_(level) {}

    BlockHandle append(BlockKind kind, std::string_view bytes) override {
        const uint64_t offset = file_.size();
        const std::string_view stored = encoder_.encode(bytes, block_seed(table_, offset));
        file_.append(stored, {cause_, kind, level_});
        if (kind == BlockKind::data) ++data_blocks_;
        return {offset, stored.size()};
    }

    uint64_t data_blocks() const { return data_blocks_; }

  private:
    WritableFile& file_;
    TableId table_;
    BlockEncoder encoder_;
    Cause cause_;
    uint8_t level_;
    uint64_t data_blocks_ = 0;
};

template <Format F, Filter X>
class TableBuilder {
  public:
    /// Creates `path`. `format` and `filter` must outlive the builder. No filter when bits_per_key
    /// is 0 or less.
    TableBuilder(FileSystem& files, const std::string& path, TableId id, const F& format,
                 const X& filter, const TablePolicyNames& names, const TableSettings& settings,
                 double bits_per_key, const TableOrigin& origin)
        : id_(id),
          filter_(filter),
          bits_per_key_(bits_per_key),
          origin_(origin),
          codec_(parse_codec(settings.codec)),
          file_(files.create(path)),
          sink_(*file_, id, codec_, origin.cause, origin.level),
          // Filters and properties do not compress, or not worth it.
          plain_sink_(*file_, id, Codec::none, origin.cause, origin.level),
          writer_(format.writer(sink_, settings)) {
        properties_.format = names.format;
        properties_.format_version = format_version(format);
        properties_.filter = names.filter;
        properties_.codec = codec_name(codec_);
        properties_.block_size = settings.block_size;
        properties_.created_tick = origin.created_tick;
        properties_.newest_write_tick = origin.newest_write_tick;
    }

    void add(const Entry& entry) {
        if (properties_.entries == 0) {
            properties_.smallest = entry.key;
            properties_.oldest_sequence = entry.sequence;
            new_key(entry);
        } else if (entry.key != properties_.largest) {
            assert(properties_.largest < entry.key);
            new_key(entry);
        }
        ++properties_.entries;
        note_kind(entry);
        properties_.logical_bytes += lsm::logical_bytes(entry);
        if (entry.sequence < properties_.oldest_sequence) {
            properties_.oldest_sequence = entry.sequence;
        }
        if (entry.sequence > properties_.newest_sequence) {
            properties_.newest_sequence = entry.sequence;
        }
        writer_->add(entry);
    }

    /// An expired entry as the tombstone that it becomes; its age counts from now on.
    void add_expired(const Entry& expired) {
        ++expired_;
        add(Entry{expired.key, {}, expired.sequence, Kind::tombstone, expired.prefix});
    }

    /// The table's range tombstones, all at once, after its entries. Their fragments are right in
    /// themselves, ascending, and overlap no other table of the run.
    void add_ranges(std::vector<RangeFragment> fragments) {
        ranges_ = RangeTombstones(std::move(fragments));
        if (ranges_.empty()) return;
        const bool alone = properties_.entries == 0;
        properties_.range_tombstones = ranges_.count();
        properties_.logical_bytes += ranges_.logical_bytes();
        const bool below =
            ranges_.first() < properties_.smallest && !bug(Bug::range_bounds_left_out);
        if (alone || below) properties_.smallest = ranges_.first();
        if (alone || ranges_.last() > properties_.largest) {
            properties_.largest = ranges_.last();
            properties_.largest_open = bug(Bug::range_end_taken_as_inside) ? 0 : 1;
        }
        Sequence& oldest = properties_.oldest_sequence;
        Sequence& newest = properties_.newest_sequence;
        if (alone) oldest = kMaxSequence;
        for (const RangeFragment& fragment : ranges_.fragments()) {
            oldest = std::min(oldest, fragment.sequences.back());
            newest = std::max(newest, fragment.sequences.front());
        }
    }

    /// Writes the rest, syncs and closes the file. Nothing else may be called afterwards, but
    /// properties(). The folder's entry is not synced.
    TableShape finish() {
        Footer footer;
        footer.table = id_;
        footer.root = writer_->finish();
        const std::string filter =
            hashes_.empty() ? std::string() : filter_.build(hashes_, bits_per_key_);
        if (!filter.empty()) footer.filter = plain_sink_.append(BlockKind::filter, filter);
        properties_.filter_bits = filter.size() * 8;
        properties_.data_blocks = sink_.data_blocks();
        if (!ranges_.empty()) {
            const BlockHandle ranges = plain_sink_.append(BlockKind::meta, ranges_.encode());
            properties_.ranges_offset = ranges.offset;
            properties_.ranges_size = ranges.size;
        }
        if (properties_.tombstones + properties_.range_tombstones > 0) {
            const bool written = properties_.tombstones + properties_.range_tombstones > expired_;
            properties_.oldest_tombstone_tick =
                written ? origin_.oldest_tombstone_tick : origin_.created_tick;
        }
        properties_.expires_tick = stays_ ? 0 : last_expiry_;
        footer.properties = plain_sink_.append(BlockKind::meta, properties_.encode());
        file_->append(footer.encode(), {origin_.cause, BlockKind::meta, origin_.level});
        if (!bug(Bug::table_not_synced)) file_->sync();
        file_->close();
        return properties_.shape(id_, file_->size());
    }

    uint64_t entries() const { return properties_.entries; }
    /// Of the entries so far: what a compaction cuts its outputs by.
    uint64_t logical_bytes() const { return properties_.logical_bytes; }
    const TableProperties& properties() const { return properties_; }

  private:
    void note_kind(const Entry& entry) {
        if (entry.kind == Kind::tombstone) {
            ++properties_.tombstones;
        } else if (entry.kind == Kind::expiring) {
            last_expiry_ = std::max(last_expiry_, expires_at(entry));
        } else {
            stays_ = true;
        }
    }

    void new_key(const Entry& entry) {
        ++properties_.keys;
        properties_.largest = entry.key;
        if (bug(Bug::empty_key_left_out_of_filter) && entry.key.empty()) return;
        if (bits_per_key_ > 0) hashes_.push_back(hash_key(entry.key));
    }

    using Writer = decltype(std::declval<const F&>().writer(std::declval<BlockSink&>(),
                                                            std::declval<const TableSettings&>()));

    TableId id_;
    const X& filter_;
    double bits_per_key_;
    TableOrigin origin_;
    Codec codec_;
    std::unique_ptr<WritableFile> file_;
    TableBlockSink sink_;
    TableBlockSink plain_sink_;
    Writer writer_;
    std::vector<uint64_t> hashes_;  // of the distinct keys; empty when no filter is wanted
    RangeTombstones ranges_;
    bool stays_ = false;        // some entry never expires
    uint64_t last_expiry_ = 1;  // tombstones are as good as expired
    uint64_t expired_ = 0;      // tombstones that were values
    TableProperties properties_;
};

}  // namespace lsm
