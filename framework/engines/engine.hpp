// One interface over every store that an experiment can drive: lsmlab itself, the simulator, later
// the baselines.
//
// put, remove, get, scan and write may be called from several threads in realtime mode, from one in
// deterministic mode; the rest from one thread while no other call runs, except counters() and
// shape(), which any thread may call at any time. Errors are lsm::Error.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/metrics/engine_counters.hpp"
#include "framework/policy/options.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

class NumberedEngine;
class BulkEngine;

class Engine {
  public:
    virtual ~Engine() = default;
    /// The face that takes numbers for keys (numbered_engine.hpp), of an engine that takes nothing
    /// else; null: this one is to be used.
    virtual NumberedEngine* numbered() { return nullptr; }
    /// The face that takes counts of operations (bulk_engine.hpp), of an engine that takes nothing
    /// else; null: operations are to be performed.
    virtual BulkEngine* bulk() { return nullptr; }
    virtual void put(std::string_view key, std::string_view value) = 0;
    /// A put for `ttl` ticks (operations that write in deterministic mode, milliseconds else);
    /// then the key is not there. Error(config) from an engine that has no time to live.
    virtual void put_for(std::string_view key, std::string_view value, uint64_t ttl);
    virtual void remove(std::string_view key) = 0;
    /// Removes all keys from `first` to below `last`; first < last. Error(config) from an engine
    /// that has no range deletes.
    virtual void remove_range(std::string_view first, std::string_view last);
    /// Fills `value` and returns true when the key is there.
    virtual bool get(std::string_view key, std::string& value) = 0;
    /// Calls `take` with up to `limit` live entries from `from` on, ascending (descending and up to
    /// `from` when `backward`); returns how many.
    virtual uint64_t scan(
        std::string_view from, uint64_t limit, bool backward,
        const std::function<void(std::string_view key, std::string_view value)>& take) = 0;
    virtual void flush() = 0;
    /// Returns once no compaction is running or due.
    virtual void settle() = 0;
    virtual EngineCounters counters() = 0;
    virtual TreeShape shape() = 0;
    /// True when a strategy may drop data on its own (fifo), so that a missing key is no error.
    virtual bool may_drop() const = 0;
    /// Called for every event on the thread that caused it; set before the first operation.
    virtual void on_event(std::function<void(const EngineEvent&)> listener) = 0;
    /// Flushes nothing, closes durably. Further calls are errors.
    virtual void close() = 0;
};

/// What an engine is opened with: the `tree:` part of an experiment, every default filled in.
struct EngineSettings {
    struct Part {
        std::string policy;
        OptionValues options;  // the policy's own
    };
    Part memtable, bloom, filter, format, compaction;
    uint64_t memtable_size = 1 << 20;
    uint64_t table_size = 2 << 20;
    uint64_t block_size = 4096;
    std::string codec = "none";
    std::string log_sync = "process";  // none, process, power
    uint64_t cache_size = 0;
    bool deterministic = true;
    uint64_t background_threads = 2;  // realtime only
    uint64_t seed = 42;
    std::string storage = "memory";  // or a folder
};

/// A setting that the engine of that name could only ignore, which would mislead: its dotted path
/// and the reason. Nothing when all is well.
struct EngineProblem {
    std::string path;
    std::string message;
};
std::optional<EngineProblem> engine_problem(std::string_view name, const EngineSettings& settings);

/// Opens the engine of that name ("lsmlab"); Error(config) for an unknown name or settings that
/// contradict each other.
std::unique_ptr<Engine> open_engine(std::string_view name, const EngineSettings& settings);
/// Names that open_engine takes.
std::vector<std::string> engine_names();

}  // namespace lsm
