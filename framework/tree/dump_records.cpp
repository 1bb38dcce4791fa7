#include "framework/tree/dump_records.hpp"

#include <fmt/format.h>

#include "framework/base/coding.hpp"
#include "framework/base/damage.hpp"
#include "framework/base/show_entry.hpp"
#include "framework/log/manifest_codec.hpp"
#include "framework/log/record.hpp"
#include "framework/log/write_ahead_log.hpp"

namespace lsm {

namespace {

/// Shows the payload of a record that is whole.
using ShowPayload = std::function<void(std::string_view payload, uint64_t offset)>;

class RecordDump {
  public:
    RecordDump(FileSystem& files, const std::string& path, uint64_t number, const TakeLine& line)
        : path_(path), line_(line) {
        const auto file = files.open(path);
        bytes_.resize(file->size());
        if (!bytes_.empty()) {
            file->read(0, bytes_.size(), bytes_.data(), {Cause::recovery, BlockKind::record, 0});
        }
        reader_.emplace(bytes_, path, number);
    }

    uint64_t run(const ShowPayload& show) {
        uint64_t offset = 0;
        while (offset < bytes_.size()) {
            uint64_t synced = 0;
            const auto payload = reader_->record_at(offset, synced);
            if (!payload) {
                const uint64_t next = next_record(offset);
                show_gap(offset, next);
                offset = next;
                continue;
            }
            line_(
                fmt::format("at {}: record of {} + {} bytes, checksum {:08x}, {} bytes synced "
                            "before it",
                            offset, kRecordHeaderBytes, payload->size(),
                            get_fixed32(bytes_.data() + offset), synced));
            tell_damage([&] { show(*payload, offset); },
                        [&](const Error& error) {
                            damaged(fmt::format("at {}: {}", offset, error.message()));
                        });
            offset += kRecordHeaderBytes + payload->size();
        }
        line_(fmt::format("at {}: end of the file", offset));
        return damage_;
    }

  private:
    void damaged(const std::string& what) {
        ++damage_;
        line_("DAMAGED " + what);
    }

    /// Where the next whole record begins, the file's end when there is none.
    uint64_t next_record(uint64_t offset) {
        for (uint64_t at = offset + 1; at + kRecordHeaderBytes < bytes_.size(); ++at) {
            uint64_t synced = 0;
            // Cheap first: hardly any bytes but a record's claim to know what was synced.
            if (get_fixed64(bytes_.data() + at + 8) > at) continue;
            if (reader_->record_at(at, synced)) {
                synced_behind_ = synced;
                return at;
            }
        }
        return bytes_.size();
    }

    void show_gap(uint64_t begin, uint64_t end) {
        const std::string_view gap = std::string_view(bytes_).substr(begin, end - begin);
        if (end == bytes_.size()) {
            if (gap.find_first_not_of('\0') == std::string_view::npos) {
                return line_(fmt::format("at {}: {} zeros: reserved space", begin, gap.size()));
            }
            line_(
                fmt::format("at {}: torn: {} bytes, and no whole record behind them; a record "
                            "that a crash cut short, or damage to the last ones",
                            begin, gap.size()));
        } else {
            damaged(fmt::format(
                "at {}: {} bytes in which no whole record begins{}", begin, gap.size(),
                synced_behind_ > begin ? "; the next one says that they had been synced" : ""));
        }
        show_head(begin, gap);
    }

    /// What a damaged header says, as far as it is there.
    void show_head(uint64_t begin, std::string_view gap) {
        if (gap.size() >= kRecordHeaderBytes) {
            line_(fmt::format("  read as a header: checksum {:08x}, length {}, synced before {}",
                              get_fixed32(gap.data()), get_fixed32(gap.data() + 4),
                              get_fixed64(gap.data() + 8)));
        }
        constexpr size_t kShown = 64;
        line_(fmt::format("  bytes from {}: {}", begin, shown_bytes(gap, kShown)));
    }

