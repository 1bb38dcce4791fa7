#include "framework/tree/dump.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "framework/base/coding.hpp"
#include "framework/base/damage.hpp"
#include "framework/base/show_entry.hpp"
#include "framework/table/codec.hpp"
#include "framework/table/fence_index.hpp"
#include "framework/table/properties.hpp"
#include "framework/table/range_tombstones.hpp"
#include "framework/table/table_file.hpp"
#include "framework/tree/dump_records.hpp"
#include "framework/tree/folder.hpp"

namespace lsm {

namespace {

class TableDump {
  public:
    TableDump(FileSystem& files, const std::string& path, TableId id, const Registry& policies,
              const TakeLine& line)
        : files_(files), path_(path), id_(id), policies_(policies), line_(line) {}

    uint64_t run() {
        attempt([&] { file_.emplace(files_, path_, id_, nullptr, context_); });
        if (!file_) {
            show_raw_footer();
            return damage_;
        }
        // Told when the block's turn comes.
        tell_damage([&] { read_properties(); }, [](const Error&) {});
        attempt([&] { show_blocks(); });
        show_block("filter block", file_->footer().filter, BlockKind::filter,
                   [&](const BlockPin& block) {
                       line_(fmt::format("  {} bits", block.bytes().size() * 8));
                   });
        show_ranges();
        show_block("properties block", file_->footer().properties, BlockKind::meta,
                   [&](const BlockPin&) {
                       if (!properties_) read_properties();
                       show_properties();
                   });
        show_footer();
        return damage_;
    }

  private:
    template <class Step>
    void attempt(Step step) {
        tell_damage(step, [&](const Error& error) {
            damaged(fmt::format("at {}: {}", error.place().offset.value_or(0), error.message()));
        });
    }
    void damaged(const std::string& what) {
        ++damage_;
        line_("DAMAGED " + what);
    }

    void read_properties() {
        const BlockHandle handle = file_->footer().properties;
        const BlockPin block = file_->read(handle, BlockKind::meta, context_);
        properties_ = TableProperties::decode(block.bytes(), path_, handle.offset);
    }

    /// A line about the block, then what `show` has to say.
    template <class Show>
    void show_block(const std::string& what, BlockHandle handle, BlockKind kind, Show show) {
        if (handle.size == 0) return;
        attempt([&] {
            const BlockPin block = file_->read(handle, kind, context_);
            const uint64_t payload = handle.size - kBlockTrailerBytes;
            line_(fmt::format("at {}: {}, {} bytes stored{}", handle.offset, what, handle.size,
                              block.bytes().size() == payload
                                  ? ""
                                  : fmt::format(", {} decoded", block.bytes().size())));
            show(block);
        });
    }

    void show_blocks() {
        const auto* entry = properties_ ? policies_.format().find(properties_->format) : nullptr;
        if (entry == nullptr) {
            line_(properties_ ? "data blocks: this program does not know the format " +
                                    printable(properties_->format)
                              : "data blocks: which format they are in, the properties say");
            return;
        }
        std::vector<OptionProblem> none;
        const AnyFormat format(entry->make({}, none));
        const auto reader = format.reader(*file_, file_->footer().root);
        size_t number = 0;
        for (const BlockHandle& handle : reader->blocks()) {
            show_block(fmt::format("data block {}", number++), handle, BlockKind::data,
                       [&](const BlockPin& block) { show_data(format, handle, block); });
        }
        if (number == 0) show_entries(*reader);
        show_block("root block", file_->footer().root, BlockKind::index, [](const BlockPin&) {});
        show_fences();
    }

    void show_data(const AnyFormat& format, BlockHandle handle, const BlockPin& block) {
        std::vector<std::string> lines;
        bool knows = true;
        std::optional<Error> error;
        try {
            knows = format.show(block.bytes(), lines);
        } catch (const DamagedBlock& damage) {
            error.emplace(ErrorKind::corruption, damage.reason,
                          ErrorPlace{path_, handle.offset, {}, {}});
        }
        for (const std::string& one : lines) line_("  " + one);
        if (!knows) line_("  (the format does not say what lies in it)");
        if (error) throw *error;
    }

    void show_entries(const AnyFormat::Reader& reader) {
        const auto cursor = reader.cursor(context_);
        cursor->seek_first();
        for (EntryBatch batch; cursor->next(batch);) {
            for (const Entry& entry : batch) line_("  " + shown_entry(entry));
        }
    }

    /// Formats may have roots of their own; then there is nothing to show.
    void show_fences() {
        const BlockPin root = file_->read(file_->footer().root, BlockKind::index, context_);
        try {
            const FenceIndex fences(root.bytes());
            for (size_t i = 0; i < fences.size(); ++i) {
                line_(fmt::format("  block {} at {}, {} bytes: {} to {}", i,
                                  fences.handle(i).offset, fences.handle(i).size,
                                  shown_bytes(fences.first_key(i)),
                                  shown_bytes(fences.last_key(i))));
            }
        } catch (const DamagedBlock&) {
            line_("  (no fence index: the format has a root of its own)");
        }
    }

