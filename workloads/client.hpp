// A client: performs a workload's phases on an engine, one operation at a time, and checks the
// answers against its oracle.
//
// A workload is what all clients of a trial share: the phases, and the codec of the keys. Each
// client owns a share of the keys (live_keys.hpp) and of each phase's operations, and draws from
// random streams of its own, one per purpose: the same seed gives the same operations whatever the
// engine answers.
//
// A store that may drop data on its own (fifo) may miss a key, but only one whose last write no
// table holds any more; of that a single client makes sure as long as the store never merged
// tables. With several clients any key may be missed.
//
// An operation that needs a live key when there is none becomes an insert (read, update,
// read_modify_write, scan) or a delete of an absent key (delete, delete_range); of an exact phase,
// which is to do just so many of each, it waits for a key, and an error says when none will come.
// read_modify_write is one operation and two calls of the engine.
//
// Costs some 100 ns an operation beside the engine's share. A client is used by one thread; several
// clients may share an engine that allows it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/histogram.hpp"
#include "framework/base/random.hpp"
#include "framework/engines/engine.hpp"
#include "framework/engines/numbered_engine.hpp"
#include "framework/os/clock.hpp"
#include "framework/os/file_system.hpp"
#include "workloads/draw_table.hpp"
#include "workloads/key_chooser.hpp"
#include "workloads/key_codec.hpp"
#include "workloads/live_keys.hpp"
#include "workloads/phase.hpp"
#include "workloads/replayer.hpp"

namespace lsm::workloads {

/// What phases make impossible: which of them (from 0) and why; nothing when all is well.
struct WorkloadProblem {
    size_t phase = 0;
    std::string message;
};
std::optional<WorkloadProblem> workload_problem(const std::vector<Phase>& phases,
                                                uint64_t clients = 1);

/// What all clients of a trial share. Immutable.
class Workload {
  public:
    /// `files`: where traces are; the real ones when left out. Error(config) when workload_problem
    /// has one.
    Workload(std::vector<Phase> phases, uint64_t seed, uint64_t clients,
             FileSystem* files = nullptr);

    const std::vector<Phase>& phases() const { return phases_; }
    /// Of the keys of each section, by ascending section.
    const std::vector<KeyCodec>& codecs() const { return codecs_; }
    /// Which of these the phase's keys have.
    size_t section(size_t phase) const { return sections_[phase]; }
    /// Keys by one number over all sections, as KeyCodec::whole makes it: the largest there may be,
    /// and the key of any.
    uint64_t largest_whole() const;
    void encode_whole(uint64_t whole, std::string& key) const;
    FileSystem& files() const { return files_; }
    uint64_t seed() const { return seed_; }
    uint64_t clients() const { return clients_; }
    uint64_t total_operations() const;
    /// How many of `count` things fall to one client.
    uint64_t share(uint64_t count, uint64_t client) const {
        return (count + clients_ - 1 - client) / clients_;
    }
    std::shared_ptr<const ValueMaker> values(size_t phase) const { return values_[phase]; }
    double expected_inserts(size_t phase) const;

  private:
    void make_codecs();
    void make_values();

    std::vector<Phase> phases_;
    uint64_t seed_;
    uint64_t clients_;
    FileSystem& files_;
    std::vector<KeyCodec> codecs_;
    std::vector<size_t> sections_;  // of each phase
    std::vector<std::shared_ptr<const ValueMaker>> values_;
};

/// Kinds of call whose time is told apart.
enum class Timed { put, get, scan, remove };
inline constexpr int kTimedCount = 4;
const char* timed_name(Timed kind);  // "put", "get", "scan", "delete"

/// Times of an engine's calls, in nanoseconds.
using Latencies = std::array<Histogram, kTimedCount>;

class Client {
  public:
    /// `clock`: times every call of the engine; none in deterministic mode. The workload outlives
    /// the client.
    Client(Engine& engine, const Workload& workload, uint64_t client, Clock* clock = nullptr);

    /// Phases are begun in order, each after the one before has no steps left.
    void begin_phase(size_t phase);
    /// Operations of the phase that are still to be done.
    uint64_t remaining() const { return remaining_; }
    /// Performs one operation. Error(corruption) on a wrong answer, whatever the engine throws
    /// otherwise.
    void step();

