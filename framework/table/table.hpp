// One open table: its filter and its index in memory, its blocks by way of the cache.
//
// A lookup is two calls, so that a caller can ask the filters of several tables first: may_contain,
// then find. A filter that can not be trusted (its block is damaged, or another filter policy wrote
// it) answers maybe for every key, and warning() says why; answers stay right, lookups cost more.
//
// Thread-safety: const functions, any thread. No lock is taken but that of a cache shard.
// Cost: may_contain touches the filter only; find allocates nothing when its block is cached, else
// one buffer. Cursors point into the table, which must outlive them.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <utility>

#include "framework/base/bug_museum.hpp"
#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/table/table_builder.hpp"
#include "framework/table/table_file.hpp"

namespace lsm {

template <Format F, Filter X>
class Table {
  public:
    /// Opens a table that a TableBuilder finished. `cache` may be null; cache, format and filter
    /// must outlive the table. Footer, properties, filter and index count under the cause and level
    /// of `opening`. Errors: io; corruption; version, when the layout or the format is newer;
    /// config, when another format policy wrote it.
    static std::unique_ptr<Table> open(FileSystem& files, const std::string& path, TableId id,
                                       BlockCache* cache, const F& format, const X& filter,
                                       const TablePolicyNames& names, const ReadContext& opening) {
        return std::unique_ptr<Table>(
            new Table(files, path, id, cache, format, filter, names, opening));
    }

    /// False: the key with this hash_key() is surely not here. Does no input.
    bool may_contain(uint64_t hash) const {
        if (bug(Bug::empty_filter_says_no) && filter_block_.bytes().empty()) return false;
        return filter_block_.bytes().empty() || filter_.may_contain(filter_block_.bytes(), hash);
    }

    /// The newest version of `key` that is not newer than `at`, tombstones included. The value
    /// stays while found.pin lives; found.entry.key is `key` itself. Does not ask the filter.
    bool find(std::string_view key, Sequence at, const ReadContext& context,
              PinnedEntry& found) const {
        return reader_->find(key, at, context, found);
    }

    std::unique_ptr<Cursor> cursor(const ReadContext& context) const {
        return reader_->cursor(context);
    }

    /// Its range tombstones; null when it has none. They do not count as entries, and find() and
    /// cursors do not heed them.
    const RangeTombstones* ranges() const { return ranges_.empty() ? nullptr : &ranges_; }

    TableId id() const { return file_.id(); }
    const std::string& path() const { return file_.name(); }
    const TableProperties& properties() const { return properties_; }
    TableShape shape() const { return properties_.shape(file_.id(), file_.size()); }
    uint64_t stored_bytes() const { return file_.size(); }
    /// Of the filter in use; 0 when there is none or it is not trusted.
    uint64_t filter_bits() const { return filter_block_.bytes().size() * 8; }
    /// Index, filter, range tombstones and properties: what stays in memory while the table is
    /// open.
    uint64_t memory_bytes() const {
        return sizeof(*this) + reader_->memory_bytes() + filter_block_.bytes().size() +
               properties_.smallest.size() + properties_.largest.size() + ranges_.memory_bytes();
    }
    /// Why the filter is not used though the table has one; empty when all is well.
    const std::string& warning() const { return warning_; }

    /// Reads every block anew, past the cache, and checks checksums, order, the figures in the
    /// properties and that the filter knows every key. Error(corruption) tells the first thing
    /// wrong.
    void verify(FileSystem& files, const ReadContext& context) const {
        Verifier(*this, files, context).run();
    }

  private:
    using Reader = decltype(std::declval<const F&>().reader(std::declval<const BlockSource&>(),
                                                            BlockHandle{}));
    class Verifier;

    Table(FileSystem& files, const std::string& path, TableId id, BlockCache* cache,
          const F& format, const X& filter, const TablePolicyNames& names,
          const ReadContext& opening)
        : format_(format), filter_(filter), file_(files, path, id, cache, opening) {
        const BlockHandle handle = file_.footer().properties;
        const BlockPin block = file_.read(handle, BlockKind::meta, opening);
        properties_ = TableProperties::decode(block.bytes(), path, handle.offset);
        check_format(names);
        read_ranges(file_, opening);
        read_filter(names, opening);
        reader_ = format_.reader(file_, file_.footer().root);
        file_.opened();
    }

    void check_format(const TablePolicyNames& names) const {
        if (properties_.format != names.format) {
            throw Error(ErrorKind::config,
                        "the table was written with format " + properties_.format +
                            ", but format " + names.format + " is set",
                        {file_.name(), {}, {}, {}},
                        "set tree.format.policy to " + properties_.format);
        }
        const uint32_t known = format_version(format_);
        if (properties_.format_version > known) {
            throw Error(ErrorKind::version,
                        "the table has version " + std::to_string(properties_.format_version) +
                            " of format " + names.format + ", this program reads up to " +
                            std::to_string(known),
                        {file_.name(), {}, {}, {}}, "use a newer lsmlab");
        }
    }

