// Makes one sorted run's tables from a merge, as the tree's run writer does (framework/tree/
// run_writer.hpp): a table ends in front of the entry that would come after `table_size` logical
// bytes, and in front of each cut key. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "framework/simulate/key_entry.hpp"
#include "framework/simulate/key_merge.hpp"

namespace lsm::simulate {

/// What a table's shape needs to know of its entries.
struct TableSums {
    uint64_t bytes = 0;
    uint64_t tombstones = 0;
    uint64_t largest_bytes = 0;
    uint32_t oldest_write = UINT32_MAX;
    uint32_t newest_write = 0;

    void add(const KeyEntry* begin, const KeyEntry* end);
};

struct CutPlan {
    uint64_t table_size = 0;
    uint64_t largest_bytes = 0;   // no entry that comes is larger
    uint64_t expected_bytes = 0;  // of an entry, on average
    uint64_t entries = 0;         // no more will come
    std::vector<uint64_t> cuts;   // ascending numbers: tables also end in front of them
    /// Whether a tombstone must stay, asked for ascending numbers; null: all stay.
    std::function<bool(uint64_t number)> keeps_tombstone;
};

class RunCutter {
  public:
    /// Called for each table in order, with the number it got from `next_id` when it was begun.
    using Take = std::function<void(EntryArray entries, const TableSums& sums)>;

    RunCutter(const CutPlan& plan, EntryPool& pool, Take take)
        : plan_(plan), pool_(pool), take_(std::move(take)) {}

    void write(KeyMerge& merge);

    /// Tombstones that did not stay.
    struct Dropped {
        uint64_t count = 0;
        uint64_t sum = 0;  // of their sequence numbers
        Sequence oldest = UINT64_MAX;
    };
    const Dropped& dropped() const { return dropped_; }

  private:
    void write_segment(KeyMerge& merge);
    size_t drop_tombstones(KeyEntry* begin, size_t count);
    void finish_table();
    size_t expected_entries() const;

    const CutPlan& plan_;
    EntryPool& pool_;
    Take take_;
    EntryArray table_;
    TableSums sums_;
    Dropped dropped_;
};

}  // namespace lsm::simulate
