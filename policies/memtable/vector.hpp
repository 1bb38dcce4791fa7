// No order at all: writes are appended, and sorting waits until somebody needs the order, which is
// a flush or a scan. The fastest inserts there are; find looks at every entry, and every cursor
// sorts a copy. Source: the vector memtable of RocksDB, compared with others in "Mind the Buffer"
// (DBTest 2024).
//
// Not for readers beside a writer: the vector moves when it grows. The tree around it takes the
// lock.
#pragma once

#include <vector>

#include "framework/base/arena.hpp"
#include "framework/policy/memtable.hpp"
#include "framework/policy/memtable/sorted_copy.hpp"
#include "framework/policy/options.hpp"

namespace lsm::memtable {

class Vector {
  public:
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };

    static constexpr std::string_view about =
        "append only, sorted at flush and for every cursor; find looks at all entries";
    static constexpr bool readers_beside_writer = false;

    explicit Vector(const Options&) {}

    void insert(const Entry& entry) {
        Entry kept = entry;
        kept.key = arena_.copy(entry.key);
        kept.value = arena_.copy(entry.value);
        entries_.push_back(kept);
    }

    bool find(std::string_view key, Sequence at, Entry& found) const {
        const uint64_t prefix = key_prefix(key);
        const Entry* newest = nullptr;
        for (const Entry& entry : entries_) {
            if (entry.prefix != prefix || entry.sequence > at || entry.key != key) continue;
            if (newest == nullptr || entry.sequence > newest->sequence) newest = &entry;
        }
        if (newest != nullptr) found = *newest;
        return newest != nullptr;
    }

    SortedCopyCursor cursor() const { return SortedCopyCursor(entries_); }
    uint64_t bytes_used() const {
        return arena_.bytes_used() + entries_.capacity() * sizeof(Entry);
    }

  private:
    Arena arena_;
    std::vector<Entry> entries_;
};

}  // namespace lsm::memtable