    void read_ranges(const TableFile& file, const ReadContext& opening) {
        if (properties_.ranges_size == 0) return;
        const BlockHandle handle{properties_.ranges_offset, properties_.ranges_size};
        const BlockPin block = file.read(handle, BlockKind::meta, opening);
        ranges_ = RangeTombstones::decode(block.bytes(), file.name(), handle.offset);
        if (ranges_.count() != properties_.range_tombstones || ranges_.empty()) {
            throw Error(ErrorKind::corruption, "the table has other range tombstones than it says",
                        {file.name(), handle.offset, {}, {}});
        }
    }

    void read_filter(const TablePolicyNames& names, const ReadContext& opening) {
        if (file_.footer().filter.size == 0) return;
        if (properties_.filter != names.filter) {
            warning_ = "the table's filter was written by " + properties_.filter + ", but " +
                       names.filter + " is set: lookups go without it";
            return;
        }
        try {
            filter_block_ = file_.read(file_.footer().filter, BlockKind::filter, opening);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::corruption) throw;
            warning_ = std::string("the table's filter is damaged: lookups go without it: ") +
                       error.what();
        }
    }

    const F& format_;
    const X& filter_;
    TableFile file_;
    TableProperties properties_;
    RangeTombstones ranges_;
    BlockPin filter_block_;
    std::string warning_;
    Reader reader_;  // last: it refers to file_
};

/// One pass over a table's entries, compared with what the properties say.
template <Format F, Filter X>
class Table<F, X>::Verifier {
  public:
    Verifier(const Table& table, FileSystem& files, const ReadContext& context)
        : table_(table),
          file_(files, table.path(), table.id(), nullptr, context),
          context_(context) {}

    void run() {
        if (file_.footer().filter.size > 0) {
            file_.read(file_.footer().filter, BlockKind::filter, context_);
        }
        const Reader reader = table_.format_.reader(file_, file_.footer().root);
        const std::unique_ptr<Cursor> cursor = reader->cursor(context_);
        cursor->seek_first();
        EntryBatch batch;
        while (cursor->next(batch)) {
            for (const Entry& entry : batch) check(entry);
        }
        check_ranges();
        const TableProperties& said = table_.properties();
        expect(seen_.entries == said.entries, "it holds another number of entries than it says");
        expect(seen_.tombstones == said.tombstones, "it holds other tombstones than it says");
        expect(seen_.logical_bytes == said.logical_bytes,
               "its entries have other sizes than it says");
        expect(seen_.smallest == said.smallest && seen_.largest == said.largest,
               "its first or last key is not what it says");
    }

    /// Read anew, and counted as the builder counts them.
    void check_ranges() {
        const TableProperties& said = table_.properties();
        if (said.ranges_size == 0) return;
        const BlockHandle handle{said.ranges_offset, said.ranges_size};
        const RangeTombstones ranges = RangeTombstones::decode(
            file_.read(handle, BlockKind::meta, context_).bytes(), table_.path(), handle.offset);
        expect(ranges.count() == said.range_tombstones && !ranges.empty(),
               "it holds other range tombstones than it says");
        const bool alone = seen_.entries == 0;
        seen_.logical_bytes += ranges.logical_bytes();
        if (alone || ranges.first() < seen_.smallest) seen_.smallest = ranges.first();
        if (alone || ranges.last() > seen_.largest) seen_.largest = ranges.last();
    }

  private:
    void check(const Entry& entry) {
        if (seen_.entries == 0) {
            seen_.smallest = entry.key;
        } else {
            const Entry before = Entry::make(seen_.largest, {}, sequence_, Kind::value);
            expect(compare_entries(before, entry) < 0, "its entries are out of order");
        }
        ++seen_.entries;
        if (entry.kind == Kind::tombstone) ++seen_.tombstones;
        seen_.logical_bytes += logical_bytes(entry);
        seen_.largest = entry.key;
        sequence_ = entry.sequence;
        expect(table_.may_contain(hash_key(entry.key)), "its filter denies a key that it holds");
    }

    void expect(bool right, const char* wrong) const {
        if (!right) {
            throw Error(ErrorKind::corruption, std::string("the table is damaged: ") + wrong,
                        {table_.path(), {}, {}, {}});
        }
    }

    const Table& table_;
    TableFile file_;
    ReadContext context_;
    TableProperties seen_;
    Sequence sequence_ = 0;
};

}  // namespace lsm
