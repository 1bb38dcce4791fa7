// What the simulator keeps of an entry: the key's number, which write it was, and its size. No
// bytes of key or value are ever made.
//
// 16 bytes an entry, so that a merge moves one word of the machine's widest plain kind. Writes are
// numbered in 31 bits: a simulation ends with an error after two thousand million of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "framework/base/entry.hpp"

namespace lsm::simulate {

inline constexpr Sequence kMostWrites = (uint64_t{1} << 31) - 1;

struct KeyEntry {
    uint64_t number;
    uint32_t write;  // sequence * 2 + 1, or without the 1 for a tombstone
    uint32_t bytes;  // logical: of key and value

    static KeyEntry value(uint64_t number, Sequence sequence, uint64_t bytes) {
        return {number, static_cast<uint32_t>(sequence << 1 | 1), static_cast<uint32_t>(bytes)};
    }
    static KeyEntry tombstone(uint64_t number, Sequence sequence, uint64_t bytes) {
        return {number, static_cast<uint32_t>(sequence << 1), static_cast<uint32_t>(bytes)};
    }
    bool is_tombstone() const { return (write & 1) == 0; }
    Sequence sequence() const { return write >> 1; }
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
            free_[i] = std::move(free_.back());
            free_.pop_back();
            found.set_size(0);
            return found;
        }
        return EntryArray(capacity);
    }
    void give(EntryArray array) {
        if (array.capacity() > 0 && free_.size() < kMost) free_.push_back(std::move(array));
    }

  private:
    static constexpr size_t kMost = 32;
    std::vector<EntryArray> free_;
};

}  // namespace lsm::simulate
