#include "framework/log/write_ahead_log.hpp"

#include <algorithm>

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"
#include "framework/log/record.hpp"

namespace lsm {

namespace {

constexpr IoTag kLogTag{Cause::log, BlockKind::record, 0};
constexpr IoTag kRecoveryTag{Cause::recovery, BlockKind::record, 0};
constexpr uint64_t kHeaderBytes = 21;  // version, previous number and length, synced

Error damaged(const std::string& path, uint64_t offset, const std::string& what) {
    return Error(ErrorKind::corruption, "a log record with a right checksum but " + what,
                 {path, offset, {}, {}});
}

std::string read_up_to(FileSystem& files, const std::string& path, uint64_t end) {
    const auto file = files.open(path);
    std::string bytes(std::min(end, file->size()), '\0');
    if (!bytes.empty()) file->read(0, bytes.size(), bytes.data(), kRecoveryTag);
    return bytes;
}

}  // namespace

std::string encode_log_batch(Sequence first, std::span<const Entry> entries) {
    std::string payload;
    put_varint(payload, first);
    put_varint(payload, entries.size());
    for (const Entry& entry : entries) {
        payload.push_back(static_cast<char>(entry.kind));
        put_bytes(payload, entry.key);
        if (entry.kind != Kind::tombstone) put_bytes(payload, entry.value);
    }
    return payload;
}

uint64_t decode_log_batch(std::string_view payload, const std::string& path, uint64_t offset,
                          const std::function<void(const Entry&)>& take) {
    Decoder decoder(payload);
    const Sequence first = decoder.varint();
    const uint64_t count = decoder.varint();
    if (decoder.failed() || count == 0) throw damaged(path, offset, "no batch in it");
    for (uint64_t i = 0; i < count; ++i) {
        const uint8_t kind = decoder.byte();
        const std::string_view key = decoder.bytes();
        const std::string_view value =
            kind == static_cast<uint8_t>(Kind::tombstone) ? std::string_view() : decoder.bytes();
        if (decoder.failed() || kind >= kKindCount) throw damaged(path, offset, "no batch in it");
        const Entry entry = Entry::make(key, value, first + i, static_cast<Kind>(kind));
        if ((entry.kind == Kind::range_tombstone && key >= value) ||
            (entry.kind == Kind::expiring && value.size() < kExpiryBytes))
            throw damaged(path, offset, "an operation that can not be");
        take(entry);
    }
    if (!decoder.at_end()) throw damaged(path, offset, "bytes behind its batch");
    return count;
}

LogHeader decode_log_header(std::string_view payload, const std::string& path) {
    Decoder decoder(payload);
    LogHeader header;
    header.version = decoder.fixed32();
    if (!decoder.failed() && header.version > kLogVersion) {
        throw Error(ErrorKind::version,
                    "log format version " + std::to_string(header.version) +
                        " is newer than this program's " + std::to_string(kLogVersion),
                    {path, 0, {}, {}}, "open it with a newer lsmlab");
    }
    header.previous.number = decoder.fixed64();
    header.previous.length = decoder.fixed64();
    header.previous.synced = decoder.byte() != 0;
    if (decoder.failed()) throw damaged(path, 0, "no log header in it");
    return header;
}

LogWriter::LogWriter(FileSystem& files, const std::string& path, uint64_t number,
                     const LogEnd& previous, uint64_t reserve)
    : file_(files.create_log(path, reserve)), number_(number) {
    std::string header;
    put_fixed32(header, kLogVersion);
    put_fixed64(header, previous.number);
    put_fixed64(header, previous.length);
    header.push_back(previous.synced ? 1 : 0);
    append(header);
}

void LogWriter::append(std::string_view payload) {
    file_->append(frame_record(payload, number_, file_->size(), synced_), kLogTag);
}

void LogWriter::sync() {
    const uint64_t covered = file_->size();
    file_->sync();
    synced_ = covered;
}

void LogWriter::close() { file_->close(); }

LogReplay read_log_header(FileSystem& files, const std::string& path, uint64_t number) {
    LogReplay replay;
    const std::string bytes = read_up_to(files, path, kRecordHeaderBytes + kHeaderBytes);
    RecordReader reader(bytes, path, number);
    if (const auto header = reader.next()) {
        replay.previous = decode_log_header(*header, path).previous;
        replay.has_header = true;
    }
    return replay;
}

LogReplay replay_log(FileSystem& files, const std::string& path, uint64_t number,
                     LogRecovery& recovery, const std::function<void(const Entry&)>& take,
                     uint64_t end) {
    LogReplay replay;
    const std::string bytes = read_up_to(files, path, end);
    RecordReader reader(bytes, path, number);
    if (const auto header = reader.next()) {
        replay.previous = decode_log_header(*header, path).previous;
        replay.has_header = true;
        for (uint64_t offset = reader.offset(); const auto payload = reader.next();
             offset = reader.offset()) {
            recovery.entries += decode_log_batch(*payload, path, offset, take);
            recovery.batches += 1;
        }
    }
    replay.length = reader.offset();
    replay.whole = replay.has_header && !reader.torn();
    if (reader.torn()) {
        recovery.notes.push_back(path + ": a record that a crash cut short begins at byte " +
                                 std::to_string(reader.offset()) +
                                 "; what follows was never whole and is left out");
    }
    return replay;
}

}  // namespace lsm
