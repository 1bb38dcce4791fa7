// Range tombstones: "all that was written to [first, last) before this is deleted". A set of them
// is kept cut into fragments: ranges that do not overlap, by key, each with the sequence numbers of
// all range tombstones over it. So what covers a key is one binary search away, however they
// overlapped.
//
// They live beside the entries, never among them: a memtable's, in the tree's slot
// (framework/tree/memtable_ranges.hpp); a table's, in a block of its own and in memory while it is
// open. A table holds the parts that lie in its own key range.
//
// On disk: the number of fragments, then for each its first key, its last (exclusive) key, the
// number of its sequence numbers, and these in descending order. docs/formats.md draws it.
//
// Thread-safety: immutable once made. Cost: newest_covering is O(log fragments + log sequences of
// one); making n of them O(n log n) where they do not overlap, and O(n * overlap) where they do, in
// time and space. Leaves out: sharing of keys and sequence numbers between fragments.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/entry.hpp"

namespace lsm {

/// One range tombstone, or a part of one; first < last. Views.
struct RangeTombstone {
    std::string_view first;
    std::string_view last;  // exclusive
    Sequence sequence = 0;
};

struct RangeFragment {
    std::string first;
    std::string last;                 // exclusive
    std::vector<Sequence> sequences;  // descending, all different, at least one

    bool operator==(const RangeFragment&) const = default;
    /// Both keys for each range tombstone.
    uint64_t logical_bytes() const { return (first.size() + last.size()) * sequences.size(); }
};

class RangeTombstones {
  public:
    RangeTombstones() = default;
    /// From fragments that are ascending, do not overlap, and are right in themselves.
    explicit RangeTombstones(std::vector<RangeFragment> fragments);
    /// Cuts what overlaps and joins what belongs together again: neighbours with equal sequence
    /// numbers become one fragment. The order of the tombstones does not matter.
    static RangeTombstones fragment(const std::vector<RangeTombstone>& tombstones);

    bool empty() const { return fragments_.empty(); }
    const std::vector<RangeFragment>& fragments() const { return fragments_; }
    std::string_view first() const { return fragments_.front().first; }  // not empty() only
    std::string_view last() const { return fragments_.back().last; }     // not empty() only
    /// Range tombstones: one for each fragment and sequence number.
    uint64_t count() const { return count_; }
    uint64_t logical_bytes() const;
    uint64_t memory_bytes() const;

    /// The highest sequence number of at most `at` that covers the key; 0 when there is none.
    Sequence newest_covering(std::string_view key, Sequence at) const;
    /// Appends them as tombstones, which view this.
    void append_to(std::vector<RangeTombstone>& tombstones) const;

    std::string encode() const;
    /// Error(corruption) that names `file` and `offset` when the bytes are no such fragments.
    static RangeTombstones decode(std::string_view bytes, const std::string& file, uint64_t offset);

  private:
    std::vector<RangeFragment> fragments_;
    uint64_t count_ = 0;
};

}  // namespace lsm
