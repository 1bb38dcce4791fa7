#include "framework/simulate/key_memtable.hpp"

#include <algorithm>
#include <bit>

#include "framework/base/hash.hpp"

namespace lsm::simulate {

namespace {

/// Of sorted entries, the newest of each key, which comes first; returns how many stay.
size_t keep_newest(KeyEntry* entries, size_t count) {
    size_t kept = 0;
    uint64_t last = 0;
    for (size_t i = 0; i < count; ++i) {
        const KeyEntry entry = entries[i];
        entries[kept] = entry;
        kept += i == 0 || entry.number != last;
        last = entry.number;
    }
    return kept;
}

}  // namespace

const KeyEntry* KeyMemtable::find(uint64_t number) {
    index_new_entries();
    if (slots_.empty()) return nullptr;
    const uint32_t found = slots_[slot_of(number)];
    return found == 0 ? nullptr : &entries_[found - 1];
}

size_t KeyMemtable::slot_of(uint64_t number) const {
    const size_t mask = slots_.size() - 1;
    size_t slot = mix64(number) & mask;
    while (slots_[slot] != 0 && entries_[slots_[slot] - 1].number != number)
        slot = (slot + 1) & mask;
    return slot;
}

void KeyMemtable::index_new_entries() {
    if (indexed_count_ == entries_.size()) return;
    const size_t wanted = std::bit_ceil(2 * entries_.size());
    if (slots_.size() < wanted) {
        slots_.assign(2 * wanted, 0);
        indexed_count_ = 0;
    }
    for (; indexed_count_ < entries_.size(); ++indexed_count_) {
        slots_[slot_of(entries_[indexed_count_].number)] =
            static_cast<uint32_t>(indexed_count_ + 1);
    }
}

const std::vector<KeyEntry>& KeyMemtable::sorted() {
    if (sorted_count_ == entries_.size()) return sorted_;
    std::vector<KeyEntry> fresh(entries_.begin() + static_cast<std::ptrdiff_t>(sorted_count_),
                                entries_.end());
    sorter_.sort(fresh.data(), fresh.size());
    fresh.resize(keep_newest(fresh.data(), fresh.size()));
    sorted_count_ = entries_.size();
    if (sorted_.empty()) {
        sorted_.swap(fresh);
        return sorted_;
    }
    merged_.resize(sorted_.size() + fresh.size());
    // Of equal keys the first range's comes first: the newer one.
    std::merge(
        fresh.begin(), fresh.end(), sorted_.begin(), sorted_.end(), merged_.begin(),
        [](const KeyEntry& left, const KeyEntry& right) { return left.number < right.number; });
    merged_.resize(keep_newest(merged_.data(), merged_.size()));
    sorted_.swap(merged_);
    return sorted_;
}

void KeyMemtable::clear() {
    entries_.clear();
    ranges_.clear();
    sorted_.clear();
    sorted_count_ = 0;
    if (indexed_count_ > 0) std::fill(slots_.begin(), slots_.end(), 0);
    indexed_count_ = 0;
}

}  // namespace lsm::simulate
