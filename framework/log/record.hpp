// Framed records: what the write-ahead log and the manifest are made of.
//
//     offset  size  field
//     0       4     checksum32 of all that follows, seeded with the file's number and the record's
//     offset 4       4     length of the payload, never 0 8       8     bytes of this file that
//     were synced before this record was written 16      n     payload
//
// The seed binds a record to its place, so that bytes left over from another file or offset do not
// pass. The third field tells a torn tail from rot: damage at an offset that a later record says
// was synced can not be the end of a file that a crash cut short. Zeros after the last record are
// the file's reserved space.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lsm {

inline constexpr uint64_t kRecordHeaderBytes = 16;

/// The bytes of a record that will lie at `offset` of file `file_number`. Error(usage) for a
/// payload of 4 GiB or more.
std::string frame_record(std::string_view payload, uint64_t file_number, uint64_t offset,
                         uint64_t synced_before);

/// Reads the records of a whole file that is in memory.
class RecordReader {
  public:
    RecordReader(std::string_view bytes, std::string path, uint64_t file_number)
        : bytes_(bytes), path_(std::move(path)), file_number_(file_number) {}

    /// The next payload, a view into the bytes; nothing at the end, which may be a torn tail.
    /// Damage in front of bytes that were synced is Error(corruption) with file and offset.
    std::optional<std::string_view> next();

    /// Where the next record would begin: after the last one, the length of what is whole.
    uint64_t offset() const { return offset_; }
    /// True after the end when bytes other than zeros follow: a record that a crash cut short.
    bool torn() const { return torn_; }
    /// The payload of a whole record that begins at this very offset.
    std::optional<std::string_view> record_at(uint64_t offset, uint64_t& synced_before) const;

  private:
    void check_nothing_synced_follows();

    std::string_view bytes_;
    std::string path_;
    uint64_t file_number_;
    uint64_t offset_ = 0;
    bool torn_ = false;
};

}  // namespace lsm
