// Traces of operations, read line by line from a file. Two formats:
//
// csv: the first line names the columns, in any order; `op` and a key are needed.
//     op           get, put, delete, scan or delete_range
//     key          any bytes; %, comma and bytes that do not print as %25, %2C, ...: or
//     key_base64   the same as base64 (RFC 4648, padded)
//     value_size   bytes, of a put
//     length       entries, of a scan
//     end          first key beyond the range, of a delete_range; or end_base64
//     ttl          operations that a put's entry lives; 0 or empty: for ever
// Empty lines, and lines that begin with #, are passed over.
//
// twitter: no line of names; timestamp in seconds, key, key size, value size, client, operation and
// TTL in seconds, as Yang, Yue and Vinayak describe their cache traces (OSDI 2020). A key may hold
// commas. get and gets look up; set and cas write; delete deletes; add, replace, append, prepend,
// incr and decr look up, and write where the key is absent (add) or there (the others). A key size
// that is not the key's, and a timestamp before the line before's, are damage.
//
// One thread. Errors are lsm::Error of kind config with file, line and column, or of kind io.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/error.hpp"
#include "framework/os/file_system.hpp"
#include "workloads/phase.hpp"

namespace lsm::workloads {

struct TraceOperation {
    enum class Kind {
        get,
        put,
        remove,
        scan,
        delete_range,
        put_if_absent,  // after a look
        put_if_there
    };
    Kind kind = Kind::get;
    std::string key;
    std::string end;           // of a range
    uint64_t value_bytes = 0;  // of a write
    uint64_t length = 0;       // entries, of a scan
    uint64_t ttl = 0;          // in the format's unit; 0: for ever
};

class TraceReader {
  public:
    /// Takes what is wrong with the trace, field by field.
    using Report = std::function<void(const Error&)>;

    /// `format` as in Phase. Error(io) when the file cannot be opened. Without a `report`, the
    /// first thing that is wrong is thrown.
    TraceReader(FileSystem& files, const std::string& path, const std::string& format,
                Report report = {});

    /// The next operation; false at the end of the trace, and where it cannot be read on. After a
    /// report about the line, the operation says nothing.
    bool next(TraceOperation& operation);
    /// Of the line that was read last, from 1.
    uint64_t line() const { return line_; }
    /// Of all lines so far.
    uint64_t fingerprint() const { return fingerprint_; }

  private:
    enum Column { kOp, kKey, kKeyBase64, kValueSize, kLength, kEnd, kEndBase64, kTtl, kColumns };

    bool next_line(std::string& line);
    bool read_names();
    void read_csv(TraceOperation& operation);
    void read_twitter(TraceOperation& operation);
    void check_key(std::string_view text, const std::string& key, const char* what) const;
    std::string_view field(Column column) const;
    std::string_view line_end() const { return std::string_view(text_).substr(text_.size()); }
    uint64_t number(std::string_view text, const char* what, uint64_t largest) const;
    std::string key_bytes(Column plain, Column base64, const char* what) const;
    /// `at`: the part of the line that is wrong.
    void fail(std::string_view at, const std::string& problem,
              const std::string& remedy = {}) const;

    std::string path_;
    bool twitter_;
    Report report_;
    bool ended_ = false;      // before its end, since it cannot be read on
    uint64_t timestamp_ = 0;  // of the line before
    std::unique_ptr<ReadableFile> file_;
    uint64_t size_;
    uint64_t read_ = 0;   // bytes of the file so far
    std::string buffer_;  // of these, with
    size_t place_ = 0;    // those before it consumed
    uint64_t line_ = 0;
    uint64_t fingerprint_ = 0;
    std::string text_;                      // the line
    std::vector<std::string_view> fields_;  // of it
    int columns_[kColumns];                 // where each is among the fields; -1: nowhere
};

/// Reads the phase's trace through, as far as its limit goes, and fills in what only the trace
/// tells: operations, the largest value, the fingerprint, the first TTL. Error(config) where the
/// phase names another fingerprint, or the trace has no operation; one with all that is wrong with
/// the trace's lines, cut off after twenty.
void survey_trace(Phase& phase, FileSystem& files);

/// Error(config) where the phase asks for another fingerprint than that of its trace.
void check_fingerprint(const Phase& phase, uint64_t fingerprint);

}  // namespace lsm::workloads
