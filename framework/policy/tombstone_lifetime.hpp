// Keeps a strategy to the lifetime of tombstones that it promises (Lethe's D_th), and a tree to
// what the strategy needs for that. A strategy is asked after flushes, so the tree has to flush,
// full memtable or not, at the latest when a tombstone has reached its lifetime: then every share
// of its time is over, and the strategy makes it final at that tick. Engine and simulator share
// this.
//
// One writer. A write costs a comparison; a rest and an edit a pass over the table metadata, and
// nothing where no lifetime was promised. Source of the promise: Sarkar et al., "Lethe", SIGMOD
// 2020, section 4.1, which leaves lifetimes below what a memtable takes to fill aside.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "framework/base/error.hpp"
#include "framework/policy/tree_shape.hpp"

namespace lsm {

class TombstoneLifetime {
  public:
    /// Ticks; 0: nothing was promised.
    explicit TombstoneLifetime(uint64_t promised) : promised_(promised) {}

    /// The tick from which on the tree has to flush.
    uint64_t flush_tick() const { return flush_tick_; }

    /// A delete of that tick went into the memtable.
    void note_delete(uint64_t tick) {
        if (promised_ == 0) return;
        memtable_due_ = std::min(memtable_due_, tick + promised_);
        flush_tick_ = std::min(memtable_due_, tables_due_);
    }
    /// The memtable is on its way into a table, and the strategy will be asked.
    void note_flush() { flush_tick_ = memtable_due_ = tables_due_ = kNever; }
    /// The strategy wants nothing more at `now`: what is still too old, no flush will help.
    void note_rest(const TreeShape& shape, uint64_t now) {
        tables_due_ = kNever;
        for_each_with_tombstones(shape, [&](const TableShape& table, int) {
            const uint64_t due = table.oldest_tombstone_tick + promised_;
            if (due > now) tables_due_ = std::min(tables_due_, due);
        });
        flush_tick_ = std::min(memtable_due_, tables_due_);
    }

    /// Error(config) that names strategy, table, level and age when a tombstone is older than
    /// promised at `now` by more than `slack`: the ticks for which nobody could ask the strategy.
    void check(const TreeShape& shape, uint64_t now, uint64_t slack,
               const std::string& strategy) const {
        for_each_with_tombstones(shape, [&](const TableShape& table, int level) {
            const uint64_t age = now - std::min(now, table.oldest_tombstone_tick);
            if (age <= promised_ || age - promised_ <= slack) return;
            throw Error(ErrorKind::config,
                        "compaction policy " + strategy +
                            " promises that no tombstone lives longer than " +
                            std::to_string(promised_) + " ticks, but table " +
                            std::to_string(table.id) + " on level " + std::to_string(level) +
                            " has one that is " + std::to_string(age) + " ticks old",
                        {}, "the fault is in the policy, or in what it was given to promise");
        });
    }

  private:
    static constexpr uint64_t kNever = UINT64_MAX;

    template <class Take>
    void for_each_with_tombstones(const TreeShape& shape, Take take) const {
        if (promised_ == 0) return;
        for (int number = 1; number <= shape.last_level(); ++number) {
            for (const RunShape& run : shape.level(number).runs) {
                for (const TableShape& table : run.tables) {
                    if (table.has_tombstones()) take(table, number);
                }
            }
        }
    }

    uint64_t promised_;
    uint64_t memtable_due_ = kNever;
    uint64_t tables_due_ = kNever;
    uint64_t flush_tick_ = kNever;
};

}  // namespace lsm
