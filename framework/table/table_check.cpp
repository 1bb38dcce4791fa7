#include "framework/table/table_check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "framework/base/damage.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/printable.hpp"
#include "framework/table/range_tombstones.hpp"
#include "framework/table/table_file.hpp"

namespace lsm {

namespace {

/// Hands blocks on, keeps in mind which, and keeps the last few.
class NotedSource final : public BlockSource {
  public:
    explicit NotedSource(const TableFile& file) : file_(file) {}

    BlockPin read(BlockHandle handle, BlockKind kind, const ReadContext& context) const override {
        for (const auto& [offset, block] : kept_) {
            if (block && offset == handle.offset && sizes_[offset] == handle.size) return block;
        }
        sizes_[handle.offset] = handle.size;  // also of a damaged one, which is no hole
        BlockPin block = file_.read(handle, kind, context);
        kept_[next_++ % kept_.size()] = {handle.offset, block};
        return block;
    }
    const std::string& name() const override { return file_.name(); }

    const std::map<uint64_t, uint64_t>& sizes() const { return sizes_; }

  private:
    const TableFile& file_;
    mutable std::map<uint64_t, uint64_t> sizes_;  // by offset; read() is of one thread here
    mutable std::array<std::pair<uint64_t, BlockPin>, 4> kept_;
    mutable size_t next_ = 0;
};

class Checker {
  public:
    Checker(FileSystem& files, const std::string& path, TableId id, const Registry& policies,
            const ReadContext& context, const TakeDamage& damage)
        : policies_(policies),
          context_(context),
          damage_(damage),
          file_(files, path, id, nullptr, context),
          source_(file_) {
        check_.stored_bytes = file_.size();
    }

    TableCheck run() {
        attempt([&] { read_properties(); });
        check_.only_filter = check_.sound;
        attempt([&] { read_filter(); });
        check_.only_filter = check_.only_filter && !check_.sound;
        if (!check_.properties) return check_;
        attempt([&] { read_ranges(); });
        const auto* format = policies_.format().find(check_.properties->format);
        check_.format_known = format != nullptr;
        if (format == nullptr) return check_;
        std::vector<OptionProblem> none;
        const AnyFormat reading(format->make({}, none));
        check_version(reading);
        attempt([&] { check_blocks(reading); });
        return check_;
    }

  private:
    /// A step whose damage does not keep the next ones from being taken.
    template <class Step>
    void attempt(Step step) {
        tell_damage(step, [&](const Error& error) { report(error); });
    }
    void report(const Error& error) {
        check_.sound = false;
        damage_(error);
    }
    void expect(bool right, const std::string& wrong, std::optional<uint64_t> offset = {}) {
        if (right) return;
        report(Error(ErrorKind::corruption, wrong,
                     {file_.name(), offset.value_or(file_.footer().properties.offset), {}, {}}));
    }

    void read_properties() {
        const BlockHandle handle = file_.footer().properties;
        const BlockPin block = source_.read(handle, BlockKind::meta, context_);
        check_.properties = TableProperties::decode(block.bytes(), file_.name(), handle.offset);
    }

    void read_filter() {
        if (file_.footer().filter.size == 0) return;
        filter_block_ = source_.read(file_.footer().filter, BlockKind::filter, context_);
        if (!check_.properties) return;
        const auto* filter = policies_.filter().find(check_.properties->filter);
        if (filter == nullptr) return;
        std::vector<OptionProblem> none;
        filter_.emplace(filter->make({}, none));
        check_.filter_checked = true;
    }

    void read_ranges() {
        const TableProperties& said = *check_.properties;
        if (said.ranges_size == 0) {
            return expect(said.range_tombstones == 0, "its range tombstones are not there");
        }
        const BlockHandle handle{said.ranges_offset, said.ranges_size};
        const BlockPin block = source_.read(handle, BlockKind::meta, context_);
        ranges_ = RangeTombstones::decode(block.bytes(), file_.name(), handle.offset);
        expect(ranges_.count() == said.range_tombstones && !ranges_.empty(),
               "it holds other range tombstones than it says", handle.offset);
    }

    void check_version(const AnyFormat& format) const {
        const uint64_t version = check_.properties->format_version;
        if (version <= format.version_number()) return;
        throw Error(ErrorKind::version,
                    "the table has version " + std::to_string(version) + " of format " +
                        check_.properties->format + ", this program reads up to " +
                        std::to_string(format.version_number()),
                    {file_.name(), file_.footer().properties.offset, {}, {}}, "use a newer lsmlab");
    }

    void check_blocks(const AnyFormat& format) {
        const auto reader = format.reader(source_, file_.footer().root);
        const std::vector<BlockHandle> handles = reader->blocks();
        bool whole = true;
        for (const BlockHandle& handle : handles) {
            const bool sound_before = std::exchange(check_.sound, true);
            attempt([&] { source_.read(handle, BlockKind::data, context_); });
            whole = whole && check_.sound;
            check_.blocks += check_.sound ? 1 : 0;
            check_.sound = check_.sound && sound_before;
        }
        if (!whole) return;
        walk(*reader);
        if (handles.empty()) check_.blocks = check_.properties->data_blocks;
        check_holes();
    }

