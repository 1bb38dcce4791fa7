// The simulator's write buffer: writes in the order in which they came, sorted when they are
// flushed. What readers need is made when the first of them comes: a hash index for lookups, a
// sorted copy for scans. A workload that only writes pays for neither.
//
// Which memtable policy a tree has makes no difference to when it is flushed or to what is flushed:
// that depends on logical bytes alone. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "framework/simulate/key_entry.hpp"
#include "framework/simulate/key_ranges.hpp"
#include "framework/simulate/key_sort.hpp"

namespace lsm::simulate {

class KeyMemtable {
  public:
    void add(const KeyEntry& entry) { entries_.push_back(entry); }

    void add_range(const KeyRange& range) { ranges_.add(range); }

    size_t entries() const { return entries_.size(); }  // of all versions, range tombstones not
    const GrowingRanges& ranges() const { return ranges_; }
    bool empty() const { return entries_.empty() && ranges_.empty(); }

    /// The newest version of the key; null when it is not here. Valid until the next write.
    const KeyEntry* find(uint64_t number);

    /// The newest version of each key, by number. Valid until the next write.
    const std::vector<KeyEntry>& sorted();

    void clear();

  private:
    void index_new_entries();
    size_t slot_of(uint64_t number) const;

    std::vector<KeyEntry> entries_;
    GrowingRanges ranges_;
    std::vector<KeyEntry> sorted_;
    std::vector<KeyEntry> merged_;
    size_t sorted_count_ = 0;      // how many of entries_ are in there
    std::vector<uint32_t> slots_;  // index into entries_ + 1; 0: free
    size_t indexed_count_ = 0;
    KeySorter sorter_;
};

}  // namespace lsm::simulate
