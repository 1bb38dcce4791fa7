// Where every byte goes: counters of reads and writes by cause, level and kind of block, fed at the
// FileSystem seam. Amplification is computed from these and from nothing else. Counters are relaxed
// atomics: any thread may add; a snapshot taken while others add is a plausible moment per counter,
// and exact when nothing runs (always so in deterministic mode between operations).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace lsm {

/// Why bytes move.
enum class Cause : uint8_t { log, manifest, flush, compaction, get, scan, recovery, backup, other };
inline constexpr int kCauseCount = 9;
const char* cause_name(Cause cause);

/// What the bytes are.
enum class BlockKind : uint8_t { data, index, filter, meta, record };
inline constexpr int kBlockKindCount = 5;
const char* block_kind_name(BlockKind kind);

/// Levels beyond the last slot are counted in it. Level 0 stands for what has no level (log,
/// manifest).
inline constexpr int kLedgerLevels = 32;

/// What a caller says about each read and write.
struct IoTag {
    Cause cause = Cause::other;
    BlockKind block = BlockKind::meta;
    uint8_t level = 0;
};

struct LedgerCount {
    uint64_t reads = 0;  // calls
    uint64_t read_bytes = 0;
    uint64_t writes = 0;  // calls
    uint64_t written_bytes = 0;
};

/// A copy of all counters, to subtract from a later one.
struct LedgerSnapshot {
    std::array<std::array<std::array<LedgerCount, kBlockKindCount>, kLedgerLevels>, kCauseCount>
        counts{};
    uint64_t syncs = 0;

    /// Sums over the dimensions that are not named.
    LedgerCount total(Cause cause) const;
    LedgerCount total(Cause cause, int level) const;
    LedgerCount total(Cause cause, BlockKind block) const;
    LedgerSnapshot since(const LedgerSnapshot& earlier) const;
};

class Ledger {
  public:
    void add_read(IoTag tag, uint64_t bytes);
    void add_write(IoTag tag, uint64_t bytes);
    void add_sync();
    LedgerSnapshot snapshot() const;

  private:
    struct Counter {
        std::atomic<uint64_t> reads{0}, read_bytes{0}, writes{0}, written_bytes{0};
    };
    Counter& at(IoTag tag);
    const Counter& at(int cause, int level, int block) const;

    std::array<Counter, kCauseCount * kLedgerLevels * kBlockKindCount> counters_;
    std::atomic<uint64_t> syncs_{0};
};

}  // namespace lsm