    void walk(const AnyFormat::Reader& reader) {
        const auto cursor = reader.cursor(context_);
        cursor->seek_first();
        for (EntryBatch batch; cursor->next(batch);) {
            for (const Entry& entry : batch) check_entry(reader, entry);
        }
        check_.entries = seen_.entries;
        take_ranges();
        const TableProperties& said = *check_.properties;
        expect(seen_.entries == said.entries, "it holds another number of entries than it says");
        expect(seen_.tombstones == said.tombstones, "it holds other tombstones than it says");
        expect(seen_.keys == said.keys, "it holds another number of keys than it says");
        expect(seen_.logical_bytes == said.logical_bytes,
               "its entries have other sizes than it says");
        expect(seen_.smallest == said.smallest && seen_.largest == said.largest &&
                   seen_.largest_open == said.largest_open,
               "its first or last key is not what it says");
        expect(seen_.oldest_sequence == said.oldest_sequence &&
                   seen_.newest_sequence == said.newest_sequence,
               "its sequence numbers are not what it says");
        expect(filter_block_.bytes().size() * 8 == said.filter_bits || check_.only_filter,
               "its filter has another size than it says");
    }

    void check_entry(const AnyFormat::Reader& reader, const Entry& entry) {
        const bool first = seen_.entries == 0;
        if (first) {
            seen_.smallest = entry.key;
            seen_.oldest_sequence = entry.sequence;
        } else {
            const Entry before = Entry::make(seen_.largest, {}, sequence_, Kind::value);
            if (compare_entries(before, entry) >= 0) {
                throw Error(ErrorKind::corruption,
                            "its entries are out of order at key " + printable(entry.key),
                            {file_.name(), last_block(), {}, {}});
            }
        }
        PinnedEntry found;
        if (!reader.find(entry.key, entry.sequence, context_, found) ||
            found.entry.sequence != entry.sequence || found.entry.kind != entry.kind ||
            found.entry.value != entry.value) {
            throw Error(ErrorKind::corruption, "a lookup does not find key " + printable(entry.key),
                        {file_.name(), last_block(), {}, {}});
        }
        if (first || entry.key != seen_.largest) {
            ++seen_.keys;
            if (filter_ && !filter_->may_contain(filter_block_.bytes(), hash_key(entry.key))) {
                throw Error(ErrorKind::corruption,
                            "its filter denies key " + printable(entry.key) + ", which it holds",
                            {file_.name(), file_.footer().filter.offset, {}, {}});
            }
        }
        ++seen_.entries;
        if (entry.kind == Kind::tombstone) ++seen_.tombstones;
        seen_.logical_bytes += logical_bytes(entry);
        seen_.largest = entry.key;
        seen_.oldest_sequence = std::min(seen_.oldest_sequence, entry.sequence);
        seen_.newest_sequence = std::max(seen_.newest_sequence, entry.sequence);
        sequence_ = entry.sequence;
    }

    /// Counted as the builder counts them.
    void take_ranges() {
        if (ranges_.empty()) return;
        const bool alone = seen_.entries == 0;
        seen_.logical_bytes += ranges_.logical_bytes();
        if (alone || ranges_.first() < seen_.smallest) seen_.smallest = ranges_.first();
        if (alone || ranges_.last() > seen_.largest) {
            seen_.largest = ranges_.last();
            seen_.largest_open = 1;
        }
        if (alone) seen_.oldest_sequence = kMaxSequence;
        for (const RangeFragment& fragment : ranges_.fragments()) {
            seen_.oldest_sequence = std::min(seen_.oldest_sequence, fragment.sequences.back());
            seen_.newest_sequence = std::max(seen_.newest_sequence, fragment.sequences.front());
        }
    }

    /// Of the entries that are being looked at; blocks come in their order.
    uint64_t last_block() const {
        uint64_t last = 0;
        for (const auto& [offset, size] : source_.sizes()) {
            if (offset < file_.footer().root.offset) last = offset;
        }
        return last;
    }

    void check_holes() {
        uint64_t end = 0;
        for (const auto& [offset, size] : source_.sizes()) {
            check_hole(end, offset);
            end = offset + size;
        }
        check_hole(end, file_.size() - Footer::kBytes);
    }

    /// What lies between two blocks.
    void check_hole(uint64_t begin, uint64_t end) {
        if (begin == end) return;
        if (begin > end) return expect(false, "two blocks of the table overlap", end);
        attempt([&] { file_.read({begin, end - begin}, BlockKind::data, context_); });
    }

    const Registry& policies_;
    const ReadContext context_;
    const TakeDamage& damage_;
    TableFile file_;
    NotedSource source_;
    TableCheck check_;
    BlockPin filter_block_;
    std::optional<AnyFilter> filter_;
    RangeTombstones ranges_;
    TableProperties seen_;
    Sequence sequence_ = 0;
};

}  // namespace

TableCheck check_table(FileSystem& files, const std::string& path, TableId id,
                       const Registry& policies, const ReadContext& context,
                       const TakeDamage& damage) {
    std::optional<Checker> checker;
    try {
        checker.emplace(files, path, id, policies, context, damage);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::corruption) throw;
        damage(error);
        TableCheck check;
        check.stored_bytes = files.file_size(path);
        check.sound = false;
        return check;
    }
    return checker->run();
}

}  // namespace lsm
