// Merges sorted runs of entries, newest run first, into one: of each key the newest version stays.
//
// A cascade of two-way merges, of which each keeps a small buffer, shaped so that few steps fall to
// large inputs; one step has no branch that depends on keys. Two inputs meet by number alone, the
// one listed first being the newer, unless `by_sequence` asks for the sequence numbers to decide
// (runs that overtake, see framework/policy/tree_shape.hpp). Memory of an input's tables is given
// back as they are consumed. 3 ns a step and entry. One thread.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "framework/simulate/key_entry.hpp"

namespace lsm::simulate {

/// A run to merge: tables by key, not overlapping.
struct MergeRun {
    std::vector<EntryArray> tables;
    uint64_t entries = 0;  // of all tables
};

class KeyMerge {
  public:
    /// `runs`: newest data first.
    KeyMerge(std::vector<MergeRun> runs, bool by_sequence, EntryPool& pool);
    ~KeyMerge();

    /// Entries with larger numbers are held back until the limit is moved, upwards only. At first
    /// there is none.
    void set_limit(uint64_t largest_number);

    /// Writes up to `most` next entries below the limit; fewer only when there are no more.
    size_t take(KeyEntry* out, size_t most);

    struct Source;

  private:
    struct Window {
        const KeyEntry* begin = nullptr;
        const KeyEntry* end = nullptr;
    };
    struct Leaf;
    template <bool by_sequence>
    struct Pair;

    std::vector<Leaf*> leaves_;
    std::unique_ptr<Source> root_;
};

}  // namespace lsm::simulate
