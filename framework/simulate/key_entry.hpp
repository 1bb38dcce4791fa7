// What the simulator keeps of an entry: the key's number, which write it was, and its size. No
// bytes of key or value are ever made.
//
// 16 bytes an entry, so that a merge moves one word of the machine's widest plain kind. Writes are
// numbered in 32 bits, as the workload's are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "framework/base/entry.hpp"

namespace lsm::simulate {

inline constexpr Sequence kMostWrites = UINT32_MAX;
inline constexpr uint64_t kMostEntryBytes = UINT32_MAX >> 2;  // of key and value

struct KeyEntry {
    uint64_t number;
    uint32_t write;  // its sequence number
    uint32_t size;   // logical bytes of key and value, times 4; plus 1 for a tombstone, plus 2 for
                     // a value that expires (lifetimes.hpp says when)

    static KeyEntry value(uint64_t number, Sequence sequence, uint64_t bytes) {
        return {number, static_cast<uint32_t>(sequence), static_cast<uint32_t>(bytes << 2)};
    }
    static KeyEntry tombstone(uint64_t number, Sequence sequence, uint64_t bytes) {
        return {number, static_cast<uint32_t>(sequence), static_cast<uint32_t>(bytes << 2 | 1)};
    }
    static KeyEntry expiring(uint64_t number, Sequence sequence, uint64_t bytes) {
        return {number, static_cast<uint32_t>(sequence), static_cast<uint32_t>(bytes << 2 | 2)};
    }
    bool is_tombstone() const { return (size & 1) != 0; }
    bool expires() const { return (size & 2) != 0; }
    uint64_t bytes() const { return size >> 2; }
};

/// A table's entries, in memory that is not initialised. Move-only.
class EntryArray {
  public:
    EntryArray() = default;
    explicit EntryArray(size_t capacity)
        : entries_(std::make_unique_for_overwrite<KeyEntry[]>(capacity)), capacity_(capacity) {}

    KeyEntry* begin() { return entries_.get(); }
    KeyEntry* end() { return entries_.get() + size_; }
    const KeyEntry* begin() const { return entries_.get(); }
    const KeyEntry* end() const { return entries_.get() + size_; }
    size_t size() const { return size_; }
    size_t capacity() const { return capacity_; }
    const KeyEntry& operator[](size_t index) const { return entries_[index]; }
    void set_size(size_t size) { size_ = size; }

  private:
    std::unique_ptr<KeyEntry[]> entries_;
    size_t capacity_ = 0;
    size_t size_ = 0;
};

/// Arrays that were let go, for the next table: memory that is warm already. One thread.
class EntryPool {
  public:
    /// Empty, with room for at least that many.
    EntryArray take(size_t capacity) {
        for (size_t i = free_.size(); i-- > 0;) {
            if (free_[i].capacity() < capacity || free_[i].capacity() > capacity * 5 / 4) continue;
            EntryArray found = std::move(free_[i]);
            held_ -= found.capacity();
            free_[i] = std::move(free_.back());
            free_.pop_back();
            found.set_size(0);
            return found;
        }
        return EntryArray(capacity);
    }
    void give(EntryArray array) {
        if (array.capacity() == 0 || free_.size() >= kMost || held_ + array.capacity() > kMostHeld)
            return;
        held_ += array.capacity();
        free_.push_back(std::move(array));
    }

  private:
    static constexpr size_t kMost = 32;
    static constexpr size_t kMostHeld = size_t{16} << 20;  // entries
    std::vector<EntryArray> free_;
    size_t held_ = 0;
};

}  // namespace lsm::simulate
