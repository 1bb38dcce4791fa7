// Makes one sorted run's tables from a merge, as the tree's run writer does (framework/tree/
// run_writer.hpp): a table ends in front of the entry that would come after `table_size` logical
// bytes, and in front of each cut key. A range tombstone that spans a cut is cut as well, and what
// is left of it does not count towards the next table's size. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "framework/simulate/key_entry.hpp"
#include "framework/simulate/key_merge.hpp"
#include "framework/simulate/key_rule.hpp"

namespace lsm::simulate {

/// What a table's shape needs to know of its entries.
struct TableSums {
    uint64_t bytes = 0;
    uint64_t tombstones = 0;
    uint64_t largest_bytes = 0;
    uint32_t oldest_write = UINT32_MAX;
    uint32_t newest_write = 0;
    uint64_t expiring = 0;     // values that will expire
    uint64_t last_expiry = 1;  // of these; tombstones are as good as expired
    uint64_t expired = 0;      // tombstones that were values

    /// `lifetimes`: null when no entry expires.
    void add(const KeyEntry* begin, const KeyEntry* end, const Lifetimes* lifetimes);
    /// The same for values that are all of that size and never expire.
    void add_alike(const KeyEntry* begin, const KeyEntry* end, uint64_t entry_bytes);
};

struct CutPlan {
    uint64_t table_size = 0;
    uint64_t largest_bytes = 0;   // no entry that comes is larger
    bool alike = false;           // all are values of that size, and none expires
    uint64_t expected_bytes = 0;  // of an entry, on average
    uint64_t entries = 0;         // no more will come
    std::vector<uint64_t> cuts;   // ascending numbers: tables also end in front of them
    KeyRule* rule = nullptr;      // null: all entries stay, and there are no range tombstones
    const Lifetimes* lifetimes = nullptr;  // null: no entry expires
    uint64_t range_bytes = 0;              // logical, of a range tombstone
};

class RunCutter {
  public:
    /// Called for each table in order; one of the two is not empty. The sums are the entries'.
    using Take = std::function<void(EntryArray entries, KeyRanges ranges, const TableSums& sums)>;

    RunCutter(const CutPlan& plan, EntryPool& pool, Take take)
        : plan_(plan), pool_(pool), take_(std::move(take)) {}

    void write(KeyMerge& merge);

  private:
    void write_until(KeyMerge& merge, uint64_t end);
    void write_segment(KeyMerge& merge);
    bool cut_by_size(KeyMerge& merge);
    void take_range(const KeyRange& range);
    void make_room();
    void finish_table(uint64_t bound);
    bool is_full() const { return sums_.bytes + range_bytes_ >= plan_.table_size; }
    size_t expected_entries() const;

    const CutPlan& plan_;
    EntryPool& pool_;
    Take take_;
    EntryArray table_;
    TableSums sums_;
    KeyRanges ranges_;          // of the table that is being written
    uint64_t range_bytes_ = 0;  // of those that begin in it
};

}  // namespace lsm::simulate
