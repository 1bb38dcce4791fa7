// What replaying a trace needs: its operations in order, and an oracle that is keyed by bytes,
// since the keys of a trace are no identifiers. The client performs them (client.hpp).
//
// Values are made up (value_maker.hpp) in the sizes that the trace says. Writes are numbered as
// LiveKeys numbers them. Costs a microsecond or so an operation beside the engine's share, and some
// 100 bytes a live key beside the key. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "workloads/live_keys.hpp"
#include "workloads/phase.hpp"
#include "workloads/trace.hpp"

namespace lsm::workloads {

/// Which keys of a trace are alive, with what.
class ByteKeys {
  public:
    struct Entry {
        uint32_t identifier = 0;  // of the value's stamp
        uint32_t version = 0;     // number of the last write
        uint64_t value_bytes = 0;
        std::shared_ptr<const ValueMaker> values;
    };
    using Map = std::map<std::string, Entry, std::less<>>;

    uint64_t live_entries() const { return entries_.size(); }
    uint64_t live_bytes() const { return live_bytes_; }
    LiveKeys::Held held_since(uint64_t version) const;

    /// Nothing when the key is not there.
    const Entry* find(std::string_view key) const;
    const Map& entries() const { return entries_; }

    /// Notes a write and makes the value to be written.
    void write(const std::string& key, uint64_t value_bytes,
               const std::shared_ptr<const ValueMaker>& values, std::string& value);
    void remove(std::string_view key);
    /// As LiveKeys has them.
    void expire_after(const std::string& key, uint64_t ttl) {
        expiring_.add(writes_ + ttl, writes_, key);
    }
    void expire();
    /// Of the keys from `first` on and before `end`, by one write.
    void remove_range(std::string_view first, std::string_view end);

  private:
    void forget(Map::iterator entry);

    Map entries_;
    ExpiryQueue<std::string> expiring_;
    uint32_t writes_ = 0;
    uint32_t identifiers_ = 0;
    uint64_t live_bytes_ = 0;
};

/// What is wrong with an answer for a key; nothing when all is well. `entry`: what the oracle has.
std::optional<std::string> answer_problem(const ByteKeys::Entry* entry, bool found,
                                          std::string_view value);

/// Holds a range that a store returns against the oracle, entry by entry; lives for one scan.
class TraceScanCheck {
  public:
    TraceScanCheck(const ByteKeys& keys, std::string_view from, bool may_miss)
        : keys_(keys), next_(keys.entries().lower_bound(from)), may_miss_(may_miss) {}

    void take(std::string_view key, std::string_view value);
    void finish(uint64_t limit, uint64_t returned);
    const std::optional<std::string>& problem() const { return problem_; }

  private:
    const ByteKeys& keys_;
    ByteKeys::Map::const_iterator next_;
    bool may_miss_;
    uint64_t taken_ = 0;
    std::optional<std::string> problem_;
};

/// Where the replay has come to: the trace of one phase.
class Replayer {
  public:
    Replayer(const Phase& phase, FileSystem& files, std::shared_ptr<const ValueMaker> values)
        : trace_(files, phase.path.empty() ? phase.file : phase.path, phase.format),
          values_(std::move(values)),
          ticks_(phase.format == "csv" ? 1 : phase.operations_per_second) {}

    /// The next operation, its TTL in ticks. Error(config) when the trace has become shorter.
    const TraceOperation& next();
    uint64_t line() const { return trace_.line(); }
    const std::shared_ptr<const ValueMaker>& values() const { return values_; }

  private:
    TraceReader trace_;
    std::shared_ptr<const ValueMaker> values_;
    uint64_t ticks_;  // that a unit of the trace's TTL stands for
    TraceOperation operation_;
};

}  // namespace lsm::workloads
