// The write-ahead log: one file per memtable, one record per commit group, so that what was
// acknowledged survives a crash.
//
// The first record of a log is its header: format version, and the number and length of the log
// before it, so that a hole between two logs shows. Every further record holds one batch: the first
// sequence number, a count, and the operations. Recovery reads logs in order and yields a prefix of
// commit order: after a torn tail nothing of later logs is taken. A log ends where the next one
// says that it does: records behind that were refused, since the disk was full for one of their
// group, and their sequence numbers were given to others.
//
// One writer at a time. A failed append or sync poisons the log: later calls throw the first cause.
// After an append that found the disk full the log can still be synced and closed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/entry.hpp"
#include "framework/os/file_system.hpp"

namespace lsm {

inline constexpr uint32_t kLogVersion = 2;

/// What `sync` stands for in YAML: when a write is acknowledged.
enum class SyncMode { none, process, power };

/// A batch in the log: entries have consecutive sequence numbers from `first`.
std::string encode_log_batch(Sequence first, std::span<const Entry> entries);

/// How the log before another one ended.
struct LogEnd {
    uint64_t number = 0;  // 0: there is none
    uint64_t length = 0;
    bool synced = false;  // all of it, before the next log began: being shorter is damage then
};

/// The first record of a log.
struct LogHeader {
    uint32_t version = 0;
    LogEnd previous;
};
/// Error(corruption) at byte 0 of `path`; Error(version).
LogHeader decode_log_header(std::string_view payload, const std::string& path);
/// Any further record: `take` gets each entry. Returns how many; Error(corruption) at `offset`.
uint64_t decode_log_batch(std::string_view payload, const std::string& path, uint64_t offset,
                          const std::function<void(const Entry&)>& take);

class LogWriter {
  public:
    LogWriter(FileSystem& files, const std::string& path, uint64_t number, const LogEnd& previous,
              uint64_t reserve);

    void append(std::string_view payload);
    void sync();
    /// Cuts the file to its length.
    void close();
    uint64_t number() const { return number_; }
    uint64_t length() const { return file_->size(); }
    LogEnd end() const { return {number_, file_->size(), synced_ == file_->size()}; }

  private:
    std::unique_ptr<LogFile> file_;
    uint64_t number_;
    uint64_t synced_ = 0;
};

/// What reading the logs of a folder found, for the report of a recovery.
struct LogRecovery {
    uint64_t batches = 0;
    uint64_t entries = 0;
    std::vector<std::string>
        notes;  // torn tails that were sealed, logs behind them that were not taken
};

/// What one log says. `whole` is false when it has no header or ends in a torn tail: then later
/// logs must not be taken, and neither when the next log's `previous.length` is more than `length`.
struct LogReplay {
    bool has_header = false;
    bool whole = false;
    uint64_t length = 0;
    LogEnd previous;
};
/// What the first record of a log says: has_header and previous are set, if it has one.
LogReplay read_log_header(FileSystem& files, const std::string& path, uint64_t number);
/// Replays one log: `take` gets each entry in commit order, range tombstones among them; its views
/// live until it returns. What lies at or behind byte `end` is no part of it. Damage that no crash
/// explains is Error(corruption), a newer format Error(version).
LogReplay replay_log(FileSystem& files, const std::string& path, uint64_t number,
                     LogRecovery& recovery, const std::function<void(const Entry&)>& take,
                     uint64_t end = UINT64_MAX);

}  // namespace lsm
