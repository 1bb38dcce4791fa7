#include "framework/log/manifest_codec.hpp"

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"

namespace lsm {

namespace {

constexpr int kMaxLevels = 1000;

void put_table(std::string& out, const TableShape& table) {
    put_varint(out, table.id);
    put_bytes(out, table.smallest);
    put_bytes(out, table.largest);
    for (const uint64_t number :
         {table.entries, table.tombstones, table.logical_bytes, table.stored_bytes,
          table.filter_bits, table.oldest_sequence, table.newest_sequence, table.created_tick,
          table.oldest_tombstone_tick, table.newest_write_tick, table.reads}) {
        put_varint(out, number);
    }
    // Since version 2. One byte for the many tables that have neither.
    const bool more = table.range_tombstones > 0 || table.expires_tick > 0 || table.largest_open;
    out.push_back(more ? 1 : 0);
    if (!more) return;
    put_varint(out, table.range_tombstones);
    put_varint(out, table.expires_tick);
    out.push_back(table.largest_open ? 1 : 0);
}

TableShape get_table(Decoder& in, uint32_t version) {
    TableShape table;
    table.id = in.varint();
    table.smallest = in.bytes();
    table.largest = in.bytes();
    for (uint64_t* number :
         {&table.entries, &table.tombstones, &table.logical_bytes, &table.stored_bytes,
          &table.filter_bits, &table.oldest_sequence, &table.newest_sequence, &table.created_tick,
          &table.oldest_tombstone_tick, &table.newest_write_tick, &table.reads}) {
        *number = in.varint();
    }
    if (version < 2 || in.byte() == 0) return table;
    table.range_tombstones = in.varint();
    table.expires_tick = in.varint();
    table.largest_open = in.byte() != 0;
    return table;
}

[[noreturn]] void damaged(const std::string& path, uint64_t offset) {
    throw Error(ErrorKind::corruption,
                "a manifest record with a right checksum that does not decode",
                {path, offset, {}, {}});
}

/// A count of things that take at least one byte each: never more than the bytes that are left.
uint64_t get_count(Decoder& in, const std::string& path, uint64_t offset) {
    const uint64_t count = in.varint();
    if (count > in.remaining()) damaged(path, offset);
    return count;
}

int get_level(Decoder& in, const std::string& path, uint64_t offset) {
    const uint64_t level = in.varint();
    if (level < 1 || level > kMaxLevels) damaged(path, offset);
    return static_cast<int>(level);
}

/// What a right checksum does not say: that the numbers are of a tree that can be.
template <class Counters>
bool can_be(const Counters& now) {
    return now.next_file <= kMaxFileNumber && now.last_sequence <= kMaxSequence;
}

bool can_be_table(const TableShape& table) {
    return table.smallest.size() <= kMaxKeyBytes && table.largest.size() <= kMaxKeyBytes &&
           table.newest_sequence <= kMaxSequence && table.id < kMaxFileNumber;
}

}  // namespace

std::string encode_state(const TreeState& state) {
    std::string out;
    put_fixed32(out, kManifestVersion);
    for (const uint64_t number :
         {state.next_file, state.next_run, state.last_sequence, state.first_log, state.sealed_log,
          state.sealed_length, state.shape.tick, state.shape.edit, state.named_log}) {
        put_varint(out, number);
    }
    put_varint(out, state.shape.levels.size());
    for (const LevelShape& level : state.shape.levels) {
        put_bytes(out, level.cursor);
        put_varint(out, level.runs.size());
        for (const RunShape& run : level.runs) {
            put_varint(out, run.id);
            out.push_back(run.overtakes ? 1 : 0);
            put_varint(out, run.tables.size());
            for (const TableShape& table : run.tables) put_table(out, table);
        }
    }
    return out;
}

TreeState decode_state(std::string_view payload, const std::string& path) {
    Decoder in(payload);
    const uint32_t version = in.fixed32();
    if (!in.failed() && version > kManifestVersion) {
        throw Error(ErrorKind::version,
                    "manifest format version " + std::to_string(version) +
                        " is newer than this program's " + std::to_string(kManifestVersion),
                    {path, 0, {}, {}}, "open it with a newer lsmlab");
    }
    TreeState state;
    for (uint64_t* number :
         {&state.next_file, &state.next_run, &state.last_sequence, &state.first_log,
          &state.sealed_log, &state.sealed_length, &state.shape.tick, &state.shape.edit}) {
        *number = in.varint();
    }
    if (version >= 3) state.named_log = in.varint();
    state.shape.levels.resize(get_count(in, path, 0));
    for (LevelShape& level : state.shape.levels) {
        level.cursor = in.bytes();
        level.runs.resize(get_count(in, path, 0));
        for (RunShape& run : level.runs) {
            run.id = in.varint();
            run.overtakes = in.byte() != 0;
            const uint64_t tables = get_count(in, path, 0);
            for (uint64_t i = 0; i < tables; ++i) {
                run.tables.push_back(get_table(in, version));
                if (!can_be_table(run.tables.back())) damaged(path, 0);
            }
        }
    }
    if (in.failed() || !in.at_end() || !can_be(state)) damaged(path, 0);
    return state;
}

std::string encode_record(const ManifestRecord& record) {
    std::string out;
    for (const uint64_t number :
         {record.next_file, record.next_run, record.last_sequence, record.first_log,
          record.sealed_log, record.sealed_length, record.tick, record.named_log}) {
        put_varint(out, number);
    }
    put_varint(out, record.edit.removed.size());
    for (const TableId id : record.edit.removed) put_varint(out, id);
    put_varint(out, record.edit.added.size());
    for (const TreeEdit::Added& added : record.edit.added) {
        put_varint(out, static_cast<uint64_t>(added.level));
        put_varint(out, added.run);
        out.push_back(added.overtakes ? 1 : 0);
        put_table(out, added.table);
    }
    out.push_back(record.edit.cursor ? 1 : 0);
    if (record.edit.cursor) {
        put_varint(out, static_cast<uint64_t>(record.edit.cursor->level));
        put_bytes(out, record.edit.cursor->key);
    }
    return out;
}

uint32_t manifest_version(std::string_view first_payload) {
    return Decoder(first_payload).fixed32();
}

ManifestRecord decode_record(std::string_view payload, const std::string& path, uint64_t offset,
                             uint32_t version) {
    Decoder in(payload);
    ManifestRecord record;
    for (uint64_t* number :
         {&record.next_file, &record.next_run, &record.last_sequence, &record.first_log,
          &record.sealed_log, &record.sealed_length, &record.tick}) {
        *number = in.varint();
    }
    if (version >= 3) record.named_log = in.varint();
    const uint64_t removed = get_count(in, path, offset);
    for (uint64_t i = 0; i < removed; ++i) record.edit.removed.push_back(in.varint());
    const uint64_t added = get_count(in, path, offset);
    for (uint64_t i = 0; i < added; ++i) {
        TreeEdit::Added one;
        one.level = get_level(in, path, offset);
        one.run = in.varint();
        one.overtakes = in.byte() != 0;
        one.table = get_table(in, version);
        if (!can_be_table(one.table)) damaged(path, offset);
        record.edit.added.push_back(std::move(one));
    }
    if (in.byte() != 0) {
        record.edit.cursor = TreeEdit::Cursor{get_level(in, path, offset), std::string(in.bytes())};
    }
    if (in.failed() || !in.at_end() || !can_be(record)) damaged(path, offset);
    return record;
}

}  // namespace lsm