    void show_ranges() {
        if (!properties_ || properties_->ranges_size == 0) return;
        const BlockHandle handle{properties_->ranges_offset, properties_->ranges_size};
        show_block(
            "block of range tombstones", handle, BlockKind::meta, [&](const BlockPin& block) {
                const auto ranges = RangeTombstones::decode(block.bytes(), path_, handle.offset);
                for (const RangeFragment& one : ranges.fragments()) {
                    std::string sequences;
                    for (const Sequence sequence : one.sequences)
                        sequences += (sequences.empty() ? "" : ", ") + std::to_string(sequence);
                    line_(fmt::format("  {} to below {} @ {}", shown_bytes(one.first),
                                      shown_bytes(one.last), sequences));
                }
            });
    }

    void show_properties() {
        const TableProperties& said = *properties_;
        line_(fmt::format("  format {} version {}, filter {}, codec {}, block size {}",
                          printable(said.format), said.format_version, printable(said.filter),
                          printable(said.codec), said.block_size));
        line_(
            fmt::format("  {} entries of {} keys, {} tombstones, {} range tombstones, in {} data "
                        "blocks; {} logical bytes, {} filter bits",
                        said.entries, said.keys, said.tombstones, said.range_tombstones,
                        said.data_blocks, said.logical_bytes, said.filter_bits));
        line_(fmt::format("  keys {} to {}{}, sequence {} to {}", shown_bytes(said.smallest),
                          said.largest_open != 0 ? "below " : "", shown_bytes(said.largest),
                          said.oldest_sequence, said.newest_sequence));
        line_(
            fmt::format("  created at tick {}, newest write {}, oldest tombstone {}, expired from "
                        "{}",
                        said.created_tick, said.newest_write_tick, said.oldest_tombstone_tick,
                        said.expires_tick));
    }

    void show_footer() {
        const Footer& footer = file_->footer();
        line_(
            fmt::format("at {}: footer, {} bytes", file_->size() - Footer::kBytes, Footer::kBytes));
        const auto handle = [](BlockHandle one) {
            return one.size == 0 ? std::string("none")
                                 : fmt::format("{} bytes at {}", one.size, one.offset);
        };
        line_(fmt::format("  table {}; root: {}; filter: {}; properties: {}", footer.table,
                          handle(footer.root), handle(footer.filter), handle(footer.properties)));
    }

    /// What a damaged footer's fields say, as far as they are there.
    void show_raw_footer() {
        const auto file = files_.open(path_);
        std::string bytes(std::min(file->size(), Footer::kBytes), '\0');
        file->read(file->size() - bytes.size(), bytes.size(), bytes.data(), {});
        line_("  the last bytes: " + shown_bytes(bytes, Footer::kBytes));
        if (bytes.size() < Footer::kBytes) return;
        const auto number = [&](size_t at) { return get_fixed64(bytes.data() + at); };
        line_(
            fmt::format("  read as a footer: root: {} bytes at {}; filter: {} bytes at {}; "
                        "properties: {} bytes at {}; table {}, layout version {}",
                        number(8), number(0), number(24), number(16), number(40), number(32),
                        number(48), get_fixed32(bytes.data() + 56)));
    }

    FileSystem& files_;
    const std::string path_;
    const TableId id_;
    const Registry& policies_;
    const TakeLine& line_;
    const ReadContext context_{Cause::backup, 0, false, nullptr};
    std::optional<TableFile> file_;
    std::optional<TableProperties> properties_;
    uint64_t damage_ = 0;
};

uint64_t dump_current(FileSystem& files, const std::string& path, const TakeLine& line) {
    const std::string text = read_text_file(files, path);
    const size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
    line(fmt::format("at 0: {}: the name of the manifest in force", shown_bytes(text)));
    if (text.empty() || text.back() != '\n' || !is_tree_file(text.substr(0, text.size() - 1)) ||
        !text.starts_with("MANIFEST-")) {
        line("DAMAGED at 0: does not name a manifest");
        return 1;
    }
    const std::string name = text.substr(0, text.size() - 1);
    if (files.exists(folder + "/" + name)) return 0;
    line("DAMAGED at 0: there is no " + name + " beside it");
    return 1;
}

}  // namespace

uint64_t dump_file(FileSystem& files, const std::string& path, const Registry& policies,
                   const TakeLine& line) {
    const std::string name = path.substr(path.rfind('/') + 1);  // npos + 1: all of it
    if (!is_tree_file(name)) {
        throw Error(ErrorKind::usage, "no file of a tree has such a name", {path, {}, {}, {}},
                    "name CURRENT, MANIFEST-<n>, <n>.log or <n>.table; checksums are bound to the "
                    "number");
    }
    if (!files.exists(path)) {
        throw Error(ErrorKind::io, "there is no such file", {path, {}, {}, {}});
    }
    line(fmt::format("{}: {} bytes", path, files.file_size(path)));
    if (name == "CURRENT") return dump_current(files, path, line);
    if (name.starts_with("MANIFEST-"))
        return dump_manifest(files, path, std::stoull(name.substr(9)), line);
    const uint64_t number = std::stoull(name);
    if (name.ends_with(".log")) return dump_log(files, path, number, line);
    return TableDump(files, path, number, policies, line).run();
}

}  // namespace lsm
