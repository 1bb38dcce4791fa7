#include "framework/log/record.hpp"
#include "framework/base/bug_museum.hpp"

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"

namespace lsm {

namespace {

constexpr uint64_t kBytesLookedAt = 16;  // for each byte of a file that is damaged or torn

uint64_t record_seed(uint64_t file_number, uint64_t offset) {
    return mix64(file_number + 1) ^ offset;
}

}  // namespace

std::string frame_record(std::string_view payload, uint64_t file_number, uint64_t offset,
                         uint64_t synced_before) {
    if (payload.size() > UINT32_MAX) {
        throw Error(ErrorKind::usage, "a record of " + std::to_string(payload.size()) +
                                          " bytes is above the limit of 4 GiB");
    }
    std::string record;
    record.reserve(kRecordHeaderBytes + payload.size());
    put_fixed32(record, 0);
    put_fixed32(record, static_cast<uint32_t>(payload.size()));
    put_fixed64(record, synced_before);
    record.append(payload);
    const uint32_t checksum =
        checksum32(std::string_view(record).substr(4), record_seed(file_number, offset));
    std::string head;
    put_fixed32(head, checksum);
    record.replace(0, 4, head);
    return record;
}

std::optional<std::string_view> RecordReader::record_at(uint64_t offset,
                                                        uint64_t& synced_before) const {
    if (bytes_.size() - offset < kRecordHeaderBytes) return std::nullopt;
    const char* at = bytes_.data() + offset;
    const uint64_t length = get_fixed32(at + 4);
    if (length == 0 || length > bytes_.size() - offset - kRecordHeaderBytes) return std::nullopt;
    const std::string_view checked(at + 4, kRecordHeaderBytes - 4 + length);
    if (checksum32(checked, record_seed(file_number_, offset)) != get_fixed32(at))
        return std::nullopt;
    synced_before = get_fixed64(at + 8);
    return std::string_view(at + kRecordHeaderBytes, length);
}

std::optional<std::string_view> RecordReader::next() {
    uint64_t synced_before = 0;
    const auto payload = record_at(offset_, synced_before);
    if (!payload) {
        if (bug(Bug::damaged_record_skipped)) {
            for (uint64_t at = offset_ + 1; at + kRecordHeaderBytes < bytes_.size(); ++at) {
                const auto later = record_at(at, synced_before);
                if (!later) continue;
                offset_ = at + kRecordHeaderBytes + later->size();
                return later;
            }
        }
        check_nothing_synced_follows();
        return std::nullopt;
    }
    offset_ += kRecordHeaderBytes + payload->size();
    return payload;
}

void RecordReader::check_nothing_synced_follows() {
    const auto rest = bytes_.substr(offset_);
    const auto first = rest.find_first_not_of('\0');
    if (first == std::string_view::npos) return;
    torn_ = true;
    if (bug(Bug::rot_taken_for_torn_tail)) return;
    uint64_t budget = kBytesLookedAt * bytes_.size();
    for (uint64_t offset = offset_ + 1; offset + kRecordHeaderBytes < bytes_.size(); ++offset) {
        // First what is cheap and what hardly any bytes but a record's have.
        const uint64_t claimed = get_fixed64(bytes_.data() + offset + 8);
        if (claimed <= offset_ || claimed > offset) continue;
        // The first record behind a sync says that all before itself is synced. Others say less,
        // and so do values that happen to look like them: those are checked for a while only.
        if (claimed < offset) {
            const uint64_t length = get_fixed32(bytes_.data() + offset + 4);
            if (length > bytes_.size() - offset || length > budget) continue;
            budget -= length;
        }
        uint64_t synced_before = 0;
        if (record_at(offset, synced_before)) {
            throw Error(ErrorKind::corruption,
                        "a damaged record, with later records behind it that were synced after it",
                        {path_, offset_, {}, {}}, "restore the folder from a backup");
        }
    }
}

}  // namespace lsm