    const std::string path_;
    const TakeLine& line_;
    std::string bytes_;
    std::optional<RecordReader> reader_;
    uint64_t synced_behind_ = 0;
    uint64_t damage_ = 0;
};

std::string shown_table(const TableShape& table) {
    std::string words =
        fmt::format("table {}: {} to {}{}, {} entries", table.id, shown_bytes(table.smallest),
                    table.largest_open ? "below " : "", shown_bytes(table.largest), table.entries);
    if (table.tombstones > 0) words += fmt::format(" ({} tombstones)", table.tombstones);
    if (table.range_tombstones > 0)
        words += fmt::format(", {} range tombstones", table.range_tombstones);
    words += fmt::format(", {} logical and {} stored bytes, {} filter bits, sequence {} to {}",
                         table.logical_bytes, table.stored_bytes, table.filter_bits,
                         table.oldest_sequence, table.newest_sequence);
    words += fmt::format(", created at tick {}", table.created_tick);
    if (table.expires_tick > 0) words += fmt::format(", expired from tick {}", table.expires_tick);
    return words;
}

/// What a state and an edit both begin with.
template <class Counters>
std::string shown_counters(const Counters& now, uint64_t tick) {
    std::string words = fmt::format(
        "next file {}, next run {}, last sequence in tables {}, tick {}, logs from {} on",
        now.next_file, now.next_run, now.last_sequence, tick, now.first_log);
    if (now.named_log > 0) words += fmt::format(", log {} is there", now.named_log);
    if (now.sealed_length > 0) {
        words += fmt::format("; closed: log {} was sealed with {} bytes", now.sealed_log,
                             now.sealed_length);
    }
    return words;
}

void show_state(const TreeState& state, uint32_t version, const TakeLine& line) {
    line(fmt::format("  the whole state, version {}: {}", version,
                     shown_counters(state, state.shape.tick)));
    for (size_t i = 0; i < state.shape.levels.size(); ++i) {
        const LevelShape& level = state.shape.levels[i];
        line(fmt::format("  level {}{}", i + 1,
                         level.cursor.empty() ? "" : ", cursor at " + shown_bytes(level.cursor)));
        for (const RunShape& run : level.runs) {
            line(fmt::format("    run {}{}", run.id, run.overtakes ? ", overtakes" : ""));
            for (const TableShape& table : run.tables) line("      " + shown_table(table));
        }
    }
}

void show_edit(const ManifestRecord& record, const TakeLine& line) {
    line("  an edit: " + shown_counters(record, record.tick));
    for (const TableId id : record.edit.removed) line(fmt::format("    - table {}", id));
    for (const TreeEdit::Added& added : record.edit.added) {
        line(fmt::format("    + level {}, run {}{}: {}", added.level, added.run,
                         added.overtakes ? " (overtakes)" : "", shown_table(added.table)));
    }
    if (record.edit.cursor) {
        line(fmt::format("    cursor of level {} to {}", record.edit.cursor->level,
                         shown_bytes(record.edit.cursor->key)));
    }
}

void show_header(const LogHeader& header, const TakeLine& line) {
    line(fmt::format("  the header, version {}", header.version));
    const LogEnd& before = header.previous;
    line(before.number == 0 ? "    the first log, or the one before it does not matter"
                            : fmt::format("    behind log {} of {} bytes{}", before.number,
                                          before.length, before.synced ? ", all synced" : ""));
}

}  // namespace

uint64_t dump_log(FileSystem& files, const std::string& path, uint64_t number,
                  const TakeLine& line) {
    RecordDump dump(files, path, number, line);
    return dump.run([&](std::string_view payload, uint64_t offset) {
        if (offset == 0) return show_header(decode_log_header(payload, path), line);
        std::vector<std::string> operations;
        const auto take = [&](const Entry& entry) { operations.push_back(shown_entry(entry)); };
        try {
            decode_log_batch(payload, path, offset, take);
        } catch (const Error&) {
            for (const std::string& one : operations) line("    " + one);
            throw;
        }
        line(fmt::format("  a batch of {}", operations.size()));
        for (const std::string& one : operations) line("    " + one);
    });
}

uint64_t dump_manifest(FileSystem& files, const std::string& path, uint64_t number,
                       const TakeLine& line) {
    RecordDump dump(files, path, number, line);
    uint32_t version = kManifestVersion;  // when the first record, which says it, is damaged
    return dump.run([&](std::string_view payload, uint64_t offset) {
        if (offset == 0) {
            const TreeState state = decode_state(payload, path);
            version = manifest_version(payload);
            return show_state(state, version, line);
        }
        show_edit(decode_record(payload, path, offset, version), line);
    });
}

}  // namespace lsm