    /// Of all keys that this client writes.
    uint64_t live_entries() const;
    uint64_t live_bytes() const;
    LiveKeys::Held held_since(uint64_t version) const;
    /// The oracle of the section that the phase uses.
    const LiveKeys& keys() const { return *keys_; }
    uint64_t checked() const { return checked_; }
    const Latencies& latencies() const { return latencies_; }

  private:
    enum Operation {
        kRead,
        kUpdate,
        kInsert,
        kReadModifyWrite,
        kScan,
        kRemove,
        kReadMissing,
        kPut,
        kReadAny,
        kDeleteAny,
        kDeleteRange
    };
    static constexpr int kOperations = 11;

    void choose_keys(size_t phase);
    void weigh_operations();
    void perform();
    Operation choose_operation();
    /// Draws one of those that an exact phase has left, of those that need no live key while there
    /// is none, and takes it away. Error(config) when nothing can be drawn.
    Operation take_exact();
    bool needs_live_key(int operation) const;
    /// What stands for an operation on live keys when there are none, or that is to be empty.
    Operation adapted(Operation operation);
    uint64_t scan_limit();
    uint64_t scan_from();
    void put(uint64_t local);
    /// Writes key_ and value_; ttl 0: for ever.
    void put_for(uint64_t ttl);
    void remove(uint64_t local);
    void remove_missing();
    void remove_range();
    void remove_number(uint64_t number);
    void get(uint64_t local);
    void get_missing();
    void scan();
    template <class Scan>
    void checked_scan(uint64_t from, uint64_t limit, bool backward, Scan scan);
    /// Whether this answer is one to check.
    bool sampled();
    /// Whether the store, which may, has dropped the write of that number.
    bool dropped(uint64_t version);
    [[noreturn]] void fail(const char* call, const std::string& problem) const;
    template <class Call>
    void timed(Timed kind, Call call) {
        if (clock_ == nullptr) return call();
        const uint64_t start = clock_->nanoseconds();
        call();
        latencies_[static_cast<size_t>(kind)].record(clock_->nanoseconds() - start);
    }

    void replay();
    void replay_put(const TraceOperation& operation);
    void replay_get();
    void replay_scan(uint64_t limit);

    Engine& engine_;
    NumberedEngine* const numbered_;  // used where it is there
    const Workload& workload_;
    uint64_t client_;
    Clock* clock_;
    std::vector<std::unique_ptr<LiveKeys>> sections_;
    LiveKeys* keys_ = nullptr;  // of the phase's section
    const KeyCodec* codec_ = nullptr;
    size_t section_ = 0;
    bool may_drop_;
    bool expires_ = false;      // whether anything may
    uint64_t oldest_held_ = 0;  // writes before it are known to be dropped

    const Phase* phase_ = nullptr;
    uint64_t remaining_ = 0;
    uint64_t done_ = 0;  // over all phases
    uint64_t answers_ = 0;
    uint64_t checked_ = 0;
    std::array<uint64_t, kOperations> thresholds_{};  // cumulative, of 2^64
    std::array<uint64_t, kOperations> exact_{};       // left of an exact phase
    std::optional<KeyChooser> choosers_[5];           // the phase's, and those of their own
    KeyChooser* readers_ = nullptr;                   // which of them chooses what is read, ...
    KeyChooser* updaters_ = nullptr;
    KeyChooser* deleters_ = nullptr;
    KeyChooser* scanners_ = nullptr;
    std::optional<CountTable> scan_lengths_;
    std::optional<uint64_t> next_scan_;  // where the next scan starts, of scans that go on
    Random operation_random_{0};
    Random scan_random_{0};
    Random empty_random_{0};
    Random empty_delete_random_{0};

    std::optional<Replayer> replayer_;  // of a replay phase
    ByteKeys trace_keys_;

    uint64_t range_series_ = 0;  // whose oldest entries the next range delete takes

    std::string key_;
    std::string value_;
    std::string range_end_;
    Latencies latencies_;
};

}  // namespace lsm::workloads
