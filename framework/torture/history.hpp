// A history of what threads did to one tree at the same time, and whether it can have been so: the
// sequence numbers that writes returned say in which order they took effect, and from them follows
// what the tree held at each moment. Held against that:
//   - writes have places of their own, without gaps, and one that ended before another began has
//     the lower place;
//   - a read at a sequence number (snapshot, cursor, transaction) saw just the state at that
//     number, which is between two batches; one without saw the state at some moment between its
//     beginning and its end, and not an older one than a read that had ended before it began;
//   - a transaction that committed had read what was there just before its place; one that
//     conflicted had a reason.
//
// Keys are numbers, values are stamps, each written once; 0 is "not there". Times are from one
// counter for all threads. Checking costs O(n log n) of the history; one thread.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace lsm::torture {

struct HistoryWrite {
    uint32_t first;  // the key
    uint32_t last;   // from first to below last
    uint64_t stamp;  // 0: removed
};

struct HistoryRead {
    uint32_t key;
    uint64_t stamp;
};

struct HistoryEvent {
    enum class Kind { write, read, read_at, transaction, conflict };
    Kind kind = Kind::read;
    uint64_t thread = 0;
    uint64_t begin = 0;  // before the call
    uint64_t end = 0;    // after its return; of a transaction both are of its commit
    /// Of a write and a transaction its last; of read_at the one it was made at; of a conflict that
    /// of the transaction's snapshot.
    uint64_t sequence = 0;
    uint64_t since = 0;                // of a transaction: of its snapshot
    bool made_before = false;          // read_at: the snapshot is older than the call
    std::vector<HistoryWrite> writes;  // a sequence number each
    std::vector<HistoryRead> reads;    // of a read: all at one moment; of a conflict: its key
};

/// The history can not have been.
struct HistoryError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class History {
  public:
    explicit History(uint32_t keys) : keys_(keys) {}
    void add(std::vector<HistoryEvent> events);
    /// Throws HistoryError. Afterwards state_at() may be asked.
    void check();
    /// The stamps of all keys when the write with this number was the last one.
    std::vector<uint64_t> state_at(uint64_t sequence) const;
    uint64_t last_sequence() const { return last_; }
    /// Of all that is in it.
    uint64_t hash() const;

  private:
    struct Version {
        uint64_t sequence;
        uint64_t stamp;
    };

    void order_writes();
    void check_order_of_writes() const;
    void check_reads() const;
    uint64_t check_read(const HistoryEvent& event, uint64_t low, uint64_t high) const;
    void check_state(const HistoryEvent& event, uint64_t at) const;
    void check_transaction(const HistoryEvent& event) const;
    void check_conflict(const HistoryEvent& event, uint64_t high) const;
    bool holds_at(const HistoryEvent& event, uint64_t at) const;
    size_t version_at(uint32_t key, uint64_t at) const;
    bool is_whole(uint64_t sequence) const;

    uint32_t keys_;
    std::vector<HistoryEvent> events_;
    std::vector<const HistoryEvent*> writes_;     // by place
    std::vector<std::vector<Version>> versions_;  // by key, ascending
    uint64_t last_ = 0;
};

}  // namespace lsm::torture
